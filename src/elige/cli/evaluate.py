"""`elige evaluate`: one candidate on every sample."""

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
    task_options,
)


def evaluate(
    data: Annotated[str, typer.Argument(metavar="DATA_OR_TASK", help="File, task file, builtin.")],
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="REF[,key=value...]", help="What to evaluate.")
    ],
    limit: Limit = None,
    seed: Seed = 0,
    dry_run: Annotated[bool, typer.Option(help="Show the prompts and stop.")] = False,
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
    """Score MODEL on every sample of DATA_OR_TASK, with an interval.

    elige evaluate examples.csv --model smollm2-135m-instruct,shots=5 --limit 200
    """
    from elige.cli.racing import evaluate_one
    from elige.workbench import EvaluateOptions

    options = EvaluateOptions(model=model, limit=limit, seed=seed, task=task_options(locals()))
    evaluate_one(data, options, dry_run=dry_run, as_json=as_json)
