"""Where everybody ended, and what can be done with the run next."""

import shlex
from dataclasses import dataclass

from elige.choose.amounts import points
from elige.choose.report.data import Report
from elige.records import Status

_EQUAL = "as good as the best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Candidates that ended alike: what is known of them, how it is known, and their names."""

    status: str
    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A command that goes on with the run, and what it is for."""

    what: str
    command: str


def ended(report: Report) -> tuple[Group, ...]:
    """The tied set first: who is good enough, who may be, who is not; no group without anybody."""
    verdict = report.verdict
    shown = "counted" if verdict.confidence >= 1 else "shown"
    near = f"at most {points(verdict.tolerance)} below the best"
    ahead, tied, still = (
        _named(report, one) for one in (Status.WINNER, Status.WITHIN, Status.OPEN)
    )
    good, may_be = (*ahead, *tied), still
    told = "Open: neither shown to be good enough nor to be worse"
    if not verdict.decided:
        good, may_be = tied, (*ahead, *still)
        told = "Not told apart: each of them may be the best"
    groups = (
        ("within", f"Good enough: {shown} to be {near if verdict.tolerance else _EQUAL}", good),
        ("open", told, may_be),
        ("beaten", f"Beaten: {shown} to be worse than the best", _named(report, Status.BEATEN)),
        ("rejected", "Rejected: breaks a limit that was set", _named(report, Status.REJECTED)),
    )
    return tuple(
        Group(status=status, label=label, names=names) for status, label, names in groups if names
    )


def _named(report: Report, status: Status) -> tuple[str, ...]:
    return tuple(one.name for one in report.standings if one.status is status)


def next_commands(report: Report) -> tuple[Next, ...]:
    """Commands with this run's id in them; none where it has no id."""
    run = report.verdict.run
    if not run:
        return ()
    exports = [
        Next(what=what, command=f"elige runs export {shlex.quote(run)} --format {form}")
        for form, what in (
            ("json", "Everything, for programs"),
            ("csv", "A row for each candidate"),
            ("markdown", "The verdict and the table, for a text"),
            ("model-card", "The lines of a model card"),
            (
                "eval-results --dataset ORG/NAME --task-id ID",
                "A results file for the hub, where the benchmark is one of the hub’s",
            ),
        )
    ]
    measured = [one.name for one in report.standings if one.evaluated]
    if len(measured) < 2:
        return tuple(exports)
    a, b = (shlex.quote(name) for name in measured[:2])
    return (
        *exports,
        Next(
            what="Two candidates side by side",
            command=f"elige compare {shlex.quote(run)} --a {a} --b {b}",
        ),
        Next(
            what="Whether several of them together do better",
            command=f"elige combine {shlex.quote(run)}",
        ),
    )
