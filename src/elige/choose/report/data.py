"""Everything a report is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from elige.records import (
    Answer,
    Candidate,
    EngineInfo,
    FactKind,
    Prices,
    Sample,
    Score,
    Standing,
    Status,
    Task,
    Verdict,
)

_ORDER = (Status.WINNER, Status.WITHIN, Status.OPEN, Status.BEATEN, Status.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """One candidate, what its engine says of itself, and the hash its answers are kept under.

    `info` is None for one that was rejected before it was opened. `prices` come with how they
    are known and from where; None means that no price is known.
    """

    candidate: Candidate
    info: EngineInfo | None = None
    digest: str = ""
    prices: Prices | None = None
    prices_kind: FactKind = FactKind.DECLARED
    prices_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one candidate was sent for a sample, what it answered, and what that was worth."""

    prompt: str
    answer: Answer
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """One sample at its place in the race's order (from zero), by candidate name what it got."""

    sample: Sample
    position: int
    seen: Mapping[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A verdict with its evidence.

    `created` is an ISO date or time, `command` the line that was typed, `looks` counts how often
    this file has been looked at, this time included, `kept_back` the samples locked away for a
    final look. `rows` stand in the race's order.
    """

    verdict: Verdict
    task: Task
    candidates: tuple[CandidateFacts, ...]
    rows: Sequence[SampleRow] = ()
    elige_version: str
    created: str
    machine: str = ""
    looks: int = 1
    seed: int = 0
    command: str = ""
    kept_back: int = 0

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The candidates in the order shown: winner, within, open, beaten, rejected."""
        return tuple(
            sorted(
                self.verdict.candidates,
                key=lambda one: (_ORDER.index(one.status), -(one.score or 0.0)),
            )
        )

    @property
    def letters(self) -> dict[str, str]:
        """A letter for each candidate, in the order shown: A to Z, then AA, AB, ..."""
        return {one.name: _letter(at) for at, one in enumerate(self.standings)}

    def facts(self, name: str) -> CandidateFacts | None:
        """What is known of the candidate called `name`."""
        return next((one for one in self.candidates if one.candidate.name == name), None)


def _letter(at: int) -> str:
    more, at = divmod(at, 26)
    return (_letter(more - 1) if more else "") + chr(ord("A") + at)
