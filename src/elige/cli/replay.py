"""`elige replay`: what racing saves, and how often it is wrong, on known answers."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from elige.cli.exits import EXIT_INTERRUPTED
from elige.cli.flags import RACE, AsJson, option
from elige.cli.progress import Talk
from elige.cli.replay_table import print_replay
from elige.cli.screen import print_json
from elige.records import Scope

if TYPE_CHECKING:
    from elige.choose.replay import Matrix
    from elige.workbench import Replaying, ReplayOptions, ReplayResult


def replay(
    matrices: Annotated[
        list[Path],
        typer.Argument(
            metavar="MATRIX",
            help="Scores from 0 to 1, known for every model on every sample: CSV or Parquet with "
            "a row a model and its name first, or .npz with X and models. Several may be given.",
        ),
    ],
    models: Annotated[
        int, typer.Option("--models", metavar="K", help="So many random models in each draw.")
    ] = 10,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", help="So many draws from each matrix.")
    ] = 300,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            "-m",
            metavar="NAME",
            help="race (where none is named), hoeffding, bernstein, subset-100, subset-400, "
            "halving, ucb-e, posterior; all for each of them. May be repeated.",
        ),
    ] = None,
    cost: Annotated[
        Path | None,
        typer.Option("--cost", metavar="FILE", help="Each model's name and what an answer costs."),
    ] = None,
    tolerance: Annotated[
        float,
        option(RACE, "--tolerance", metavar="SHARE", help="So close to the best is as good."),
    ] = 0.01,
    confidence: Annotated[
        float,
        option(RACE, "--confidence", metavar="SHARE", help="1 minus the error rate; 1 asks all."),
    ] = 0.95,
    scope: Annotated[
        Scope,
        option(RACE, "--scope", help="The matrix is the whole list, or what samples come from."),
    ] = "list",
    prefer: Annotated[
        Literal["quality", "cost"],
        option(RACE, "--prefer", help="The best, or the cheapest within the tolerance."),
    ] = "quality",
    batches: Annotated[
        Literal["growing", "one"],
        option(RACE, "--batches", help="Growing by a quarter, as choose has it, or one by one."),
    ] = "growing",
    seed: Annotated[
        int, option(RACE, "--seed", metavar="N", help="Decides the draws; alike for every method.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Replay races on known answers: what is saved, and how often it is wrong.

    elige replay scores.csv --tolerance 0.03

    elige replay scores.npz --method all --draws 100 --json
    """
    from elige.workbench import ReplayOptions, matrices_of

    options = ReplayOptions(
        models=models,
        draws=draws,
        tolerance=tolerance,
        confidence=confidence,
        scope=scope,
        prefer=prefer,
        batches=batches,
        methods=tuple(method or ()),
        cost="" if cost is None else str(cost),
        seed=seed,
    )
    talk = Talk()
    try:
        with talk.waiting("reading the scores"):
            given = matrices_of(matrices)
        found = _followed(talk, given, options)
    except KeyboardInterrupt:
        talk.say("elige: Interrupted before there was anything to show.")
        sys.exit(EXIT_INTERRUPTED)
    for notice in found.notices:
        talk.say(notice)
    if as_json:
        print_json(found.facts())
    else:
        print_replay(found)
    if found.interrupted:
        sys.exit(EXIT_INTERRUPTED)


def _followed(talk: Talk, matrices: "list[Matrix]", options: "ReplayOptions") -> "ReplayResult":
    """Run to the end, with a line every two seconds."""
    from elige.workbench import ReplayResult, run_replay

    so_far = "drawing the first models"
    with talk.counting(lambda: so_far):
        for event in run_replay(matrices, options):
            if isinstance(event, ReplayResult):
                return event
            so_far = _words(event)
    raise RuntimeError("a replay ended without a result")


def _words(event: "Replaying") -> str:
    which = "" if event.matrices == 1 else f" ({event.place} of {event.matrices})"
    return f"{event.matrix}{which}: {event.done} of {event.draws} draws"
