"""`elige choose`: which model to use on the user's own examples."""

from pathlib import Path
from typing import Annotated

import typer

from elige.cli.flags import (
    Answer,
    AsJson,
    ChoiceForm,
    Choices,
    Encoding,
    Group,
    Id,
    Instruction,
    Kind,
    Limit,
    MaxTokens,
    Normalise,
    Question,
    ScorerName,
    ScorerOption,
    Seed,
    ShotsFrom,
    Stop,
    parse_share,
    task_options,
)
from elige.records import Preference, Scope


def choose(
    data: Annotated[str, typer.Argument(metavar="DATA_OR_TASK", help="File, task file, builtin.")],
    candidate: Annotated[
        list[str],
        typer.Option("--candidate", "-c", metavar="REF[,key=value...]", help="One way to run."),
    ],
    tolerance: Annotated[float, typer.Option(help="As good as the best: this close.")] = 0.01,
    confidence: Annotated[float, typer.Option(help="1 minus the error rate; 1: ask all.")] = 0.95,
    scope: Annotated[Scope, typer.Option(help="Samples like these, or this list.")] = "future",
    limit: Limit = None,
    seed: Seed = 0,
    prefer: Annotated[
        Preference, typer.Option(help="Among those within the tolerance.")
    ] = "quality",
    require: Annotated[
        list[str] | None, typer.Option(metavar="EXPR", help="A bound: 'p95_seconds<2'.")
    ] = None,
    max_memory: Annotated[str, typer.Option(help="At most this memory, like 8GB.")] = "",
    min_context: Annotated[int | None, typer.Option(help="At least so many tokens.")] = None,
    may: Annotated[
        list[str] | None, typer.Option(help="A use the licence must allow: commercial.")
    ] = None,
    lock_test: Annotated[str, typer.Option(help="Keep this share back, like 30%.")] = "",
    final: Annotated[bool, typer.Option(help="One final look at the part kept back.")] = False,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write it.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Show the prompts and stop.")] = False,
    strict: Annotated[bool, typer.Option(help="Exit 3 when nothing can be told.")] = False,
    as_json: AsJson = False,
    question: Question = "",
    answer: Answer = "",
    choices: Choices = "",
    id_column: Id = "",
    group: Group = "",
    kind: Kind = "",
    scorer: ScorerName = "",
    scorer_option: ScorerOption = None,
    normalise: Normalise = "",
    choice_format: ChoiceForm = "",
    instruction: Instruction = None,
    shots_from: ShotsFrom = "",
    encoding: Encoding = "",
    max_tokens: MaxTokens = None,
    stop: Stop = None,
) -> None:
    """Say which candidate to use on DATA_OR_TASK, how sure that is, and why.

    elige choose examples.csv -c smollm2-135m-instruct -c gemma-3-270m --report report.html
    """
    from elige.cli.racing import race
    from elige.workbench import ChooseOptions

    options = ChooseOptions(
        candidates=tuple(candidate),
        tolerance=tolerance,
        confidence=confidence,
        scope=scope,
        limit=limit,
        seed=seed,
        prefer=prefer,
        require=tuple(require or ()),
        max_memory=max_memory,
        min_context=min_context,
        may=tuple(may or ()),
        lock_test=parse_share(lock_test, "--lock-test"),
        final=final,
        task=task_options(locals()),
    )
    race(data, options, report=report, dry_run=dry_run, strict=strict, as_json=as_json)
