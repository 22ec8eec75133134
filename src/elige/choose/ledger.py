"""What each candidate's answers came to: scores in the race's order, time, tokens, money.

Numbers alone are kept, a few dozen bytes an answer; texts are in the store.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import fsum, isnan, nan

from elige.records import Answer, Observation, Outcome, Preference
from elige.stats import percentile


@dataclass(slots=True)
class Account:
    """One candidate's answers by their place in the shuffled order, `repeats` to each sample.

    `answers` counts them, `evaluated` the samples answered at least once, in this run or an
    earlier one; `cached` are those that were known before. With `keep` the first observation of
    each sample stays in `observations`, texts and all: for statistics of a whole file alone.
    """

    failed: int = 0
    repeats: int = 1
    keep: bool = False
    observations: dict[int, Observation] = field(default_factory=dict)
    answers: int = 0
    evaluated: int = 0
    cached: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    parts: "dict[str, Column]" = field(default_factory=dict)
    _scores: "Column" = field(default_factory=lambda: Column())
    _seconds: "Column" = field(default_factory=lambda: Column())
    _sent: "array[int]" = field(default_factory=lambda: array("q"))
    _means: float = 0.0
    _tokens: tuple[int, int] = (0, 0)
    _cost: Decimal | None = Decimal(0)

    def add(self, position: int, observation: Observation) -> None:
        """Note an answer to the sample at `position`; the first one of a repeat counts."""
        slot = position * self.repeats + observation.key.repeat
        if not isnan(self._scores[slot]):
            return
        before = self.of_sample(position)
        self._scores[slot] = observation.score.value
        self._means += _mean(self.of_sample(position)) - _mean(before)
        self._note_question(position, observation.key.sent)
        self._seconds[slot] = observation.answer.seconds
        self.answers += 1
        self.cached += observation.cached
        self.outcomes[observation.score.outcome] += 1
        for name, value in observation.score.parts:
            self.parts.setdefault(name, Column())[slot] = value
        self._bill(observation.answer)
        if self.keep:
            self.observations.setdefault(position, observation)

    def _note_question(self, position: int, sent: str) -> None:
        missing = position + 1 - len(self._sent)
        if missing > 0:
            self._sent.extend([0] * missing)
        if not self._sent[position]:
            self._sent[position] = hash(sent) or 1
            self.evaluated += 1

    def _bill(self, answer: Answer) -> None:
        read, said = self._tokens
        self._tokens = read + answer.prompt_tokens, said + answer.completion_tokens
        if self._cost is not None:
            self._cost = None if answer.cost is None else self._cost + answer.cost

    @property
    def mean(self) -> float:
        """The mean over samples of the mean over repeats, so far; 0.0 before the first answer."""
        return self._means / self.evaluated if self.evaluated else 0.0

    @property
    def asked(self) -> int:
        """Answers that were not known before."""
        return self.answers - self.cached

    @property
    def seconds(self) -> float:
        """Time all the answers took when they were asked."""
        return fsum(self._seconds.known())

    @property
    def cost(self) -> Decimal | None:
        """US dollars for all the answers; None as soon as one price is unknown."""
        return self._cost if self.answers else None

    @property
    def cost_per_1000(self) -> Decimal | None:
        """US dollars for a thousand answers like these; None when a price is unknown."""
        return None if self.cost is None else self.cost / self.answers * 1000

    def tokens(self) -> tuple[int, int]:
        """Prompt and completion tokens of all the answers."""
        return self._tokens

    def seconds_at(self, percent: float) -> float | None:
        """The time of one answer within which `percent` of them stay; None without answers."""
        return percentile([*self._seconds.known()], percent) if self.answers else None

    def cost_each(self, prefer: Preference) -> float | None:
        """What one answer costs: US dollars when cost is preferred, else seconds."""
        if not self.answers:
            return None
        if prefer == "cost":
            return None if self.cost is None else float(self.cost) / self.answers
        return self.seconds / self.answers

    def of_sample(self, position: int, part: str = "") -> tuple[float, ...]:
        """The scores of one sample, a value for each repeat that was answered.

        `part` names a part of the score instead: a field of a JSON answer, another accuracy.
        """
        column = self.parts.get(part, Column()) if part else self._scores
        first = position * self.repeats
        slots = (column[slot] for slot in range(first, first + self.repeats))
        return tuple(value for value in slots if not isnan(value))

    def by_sample(self, part: str = "") -> Iterator[tuple[int, tuple[float, ...]]]:
        """Each answered sample's position with its scores, in the order of positions."""
        for position in range(len(self._sent)):
            if found := self.of_sample(position, part):
                yield position, found

    def question(self, position: int) -> int:
        """A number that two answered samples share when they were asked the very same."""
        return self._sent[position]

    def scores(self, start: int, stop: int) -> list[float]:
        """Scores of the samples from `start` to before `stop`; all must be there."""
        return [_mean(self.of_sample(index)) for index in range(start, stop)]

    def lacks(self, start: int, stop: int) -> list[int]:
        """Samples from `start` to before `stop` that lack an answer, or one of its repeats."""
        return [index for index in range(start, stop) if not self._is_answered(index)]

    def _is_answered(self, position: int) -> bool:
        first = position * self.repeats
        return not any(isnan(self._scores[slot]) for slot in range(first, first + self.repeats))

    def measured(self) -> dict[str, float | None]:
        """The facts that `--require` can name; shares are of the answers tried for."""
        tried = self.answers + self.failed
        cost = self.cost_per_1000
        shares: dict[str, float | None] = {
            outcome.value: self.outcomes[outcome] / tried if tried else None
            for outcome in (Outcome.UNPARSED, Outcome.TRUNCATED, Outcome.REFUSED)
        }
        return shares | {
            "failed": self.failed / tried if tried else None,
            "p95_seconds": self.seconds_at(95),
            "seconds": self.seconds_at(50),
            "cost_per_1000": None if cost is None else float(cost),
        }


class Column:
    """Numbers by place, eight bytes each; one that was never set is not a number."""

    def __init__(self) -> None:
        self._values = array("d")

    def __getitem__(self, place: int) -> float:
        return self._values[place] if place < len(self._values) else nan

    def __setitem__(self, place: int, value: float) -> None:
        missing = place + 1 - len(self._values)
        if missing > 0:
            self._values.extend([nan] * missing)
        self._values[place] = value

    def known(self) -> Iterator[float]:
        """The numbers that were set, in the order of their places."""
        return (value for value in self._values if not isnan(value))


def _mean(values: tuple[float, ...]) -> float:
    return fsum(values) / len(values) if values else 0.0
