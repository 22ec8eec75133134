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
from elige.cli.progress import Talk
from elige.cli.screen import print_json
from elige.cli.verdict import print_verdict
from elige.config import read_settings
from elige.errors import EngineDown

if TYPE_CHECKING:
    from elige.records import Event, Verdict
    from elige.workbench import (
        ChooseOptions,
        Estimate,
        Evaluated,
        EvaluateOptions,
        Evaluation,
        Plan,
        Workbench,
    )


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
    from elige.workbench import check_report_path, plan_race, report_run, run_race
    from elige.workbench.choose import limits_of
    from elige.workbench.estimate import estimate

    if report is not None:
        check_report_path(report)
    limits_of(options)  # a limit that cannot be read is told before the work begins
    talk = Talk()
    with _opened(talk) as bench:
        with talk.waiting("reading the task and the candidates"):
            plan = plan_race(bench, data, options)
            expected = estimate(bench, plan)
        tell_plan(plan, options, expected)
        if dry_run:
            _show_plan(plan, expected, as_json=as_json)
            return
        verdict, interrupted = _followed(talk, run_race(bench, plan, options, kind=kind))
        if report is not None:
            with talk.waiting("writing the report"):
                report_run(bench, plan, verdict, report, command=_command())
        _draw(verdict, plan, report, as_json=as_json)
    if interrupted:
        sys.exit(EXIT_INTERRUPTED)
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
    from elige.workbench import plan_evaluation, run_evaluation
    from elige.workbench.estimate import estimate

    talk = Talk()
    with _opened(talk) as bench:
        with talk.waiting("reading the task and the model"):
            plan = plan_evaluation(bench, data, options)
            expected = estimate(bench, plan)
        tell_plan(plan, None, expected)
        if dry_run:
            _show_plan(plan, expected, as_json=as_json)
            return
        evaluation = _evaluated(talk, run_evaluation(bench, plan))
    if as_json:
        print_json(evaluation.facts())
    else:
        print_evaluation(evaluation)
    if evaluation.interrupted:
        sys.exit(EXIT_INTERRUPTED)


def _show_plan(plan: "Plan", expected: "Estimate", *, as_json: bool) -> None:
    """The plan on stdout, where JSON was asked for; in words it was told already."""
    from elige.workbench import plan_facts

    if as_json:
        print_json(plan_facts(plan, expected))


def _opened(talk: Talk) -> "Workbench":
    """The workbench, with its notices on stderr."""
    from elige.workbench import Workbench

    return Workbench(read_settings(), say=talk.say)


def _followed(talk: Talk, events: "Iterable[Event]") -> "tuple[Verdict, bool]":
    from elige.records import Failed, Finished

    why = ""
    with talk.view() as view:
        for event in events:
            if isinstance(event, Finished):
                measured = sum(one.evaluated for one in event.verdict.candidates)
                if why and not measured and not event.interrupted:
                    raise _nothing_answered("No candidate answered anything", why)
                return event.verdict, event.interrupted
            why = event.why if isinstance(event, Failed) else why
            view.show(event)
    raise RuntimeError("a race ended without a verdict")


def _evaluated(talk: Talk, events: "Iterable[Event | Evaluated]") -> "Evaluation":
    from elige.records import Failed
    from elige.workbench import Evaluated

    why = ""
    with talk.view() as view:
        for event in events:
            if isinstance(event, Evaluated):
                found = event.evaluation
                if why and not found.standing.evaluated and not found.interrupted:
                    raise _nothing_answered(f"{found.standing.name} answered nothing", why)
                return found
            why = event.why if isinstance(event, Failed) else why
            view.show(event)
    raise RuntimeError("an evaluation ended without a result")


def _nothing_answered(what: str, why: str) -> EngineDown:
    return EngineDown(
        f"{what}: {why.rstrip('.')}.",
        hint="Check the reference and that its server runs; the same command again goes on.",
    )


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
