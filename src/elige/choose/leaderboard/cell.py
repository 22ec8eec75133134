"""A model's place in a column: its score with an interval, and how it compares with another's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist, fmean, variance

from elige.records import Interval
from elige.stats import Paired, paired_test, score_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The scores of one task within a column. `floor` is what guessing scores."""

    task: str
    values: Mapping[str, float]
    prompts: Mapping[str, str] = field(default_factory=dict)
    floor: float = 0.0

    @property
    def mean(self) -> float:
        """The plain mean."""
        return fmean(self.values.values())

    @property
    def stretch(self) -> float:
        """How much a point becomes when guessing is moved to zero."""
        return 1.0 / (1.0 - self.floor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A score out of parts, and its flags: what sets it apart from its column."""

    parts: tuple[Part, ...]
    pooled: bool = False
    flags: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    shots: str = ""

    @property
    def samples(self) -> int:
        """How many samples it stands on."""
        return sum(len(part.values) for part in self.parts)

    def shares(self) -> list[float]:
        """What each part weighs; together one."""
        if self.pooled:
            return [len(part.values) / self.samples for part in self.parts]
        return [1.0 / len(self.parts)] * len(self.parts)

    @property
    def score(self) -> float:
        """The weighted mean of its parts, each rescaled, none below zero."""
        if self.pooled:
            return _scaled(self._raw(), self.parts[0])
        return fmean(_scaled(part.mean, part) for part in self.parts)

    @property
    def interval(self) -> Interval:
        """At 95 %: of one part as elsewhere, of several from their variances (normal)."""
        if len(self.parts) == 1:
            part = self.parts[0]
            (low, high), _ = score_interval(list(part.values.values()))
            return _scaled(low, part), _scaled(high, part)
        half = NormalDist().inv_cdf(0.975) * sqrt(
            sum(
                (share * part.stretch) ** 2 * _variance(part) / len(part.values)
                for share, part in zip(self.shares(), self.parts, strict=True)
            )
        )
        return max(0.0, self.score - half), min(1.0, self.score + half)

    def _raw(self) -> float:
        return sum(s * part.mean for s, part in zip(self.shares(), self.parts, strict=True))


def compared(first: Cell, second: Cell) -> Paired | None:
    """First minus second on the samples that both answered; None for fewer than two.

    Samples are the same when they have the same name, else when their prompts end the same.
    """
    others = {part.task: part for part in second.parts}
    pairs = [
        (part, values)
        for part in first.parts
        if part.task in others and (values := _common(part, others[part.task]))
    ]
    total = sum(len(values) for _, values in pairs)
    if total < 2:
        return None
    if len(pairs) == 1 and pairs[0][0].floor == 0.0:
        return paired_test([a for a, _ in pairs[0][1]], [b for _, b in pairs[0][1]])
    weights: list[float] = []
    for part, values in pairs:
        share = 1.0 / total if first.pooled else 1.0 / (len(pairs) * len(values))
        weights += [share * part.stretch] * len(values)
    flat = [pair for _, values in pairs for pair in values]
    return paired_test([a for a, _ in flat], [b for _, b in flat], weights=weights)


def _common(first: Part, second: Part) -> list[tuple[float, float]]:
    names = sorted(set(first.values) & set(second.values))
    if names:
        return [(first.values[name], second.values[name]) for name in names]
    ours, theirs = _by_prompt(first), _by_prompt(second)
    return [(ours[key], theirs[key]) for key in sorted(set(ours) & set(theirs))]


def _by_prompt(part: Part) -> dict[str, float]:
    """Scores by their prompts' ends, those that several share left out."""
    count = Counter(part.prompts.values())
    return {
        key: part.values[name]
        for name, key in part.prompts.items()
        if key and count[key] == 1 and name in part.values
    }


def _scaled(value: float, part: Part) -> float:
    return max(0.0, (value - part.floor) * part.stretch)


def _variance(part: Part) -> float:
    values: Sequence[float] = list(part.values.values())
    return variance(values) if len(values) > 1 else 0.25
