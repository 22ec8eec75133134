"""`elige choose`: which model to use on the user's own examples."""

from pathlib import Path
from typing import Annotated

import typer

from elige.cli.flags import (
    FINAL,
    LIMITS,
    RACE,
    SHOWN,
    Answer,
    AsJson,
    ChoiceForm,
    Choices,
    Cluster,
    ColumnNames,
    Context,
    Data,
    DryRun,
    Encoding,
    EstimatesWhat,
    Group,
    HarnessData,
    HarnessMetric,
    Id,
    IndexBase,
    Instruction,
    Kind,
    Limit,
    MaxTokens,
    Normalise,
    Question,
    QuestionTemplate,
    Repeats,
    Rotate,
    ScorerName,
    ScorerOption,
    Seed,
    ShotsFrom,
    Stop,
    option,
    parse_share,
    switch,
    task_options,
)
from elige.records import Preference, Scope

PROPOSED = "Candidates that are proposed"
_BUDGET = "At most so much, and then the verdict: evaluations=500, usd=2, minutes=10."


def choose(
    data: Data,
    candidate: Annotated[
        list[str] | None,
        typer.Option(
            "--candidate",
            "-c",
            metavar="REF[,key=value...]",
            help="One way to run a model: at least two of them, or none: then some are proposed.",
        ),
    ] = None,
    wanted: Annotated[
        str,
        option(
            PROPOSED,
            "--from",
            metavar="SEARCH",
            help="Race what a search finds: 'medicine params:1B-8B may:commercial'.",
        ),
    ] = "",
    top: Annotated[
        int | None, option(PROPOSED, "--top", metavar="N", help="So many of them (up to 6).")
    ] = None,
    yes: Annotated[
        bool, switch(PROPOSED, "--yes", "-y", help="Race what is proposed without asking.")
    ] = False,
    tolerance: Annotated[
        float,
        option(RACE, "--tolerance", metavar="SHARE", help="So close to the best is as good."),
    ] = 0.01,
    confidence: Annotated[
        float,
        option(RACE, "--confidence", metavar="SHARE", help="1 minus the error rate; 1 asks all."),
    ] = 0.95,
    scope: Annotated[
        Scope, option(RACE, "--scope", help="New samples like these, or this list alone.")
    ] = "future",
    limit: Limit = None,
    seed: Seed = 0,
    repeats: Repeats = 1,
    prefer: Annotated[
        Preference, option(RACE, "--prefer", help="Decides among those within the tolerance.")
    ] = "quality",
    budget: Annotated[
        list[str] | None,
        option(LIMITS, "--budget", metavar="UNIT=N", help=_BUDGET),
    ] = None,
    require: Annotated[
        list[str] | None,
        option(LIMITS, "--require", metavar="EXPR", help="A measured bound: 'p95_seconds<2'."),
    ] = None,
    max_memory: Annotated[
        str, option(LIMITS, "--max-memory", metavar="SIZE", help="At most, like 8GB (estimated).")
    ] = "",
    min_context: Annotated[
        int | None, option(LIMITS, "--min-context", metavar="N", help="At least so many tokens.")
    ] = None,
    may: Annotated[
        list[str] | None,
        option(
            LIMITS,
            "--may",
            metavar="USE",
            help="What the licence must allow: commercial, redistribute, train-others or host.",
        ),
    ] = None,
    lock_test: Annotated[
        str, option(FINAL, "--lock-test", metavar="SHARE", help="Keep this part back, like 30%.")
    ] = "",
    final: Annotated[
        bool, switch(FINAL, "--final", help="Look at the part kept back, once.")
    ] = False,
    report: Annotated[
        Path | None, option(SHOWN, "--report", metavar="FILE.html", help="Write a report there.")
    ] = None,
    dry_run: DryRun = False,
    strict: Annotated[
        bool, switch(SHOWN, "--strict", help="Exit with 3 when it cannot be told.")
    ] = False,
    as_json: AsJson = False,
    question: Question = "",
    answer: Answer = "",
    choices: Choices = "",
    context: Context = "",
    id_column: Id = "",
    group: Group = "",
    cluster: Cluster = "",
    index_base: IndexBase = None,
    kind: Kind = "",
    scorer: ScorerName = "",
    scorer_option: ScorerOption = None,
    normalise: Normalise = "",
    choice_format: ChoiceForm = "",
    instruction: Instruction = None,
    question_template: QuestionTemplate = "",
    shots_from: ShotsFrom = "",
    encoding: Encoding = "",
    columns: ColumnNames = "",
    rows_from: HarnessData = "",
    metric: HarnessMetric = "",
    max_tokens: MaxTokens = None,
    stop: Stop = None,
    estimates: EstimatesWhat = "",
    rotations: Rotate = "",
) -> None:
    """Say which candidate to use on DATA_OR_TASK, how sure that is, and why.

    elige choose examples.csv -c smollm2-135m-instruct -c gemma-3-270m

    elige choose examples.csv -c echo,skill=0.9 -c echo --report report.html

    elige choose examples.csv -c echo,skill=0.9 -c echo --budget evaluations=100

    elige choose examples.csv --from 'params:-1B may:commercial' --top 3 --yes
    """
    from elige.cli.racing import race
    from elige.workbench import ChooseOptions

    options = ChooseOptions(
        candidates=tuple(candidate or ()),
        tolerance=tolerance,
        confidence=confidence,
        scope=scope,
        limit=limit,
        repeats=repeats,
        seed=seed,
        prefer=prefer,
        require=tuple(require or ()),
        max_memory=max_memory,
        min_context=min_context,
        may=tuple(may or ()),
        lock_test=parse_share(lock_test, "--lock-test"),
        final=final,
        budget=tuple(budget or ()),
        task=task_options(locals()),
    )
    if wanted.strip() or not candidate:
        from elige.cli.proposing import proposed

        options = proposed(options, wanted=wanted, top=top, yes=yes, as_json=as_json)
    race(data, options, report=report, dry_run=dry_run, strict=strict, as_json=as_json)
