"""Flags that several commands share, and how what was said becomes options."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from elige.errors import BadInput

if TYPE_CHECKING:
    from elige.evaluate.options import TaskOptions

# The panels of the help, in the order in which a command's parameters first name them.
RACE, LIMITS, FINAL, SHOWN, TASK = (
    "How sure, and of what",
    "Hard limits, whatever the quality",
    "A final look",
    "What is shown",
    "The task (guessed from the file where left out)",
)


def option(panel: str, *names: str, help: str, metavar: str | None = None) -> Any:  # noqa: ANN401
    """An option that takes a value, in a panel of the help."""
    return typer.Option(*names, help=help, metavar=metavar, rich_help_panel=panel)


def switch(panel: str, *names: str, help: str) -> Any:  # noqa: ANN401 - as above
    """An option that takes no value, in a panel of the help."""
    return typer.Option(*names, help=help, metavar="", rich_help_panel=panel)


Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA_OR_TASK",
        help="A file of examples (CSV, TSV, JSON, JSONL, Parquet), a task file (YAML) or "
        "builtin:NAME.",
    ),
]
Limit = Annotated[
    int | None,
    option(RACE, "--limit", metavar="N", help="At most so many samples, drawn by the seed."),
]
Seed = Annotated[
    int,
    option(RACE, "--seed", metavar="N", help="Decides the order, the limit, the examples shown."),
]
JudgeLabels = Annotated[
    str,
    option(
        TASK,
        "--judge-labels",
        metavar="FILE",
        help="What people say of answers (id or question, answer, label): how far a judge agrees.",
    ),
]
Repeats = Annotated[
    int,
    option(RACE, "--repeats", metavar="N", help="Ask each sample so often: the noise of sampling."),
]
DryRun = Annotated[bool, switch(SHOWN, "--dry-run", help="Show the plan and the prompts, stop.")]
AsJson = Annotated[bool, switch(SHOWN, "--json", help="Print one JSON object instead of text.")]

Question = Annotated[str, option(TASK, "--question", metavar="COLUMN", help="What is asked.")]
Answer = Annotated[str, option(TASK, "--answer", metavar="COLUMN", help="The right answer.")]
Choices = Annotated[
    str, option(TASK, "--choices", metavar="COLUMNS", help="The options, parted by commas.")
]
Context = Annotated[
    str, option(TASK, "--context", metavar="COLUMN", help="A text that the question is about.")
]
Id = Annotated[str, option(TASK, "--id", metavar="COLUMN", help="What names a sample.")]
Group = Annotated[
    str, option(TASK, "--group", metavar="COLUMN", help="What samples have in common: a subject.")
]
Cluster = Annotated[
    str,
    option(TASK, "--cluster", metavar="COLUMN", help="What samples share: a passage, a document."),
]
IndexBase = Annotated[
    int | None,
    option(TASK, "--index-base", metavar="0|1", help="The number of the first choice."),
]
Kind = Annotated[
    str, option(TASK, "--kind", metavar="KIND", help="choice, text, classification or json.")
]
ScorerName = Annotated[
    str, option(TASK, "--scorer", metavar="NAME", help="A scorer's name, or file.py:function.")
]
ScorerOption = Annotated[
    list[str] | None,
    option(TASK, "--scorer-option", metavar="KEY=VALUE", help="For the scorer; may be repeated."),
]
Normalise = Annotated[
    str,
    option(
        TASK,
        "--normalise",
        metavar="HOW",
        help="Log-probabilities of choices: plain, char, byte, token or unconditional.",
    ),
]
ChoiceForm = Annotated[
    str,
    option(
        TASK,
        "--choice-format",
        metavar="HOW",
        help="Choices are put as letters, text or continuation.",
    ),
]
Instruction = Annotated[
    str | None, option(TASK, "--instruction", metavar="TEXT", help="What opens the prompt.")
]
QuestionTemplate = Annotated[
    str,
    option(
        TASK,
        "--question-template",
        metavar="TEXT",
        help="How a sample is put, with columns in braces: 'Q: {question}'.",
    ),
]
ShotsFrom = Annotated[
    str, option(TASK, "--shots-from", metavar="FILE", help="Examples to show (see shots=).")
]
Encoding = Annotated[
    str, option(TASK, "--encoding", metavar="NAME", help="Of the file, when it is not UTF-8.")
]
MaxTokens = Annotated[
    int | None, option(TASK, "--max-tokens", metavar="N", help="At most, for one answer.")
]
Stop = Annotated[
    list[str] | None,
    option(TASK, "--stop", metavar="TEXT", help="Ends an answer; may be repeated."),
]


def task_options(said: Mapping[str, Any]) -> "TaskOptions":
    """What was said of the task, from a command's own variables.

    Raises `BadInput` for a value that does not exist.
    """
    from elige.evaluate.options import TaskOptions

    max_tokens = said["max_tokens"]
    if max_tokens is not None and max_tokens < 1:
        raise BadInput(
            f"--max-tokens is {max_tokens}; it is at least 1.", hint="For example --max-tokens 256."
        )
    base = said["index_base"]
    if base not in {None, 0, 1}:
        raise BadInput(f"--index-base is {base}.", hint="Say --index-base 0 or --index-base 1.")
    return TaskOptions(
        question=said["question"],
        answer=said["answer"],
        choices=said["choices"],
        context=said["context"],
        id=said["id_column"],
        group=said["group"],
        cluster=said["cluster"],
        index_base=base,
        kind=_known(said["kind"], "--kind", ("choice", "text", "classification", "json")),
        scorer=said["scorer"],
        scorer_options=tuple(pair(text, "--scorer-option") for text in said["scorer_option"] or ()),
        normalise=said["normalise"],
        choice_format=_known(
            said["choice_format"], "--choice-format", ("letters", "text", "continuation")
        ),
        instruction=said["instruction"],
        question_template=said["question_template"],
        shots_from=said["shots_from"],
        encoding=said["encoding"],
        max_tokens=max_tokens,
        stop=tuple(said["stop"]) if said["stop"] else None,
    )


def parse_share(text: str, flag: str) -> float | None:
    """A share from '30%' or '0.3'; None for ''.

    Raises `BadInput` for anything else.
    """
    if not text:
        return None
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise BadInput(f"{flag} is {text!r}, no share.", hint=f"Write {flag} 30%.") from error


def pair(text: str, flag: str) -> tuple[str, str]:
    """Key and value of 'KEY=VALUE'.

    Raises `BadInput` when there is no '='.
    """
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise BadInput(f"{flag} {text!r} has no '='.", hint=f"Write {flag} KEY=VALUE.")
    return key.strip(), value


def _known(value: str, flag: str, known: tuple[str, ...]) -> Any:  # noqa: ANN401 - a literal
    if value and value not in known:
        raise BadInput(f"{flag} {value!r} is not known.", hint=f"Known: {', '.join(known)}.")
    return value or None
