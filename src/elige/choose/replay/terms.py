"""What every method is told and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from elige.choose.race import FIRST_BATCH, GROWTH
from elige.choose.replay.desk import Desk
from elige.records import Scope, Status
from elige.stats.wealth import Array

Batches = Literal["growing", "one"]
Liking = Literal["quality", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The question, alike for every method.

    `tolerance` is a difference of mean scores. `costs` holds, by unit, what one answer of each
    candidate costs; the first unit is what is meant by cheap. `batches` says whether rounds grow
    by a quarter, as those of `elige choose`, or hold one sample; the first one holds ten.
    """

    tolerance: float = 0.01
    confidence: float = 0.95
    scope: Scope = "list"
    prefer: Liking = "quality"
    batches: Batches = "growing"
    costs: Mapping[str, Array] = field(default_factory=dict)

    @property
    def delta(self) -> float:
        """The error rate that may be spent."""
        return 1.0 - self.confidence

    @property
    def prices(self) -> Array | None:
        """What one answer of each candidate costs, in the first unit; None where not known."""
        return next(iter(self.costs.values()), None)

    def size(self, samples: int) -> int | None:
        """The length of the list drawn from without replacement; None for a population."""
        return samples if self.scope == "list" else None

    def looks(self, samples: int) -> list[int]:
        """After how many samples a method that goes in rounds looks at the scores."""
        growth = GROWTH if self.batches == "growing" else 0.0
        stops = [min(FIRST_BATCH, samples)]
        while stops[-1] < samples:
            stops.append(min(stops[-1] + max(1, int(stops[-1] * growth)), samples))
        return stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Who is returned, and what is said of each candidate (OPEN: nothing)."""

    returned: int
    said: tuple[Status, ...]


Method = Callable[[Desk, Terms], Ending]


def silent(returned: int, candidates: int) -> Ending:
    """The ending of a method that says nothing of anybody."""
    return Ending(returned=returned, said=(Status.OPEN,) * candidates)
