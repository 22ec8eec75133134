"""`elige evaluate`: one candidate on every sample."""

from typing import Annotated

import typer

from elige.cli.flags import (
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
    JudgeLabels,
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
    task_options,
)


def evaluate(
    data: Data,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="REF[,key=value...]", help="What to evaluate.")
    ],
    limit: Limit = None,
    seed: Seed = 0,
    repeats: Repeats = 1,
    dry_run: DryRun = False,
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
    judge_labels: JudgeLabels = "",
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
    """Score MODEL on every sample of DATA_OR_TASK, with an interval.

    elige evaluate examples.csv --model smollm2-135m-instruct --limit 200

    elige evaluate harness:gsm8k --model smollm2-135m-instruct --limit 20
    """
    from elige.cli.racing import evaluate_one
    from elige.workbench import EvaluateOptions

    options = EvaluateOptions(
        model=model,
        limit=limit,
        seed=seed,
        repeats=repeats,
        judge_labels=judge_labels,
        task=task_options(locals()),
    )
    evaluate_one(data, options, dry_run=dry_run, as_json=as_json)
