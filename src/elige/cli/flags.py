"""Flags that several commands share, and how what was said becomes options."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from elige.errors import BadInput

if TYPE_CHECKING:
    from elige.evaluate.options import TaskOptions
    from elige.records import Rotations

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
        help="A file of examples (CSV, TSV, JSON, JSONL, Parquet), a task file (YAML), "
        "builtin:NAME or harness:TASK.",
    ),
]
Limit = Annotated[
    int | None,
    option(
        RACE,
        "--limit",
        metavar="N",
        help="At most so many samples, drawn by the seed (harness: the first).",
    ),
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

ColumnNames = Annotated[
    str,
    option(TASK, "--columns", metavar="NAMES", help="Of a CSV file without a header, with commas."),
]
HarnessData = Annotated[
    str,
    option(TASK, "--data", metavar="FILE", help="The rows to test, for a task of lm-eval."),
]
HarnessMetric = Annotated[
    str,
    option(TASK, "--metric", metavar="NAME", help="Which metric of a task of lm-eval counts."),
]
EstimatesWhat = Annotated[
    str,
    option(
        TASK,
        "--estimates",
        metavar="WHAT",
        help="mean (of the samples' scores), or corpus: the scorer's statistic of the whole file.",
    ),
]
Rotate = Annotated[
    str,
    option(
        TASK,
        "--rotate",
        metavar="N|all",
        help="Ask lettered choices in so many orders; right is who is right in each.",
    ),
]


def task_options(said: Mapping[str, Any]) -> "TaskOptions":
    """What was said of the task, from a command's own variables.

    Raises `BadInput` for a value that does not exist.
    """
    from elige.evaluate.options import TaskOptions

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
        columns=_names(said["columns"]),
        rows_from=said["rows_from"],
        metric=said["metric"],
        max_tokens=_tokens(said["max_tokens"]),
        stop=tuple(said["stop"]) if said["stop"] else None,
        estimates=_known(said["estimates"], "--estimates", ("mean", "corpus")),
        rotations=parse_rotations(said["rotations"]),
    )


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _tokens(count: int | None) -> int | None:
    if count is not None and count < 1:
        raise BadInput(
            f"--max-tokens is {count}; it is at least 1.", hint="For example --max-tokens 256."
        )
    return count


def parse_rotations(text: str) -> "Rotations | None":
    """A number of orders from '3' or 'all'; None for ''.

    Raises `BadInput` for anything else.
    """
    if not text or text == "all":
        return "all" if text else None
    if text.isdecimal() and 0 < int(text) < 1000:
        return int(text)
    raise BadInput(
        f"--rotate is {text!r}, no number of orders.", hint="Write --rotate all or --rotate 2."
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
