"""The words around a sample when the user gives none, by kind of task."""

from collections.abc import Sequence

from elige.evaluate.kinds import json_fields
from elige.evaluate.scorers.code_text import AFTER_A_FUNCTION, is_code
from elige.records import ChoiceFormat, PromptForm, TaskKind

LETTERS = "Answer each question with the letter of the right choice, and nothing else."
CONTINUES = (
    "Choose how the text goes on. Answer with the letter of the best choice, and nothing else."
)
FOLLOWS = "Answer with JSON and nothing else. It must be valid against this JSON Schema:"
_CODE = (
    "Write Python for this. Answer with the whole code in one block that begins with ```python "
    "and ends with ```."
)
_PROGRAM = (
    "Solve this with a Python program that prints the final answer, and nothing else. Answer "
    "with the whole code in one block that begins with ```python and ends with ```."
)
_GOES_ON, _OPENS = "{question}\n", "```python\n"
_BRIEF = "Answer each question briefly, with the answer alone."
_WORKING = "Solve each problem step by step, and end with the final answer as a number."

# A weighed choice needs none; the room is for models that are asked in words and reason first.
_TOKENS = {
    "last_number": 320,
    "number": 320,
    "json_schema": 512,
    "contains": 64,
    "exact": 64,
    "regex": 256,
    "python_tests": 768,
    "python_output": 768,
}
_KIND_TOKENS: dict[TaskKind, int] = {
    "choice": 1024,
    "classification": 1024,
    "json": 512,
    "text": 256,
}


def default_max_tokens(kind: TaskKind, scorer: str) -> int:
    """How many tokens an answer may take where nobody says otherwise."""
    return _TOKENS.get(scorer, 256) if kind == "text" else _KIND_TOKENS[kind]


def default_form(kind: TaskKind, choice_format: ChoiceFormat, context: str = "") -> PromptForm:
    """Templates for a task, without an instruction; `context` is a column read first.

    Choices as letters look as in MMLU (Hendrycks et al. 2021), continuations as in HellaSwag
    (Zellers et al. 2019).
    """
    before = f"{{{context}}}\n\n" if context else ""
    if kind == "choice" and choice_format == "continuation":
        return PromptForm(question=before + "{question}", choice_format=choice_format)
    ask, reply, chat = "Question: {question}", "Answer:", "{question}"
    if kind == "choice" and choice_format == "letters":
        ask, chat = ask + "\n{choices}", "{question}\n\n{choices}"
    elif kind == "classification":
        ask, reply = "Text: {question}", "Label:"
    elif kind == "json":
        ask, reply = "Input: {question}", "JSON:"
    return PromptForm(
        question=f"{before}{ask}\n{reply}", chat=before + chat, choice_format=choice_format
    )


def code_form(scorer: str, question: str) -> PromptForm | None:
    """Templates for a task whose answers are code, from its first question; None for others.

    In a plain text a head of a function goes on by itself; prose is followed by an open block.
    """
    if scorer not in {"python_tests", "python_output"}:
        return None
    words = _CODE if scorer == "python_tests" else _PROGRAM
    if scorer == "python_tests" and is_code(question):
        # A cell's own spaces around it are gone, the indent of a function's body with them.
        chat = f"{words}\n\n{{question}}"
        return PromptForm(question=_GOES_ON, answer="    {answer}", chat=chat)
    asked = f"{words}\n\n{{question}}"
    return PromptForm(question=f"{asked}\n\n{_OPENS}", answer="{answer}", chat=asked)


def code_stops(form: PromptForm) -> tuple[str, ...]:
    """Where code ends in a plain text, by the form that it was asked in; () for other forms."""
    if form.question == _GOES_ON:
        return AFTER_A_FUNCTION
    return ("\n```",) if form.question.endswith(_OPENS) else ()


def default_instruction(
    kind: TaskKind, scorer: str, form: PromptForm, *, labels: Sequence[str], targets: Sequence[str]
) -> str:
    """What opens the prompt; '' where the question says enough."""
    if kind == "choice":
        return LETTERS if form.choice_format == "letters" else ""
    if kind == "classification":
        return f"Answer with one of these labels: {', '.join(labels)}."
    if kind == "json":
        return f"Answer with a JSON object of these fields: {', '.join(json_fields(targets))}."
    if scorer in {"last_number", "number"}:
        return _WORKING
    return _BRIEF if scorer in {"contains", "exact"} else ""
