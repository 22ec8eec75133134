"""The race: draw the next samples, and settle who is out. Pure arithmetic on scores.

One candidate is the *target*: the one that would be returned now. Quality prefers the highest
mean so far, cost and speed the cheapest that is not shown to be more than epsilon below the best.
The race ends when the target is shown to be *within*. Only those are asked on whom that depends:
the target and the rivals not yet shown harmless to it. The others pause; they are asked again, from
where they stopped, when another target needs them. What may be said is elige.choose.promise's.

Samples come in batches that grow by a quarter. Of each the target answers all, then its rivals
one after another a few at a time, until they are settled: that costs no more loads of a model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from elige.choose.course import Course, Pace
from elige.choose.promise import Evidence, Question
from elige.records import Preference, Scope, Status
from elige.stats.wealth import Array

GROWTH = 0.25
FIRST_BATCH = 10
PORTION = 4
PATIENCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceSettings:
    """What is asked, and how samples are handed out.

    `samples` is the length of the shuffled list, `tolerance` a difference of mean scores. `costs`
    are per sample in any unit, by name; a candidate without one counts as the dearest. With
    `side_by_side` the rivals of a batch are asked together (they wait on other machines), not
    one after another. `portion` is how many samples a rival is asked at a time. `patience`: a
    candidate that is no threat any more is asked on until it is shown beaten, if that is
    expected to take at most this part more of the samples it has answered.
    """

    samples: int
    tolerance: float = 0.01
    confidence: float = 0.95
    scope: Scope = "future"
    prefer: Preference = "quality"
    costs: Mapping[str, float] = field(default_factory=dict)
    side_by_side: bool = False
    first_batch: int = FIRST_BATCH
    growth: float = GROWTH
    portion: int = PORTION
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError("a race needs at least one sample")
        if not 0.0 <= self.tolerance <= 1.0 or not 0.0 <= self.confidence <= 1.0:
            raise ValueError("tolerance and confidence lie between 0 and 1")

    @property
    def question(self) -> Question:
        """What the promise must know of it."""
        return Question(
            samples=self.samples,
            is_list=self.scope == "list",
            tolerance=self.tolerance,
            delta=1.0 - self.confidence,
            leaving=self.prefer != "quality",
        )

    @property
    def pace(self) -> Pace:
        """What the course must know of it."""
        return Pace(
            by_cost=self.prefer != "quality",
            first_batch=self.first_batch,
            growth=self.growth,
            portion=self.portion,
            side_by_side=self.side_by_side,
            patience=self.patience,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Samples from `start` to before `stop` of the shuffled list, for each of `candidates`."""

    start: int
    stop: int
    candidates: tuple[str, ...]

    @property
    def samples(self) -> range:
        """The indexes of the samples."""
        return range(self.start, self.stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One candidate's place, as it became known after `samples` of its samples.

    `opponent` is the one that it was judged against, '' for nobody in particular.
    """

    name: str
    status: Status
    reason: str
    samples: int
    opponent: str = ""


class Race:
    """A race between named candidates; the same scores always lead to the same race."""

    def __init__(self, names: Sequence[str], settings: RaceSettings) -> None:
        if len(set(names)) != len(names):
            raise ValueError("two candidates of one name")
        self.settings = settings
        self.names = list(names)
        self.withdrawn: dict[str, str] = {}
        self._evidence = Evidence(settings.question, len(names))
        self._course = Course(self._evidence, settings.pace)
        self._pending: Batch | None = None
        self._said: dict[str, Status] = {}
        for name, cost in settings.costs.items():
            self.set_cost(name, cost)

    def draw(self) -> Batch | None:
        """Who is to answer which samples next; None when the race has ended."""
        if self._pending is None and (plan := self._course.next()) is not None:
            names = tuple(self.names[index] for index in plan.who)
            self._pending = Batch(start=plan.start, stop=plan.stop, candidates=names)
        return self._pending

    def shorten(self, stop: int) -> Batch:
        """What was drawn, but no further than to before sample `stop`, which lies behind its start.

        Raises `ValueError` when nothing was drawn, or nothing would be left.
        """
        batch = self._pending
        if batch is None or stop <= batch.start:
            raise ValueError("nothing is left of what was drawn")
        self._pending = replace(batch, stop=min(stop, batch.stop))
        return self._pending

    def settle(self, scores: Mapping[str, Sequence[float]]) -> list[Settlement]:
        """Take in the scores (in [0, 1]) of the batch that was drawn; who is settled by them.

        Raises `ValueError` when a candidate's scores are missing or cannot be scores.
        """
        batch = self._pending
        if batch is None:
            raise ValueError("nothing was drawn")
        rows = {name: _checked(name, scores, len(batch.samples)) for name in batch.candidates}
        for name, row in rows.items():
            self._evidence.board.record(self.names.index(name), row)
        self._pending = None
        self._evidence.weigh()
        return self._news()

    def withdraw(self, name: str, why: str) -> list[Settlement]:
        """Take a candidate out that cannot be asked; all statements are of the others."""
        index = self.names.index(name)
        if name not in self.withdrawn:
            self.withdrawn[name] = why
            self._evidence.withdraw(index)
            self._drop_pending(name)
        return self._news()

    def add(self, name: str) -> None:
        """Let one more candidate in; it answers the same samples from the first on."""
        if name in self.names:
            raise ValueError(f"two candidates of the name {name!r}")
        self.names.append(name)
        self._evidence.arrive()
        self._course.arrive()

    def set_cost(self, name: str, cost: float) -> None:
        """Say what one sample of this candidate costs, in the unit of all the others."""
        self._course.set_cost(self.names.index(name), cost)

    @property
    def finished(self) -> bool:
        """Whether nobody is to be asked any more."""
        return self.draw() is None

    @property
    def decided(self) -> bool:
        """Whether what is preferred is shown to be within the tolerance of the best."""
        return self._course.proven() is not None

    @property
    def winner(self) -> str:
        """The one to be returned now; without `decided` only the likeliest. '' for nobody."""
        index = self._course.returned()
        return "" if index is None else self.names[index]

    def status(self, name: str) -> Status:
        """Winner, within, beaten or open, as far as it is known now."""
        index = self.names.index(name)
        if name in self.withdrawn:
            return Status.OPEN
        if self.decided and name == self.winner:
            return Status.WINNER
        if self._evidence.all_within()[index]:
            return Status.WITHIN
        return Status.BEATEN if self._evidence.beaten[index] else Status.OPEN

    def evaluated(self, name: str) -> int:
        """How many samples this candidate has answered."""
        return int(self._evidence.board.counts[self.names.index(name)])

    def scores(self, name: str) -> list[float]:
        """The scores of this candidate so far, in the race's order."""
        board, index = self._evidence.board, self.names.index(name)
        return [float(value) for value in board.scores[index, : board.counts[index]]]

    @property
    def evaluations(self) -> int:
        """How many answers the race looked at."""
        return int(self._evidence.board.counts.sum())

    def more_needed(self, name: str) -> int | None:
        """An estimate of how many more samples would settle an open one; None when none would."""
        if name in self.withdrawn or self.status(name) is not Status.OPEN:
            return None
        return self._course.more_needed(self.names.index(name))

    def _drop_pending(self, name: str) -> None:
        batch = self._pending
        if batch is not None and name in batch.candidates:
            left = tuple(other for other in batch.candidates if other != name)
            self._pending = None
            if left:
                self._pending = Batch(start=batch.start, stop=batch.stop, candidates=left)

    def _news(self) -> list[Settlement]:
        leader, settled = self.winner, self.decided
        news = []
        for name, beaten in zip(list(self.names), self._evidence.beaten, strict=True):
            status = self.status(name) if settled or beaten else Status.OPEN
            if status is not self._said.get(name, Status.OPEN):
                news.append(self._settlement(name, status, leader))
            self._said[name] = status
        return news

    def harmless(self, name: str) -> bool:
        """Whether it is shown to be at most epsilon above the one to be returned now."""
        return name != self.winner and self._course.harmless(self.names.index(name))

    def reason(self, name: str) -> str:
        """Why this candidate's status is what it is, as the end of "it is ..."."""
        if name in self.withdrawn:
            return f"not compared: {self.withdrawn[name]}"
        status, limit = self.status(name), f"{self.settings.tolerance:g}"
        if status in {Status.WINNER, Status.WITHIN}:
            return f"shown to be at most {limit} below the best"
        if status is Status.BEATEN:
            return "shown to be worse than the best"
        if self.harmless(name):
            return f"shown to be at most {limit} above {self.winner}; whether it is worse is open"
        return "not settled"

    def _settlement(self, name: str, status: Status, leader: str) -> Settlement:
        return Settlement(
            name=name,
            status=status,
            reason=self.reason(name),
            samples=self.evaluated(name),
            opponent=leader if leader != name else "",
        )


def _checked(name: str, scores: Mapping[str, Sequence[float]], wanted: int) -> Array:
    row = np.asarray(scores.get(name, ()), dtype=float)
    if row.shape != (wanted,):
        raise ValueError(f"{wanted} scores of {name!r} were asked for, {len(row)} came")
    if not np.all((row >= 0.0) & (row <= 1.0)):
        raise ValueError(f"a score of {name!r} is not between 0 and 1")
    return row
