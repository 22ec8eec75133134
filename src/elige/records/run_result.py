"""What a run of elige itself showed of a model."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

# What a rate or a size is of: tokens read or written a second, or the most bytes held.
SpeedName = Literal["read", "written", "peak"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """A rate in tokens a second or, for `peak`, a size in bytes; how it was taken and where.

    `is_trial` says that the model ran by itself for this; else it is of a whole run's answers.
    `machine` is '' where that was not kept. `dated` is the ISO date.
    """

    name: SpeedName
    value: float
    how: str
    is_trial: bool = False
    machine: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What one run here showed of one way to run a model.

    `run` is the run's id, `dated` the ISO moment (UTC) of its end. `candidate` is the name of the
    way, `ran` what was opened, `settings` how it was asked. `data` and `asked` are digests: of
    the data, and of the questions with how they are put and judged; two results compare only
    where both, and `is_race`, are equal. `score` is of `samples` out of `planned`; `low` to
    `high` holds with `confidence` in the way that `method` says. `place` is what a race made of
    it: winner, within, beaten or open. `is_finished` is false where the run was broken off.
    `figure` are the words of a task's own figure, where that is its result and no score is.
    `cost_per_1000` is US dollars for a thousand answers, None where a price is unknown.
    """

    run: str
    dated: str
    candidate: str
    ran: str
    task: str
    data: str
    asked: str
    metric: str
    samples: int
    planned: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    confidence: float = 0.0
    method: str = ""
    figure: str = ""
    is_race: bool = False
    place: str = ""
    is_finished: bool = True
    settings: tuple[tuple[str, str], ...] = ()
    seconds_each: float | None = None
    p95_seconds: float | None = None
    cost_per_1000: Decimal | None = None
    speeds: tuple[Speed, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether every sample that was planned counts, and nothing broke it off."""
        return self.is_finished and self.samples >= self.planned

    @property
    def taken(self) -> tuple[str, str, str, bool]:
        """What two results must share to stand side by side."""
        return self.task, self.data, self.asked, self.is_race
