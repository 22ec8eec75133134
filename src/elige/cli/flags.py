"""Flags that several commands share."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from elige.errors import BadInput

if TYPE_CHECKING:
    from elige.evaluate.options import TaskOptions

_TASK = "The task (guessed from the file when left out)"


def _task(*names: str, help: str, metavar: str | None = None) -> Any:  # noqa: ANN401
    return typer.Option(*names, help=help, metavar=metavar, rich_help_panel=_TASK)


Limit = Annotated[int | None, typer.Option(help="At most so many samples, drawn by the seed.")]
Seed = Annotated[int, typer.Option(help="Decides the order, the limit and the examples shown.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]

Question = Annotated[str, _task("--question", metavar="COLUMN", help="What is asked.")]
Answer = Annotated[str, _task("--answer", metavar="COLUMN", help="The right answer.")]
Choices = Annotated[str, _task("--choices", metavar="COLUMNS", help="The options, by comma.")]
Id = Annotated[str, _task("--id", metavar="COLUMN", help="What names a sample.")]
Group = Annotated[str, _task("--group", metavar="COLUMN", help="What ties samples together.")]
Kind = Annotated[str, _task("--kind", help="choice, text, classification or json.")]
ScorerName = Annotated[str, _task("--scorer", help="A scorer's name, or file.py:function.")]
ScorerOption = Annotated[
    list[str] | None, _task("--scorer-option", metavar="KEY=VALUE", help="For the scorer.")
]
Normalise = Annotated[
    str, _task("--normalise", help="Of choices: plain, char, byte, token, unconditional.")
]
ChoiceForm = Annotated[
    str, _task("--choice-format", help="How choices are put: letters, text, continuation.")
]
Instruction = Annotated[str | None, _task("--instruction", help="What opens the prompt.")]
ShotsFrom = Annotated[str, _task("--shots-from", metavar="FILE", help="Examples to show.")]
Encoding = Annotated[str, _task("--encoding", help="Of the file, when it is not UTF-8.")]
MaxTokens = Annotated[int | None, _task("--max-tokens", help="For one answer.")]
Stop = Annotated[list[str] | None, _task("--stop", metavar="TEXT", help="Ends an answer.")]


def task_options(said: Mapping[str, Any]) -> "TaskOptions":
    """What was said of the task, from a command's own variables.

    Raises `BadInput` for a kind or a choice format that does not exist.
    """
    from elige.evaluate.options import TaskOptions

    return TaskOptions(
        question=said["question"],
        answer=said["answer"],
        choices=said["choices"],
        id=said["id_column"],
        group=said["group"],
        kind=_known(said["kind"], "--kind", ("choice", "text", "classification", "json")),
        scorer=said["scorer"],
        scorer_options=tuple(pair(text, "--scorer-option") for text in said["scorer_option"] or ()),
        normalise=said["normalise"],
        choice_format=_known(
            said["choice_format"], "--choice-format", ("letters", "text", "continuation")
        ),
        instruction=said["instruction"],
        shots_from=said["shots_from"],
        encoding=said["encoding"],
        max_tokens=said["max_tokens"],
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
