"""What `choose`, `demo` and `evaluate` share: show the plan, follow the run, draw the end."""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from elige.cli.evaluation import print_evaluation
from elige.cli.exits import EXIT_GATE, EXIT_INTERRUPTED
from elige.cli.plan import tell_plan
from elige.cli.progress import progress_view
from elige.cli.verdict import print_json, print_verdict

if TYPE_CHECKING:
    from elige.records import Event, Verdict
    from elige.workbench import ChooseOptions, Evaluated, EvaluateOptions, Evaluation, Plan


def race(
    data: str,
    options: "ChooseOptions",
    *,
    report: Path | None = None,
    dry_run: bool = False,
    strict: bool = False,
    kind: Literal["choose", "demo"] = "choose",
    as_json: bool = False,
) -> None:
    """Plan, run and draw a race; leaves with the exit code of its end."""
    from elige.workbench import Workbench, plan_race, report_run, run_race

    with Workbench.open() as bench:
        plan = plan_race(bench, data, options)
        tell_plan(plan, options)
        if dry_run:
            return
        verdict, interrupted = _followed(run_race(bench, plan, options, kind=kind))
        if report is not None:
            report_run(bench, plan, verdict, report, command=_command())
        _draw(verdict, plan, report, as_json=as_json)
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)
    if strict and not verdict.decided:
        raise typer.Exit(EXIT_GATE)


def evaluate_one(
    data: str,
    options: "EvaluateOptions",
    *,
    dry_run: bool = False,
    as_json: bool = False,
) -> None:
    """Plan, run and draw an evaluation; leaves with the exit code of its end."""
    from elige.workbench import Workbench, plan_evaluation, run_evaluation

    with Workbench.open() as bench:
        plan = plan_evaluation(bench, data, options)
        tell_plan(plan, None)
        if dry_run:
            return
        evaluation = _evaluated(run_evaluation(bench, plan))
    if as_json:
        print_json(evaluation.facts())
    else:
        print_evaluation(evaluation)
    if evaluation.interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)


def _followed(events: "Iterable[Event]") -> "tuple[Verdict, bool]":
    from elige.records import Finished

    with progress_view() as view:
        for event in events:
            if isinstance(event, Finished):
                return event.verdict, event.interrupted
            view.show(event)
    raise RuntimeError("a race ended without a verdict")


def _evaluated(events: "Iterable[Event | Evaluated]") -> "Evaluation":
    from elige.workbench import Evaluated

    with progress_view() as view:
        for event in events:
            if isinstance(event, Evaluated):
                return event.evaluation
            view.show(event)
    raise RuntimeError("an evaluation ended without a result")


def _draw(verdict: "Verdict", plan: "Plan", report: Path | None, *, as_json: bool) -> None:
    from elige.choose.plain import verdict_facts
    from elige.choose.words import headline, remarks

    if as_json:
        where = None if report is None else str(report.absolute())
        facts = verdict_facts(verdict)
        facts.pop("course")
        print_json(facts | {"headline": headline(verdict), "task": plan.task.name, "report": where})
        return
    print_verdict(verdict, headline(verdict), remarks=remarks(verdict))
    if report is not None:
        sys.stdout.write(f"Report: {report.absolute()}\n")


def _command() -> str:
    return shlex.join(["elige", *sys.argv[1:]])
