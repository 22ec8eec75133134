"""What a race found out."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from elige.records.budget import Allowance

Scope = Literal["future", "list"]
Preference = Literal["quality", "cost", "speed"]
Interval = tuple[float, float]


class Status(StrEnum):
    """How a candidate ended."""

    WINNER = "winner"
    WITHIN = "within"
    BEATEN = "beaten"
    OPEN = "open"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One candidate at the end (or in the middle) of a race.

    `score` is its mean over the samples it answered, `interval` that mean's confidence
    interval, valid at any stopping time and for all candidates at once. `difference` is its
    mean minus the winner's on the samples both answered, `difference_interval` likewise
    simultaneous. All are None before anything is known. `more_needed` estimates how many more
    samples would settle an open one. `seconds` is the time spent answering, `seconds_each` the
    median for one answer, `p95_seconds` its 95th percentile. Costs are US dollars, None when no
    price is known. `asked` counts answers paid for in this run, `evaluated` the samples that
    count, `answers` the answers to them.

    `draws` says that the answers are drawn at random, `repeats` of them to each sample, of which
    the mean counts. `draw_stderr` is how far drawing them anew would move the score (a standard
    error, measured); None where it cannot be told from a single draw.
    """

    name: str
    status: Status
    reason: str
    score: float | None = None
    interval: Interval | None = None
    difference: float | None = None
    difference_interval: Interval | None = None
    evaluated: int = 0
    asked: int = 0
    seconds: float = 0.0
    seconds_each: float | None = None
    p95_seconds: float | None = None
    cost: Decimal | None = None
    cost_per_1000: Decimal | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    unparsed: int = 0
    truncated: int = 0
    refused: int = 0
    failed: int = 0
    more_needed: int | None = None
    answers: int = 0
    draws: bool = False
    repeats: int = 1
    draw_stderr: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RacePoint:
    """One rival's difference to the winner after `samples` samples, with its interval."""

    name: str
    samples: int
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A model that was thought of before a race, and why it was taken or left out."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The end of a race: who won, who is as good, who lost and why.

    `winner` is '' when nothing can be told. `evaluations` counts the answers the race looked at,
    `full_evaluations` what asking everybody everything would have taken. `sentences` tells
    the verdict in words: on new samples like these, and on this list. `budget` is what was
    spent of each of its units; an `ended` one is why the race went no further. Where the
    candidates were proposed, `proposed` says why each was, `not_raced` why the others were not.
    """

    winner: str
    within: tuple[str, ...]
    candidates: tuple[Standing, ...]
    tolerance: float
    confidence: float
    scope: Scope
    prefer: Preference = "quality"
    evaluations: int = 0
    full_evaluations: int = 0
    samples: int = 0
    decided: bool = False
    sentences: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    course: tuple[RacePoint, ...] = ()
    run: str = ""
    budget: tuple[Allowance, ...] = ()
    proposed: tuple[Considered, ...] = ()
    not_raced: tuple[Considered, ...] = ()
