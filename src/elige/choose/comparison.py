"""Two candidates on the same samples: the difference, what it rests on, and in words."""

from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any  # JSON-like values have no better static type

from elige.choose.amounts import between, count, points, score
from elige.records import Interval, Scope
from elige.stats import (
    FEW_CLUSTERS,
    DifferenceBars,
    difference_bars,
    difference_interval,
    e_value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How two candidates are compared.

    `raced` says that what was seen decided how many samples there are. Then `scope` and `size`
    (the length of the list, None for a population) are the race's, and `pairs` counts the pairs
    of candidates among which somebody who looks picks one.
    """

    raced: bool
    confidence: float = 0.95
    scope: Scope = "future"
    size: int | None = None
    pairs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """First minus second: the mean difference with its interval.

    `interval` is for this pair alone, named before anything was seen; `interval_of_all` holds
    for all pairs of the race at once and is None where there is no other. `e` is the e-value
    against no difference, of races alone; `bars` are for runs of a fixed size alone.
    """

    first: float
    second: float
    interval: Interval
    method: str
    samples: int
    ahead: int
    behind: int
    interval_of_all: Interval | None = None
    e: float | None = None
    bars: DifferenceBars | None = None

    @property
    def difference(self) -> float:
        """The first mean minus the second."""
        return self.first - self.second

    @property
    def sure(self) -> Interval:
        """The interval that holds however the pair was picked."""
        return self.interval if self.interval_of_all is None else self.interval_of_all

    def facts(self) -> dict[str, Any]:
        """The gap as an object of JSON."""
        every = self.interval_of_all
        return {
            "first": self.first,
            "second": self.second,
            "difference": self.difference,
            "interval": list(self.interval),
            "interval_of_all_pairs": None if every is None else list(every),
            "method": self.method,
            "samples": self.samples,
            "first_ahead": self.ahead,
            "second_ahead": self.behind,
            "stderr": self.bars.stderr if self.bars else None,
            "clusters": self.bars.clusters if self.bars else None,
            "p_mcnemar": self.bars.mcnemar if self.bars else None,
            "p_permutation": self.bars.permutation if self.bars else None,
            "e_value": self.e,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one candidate said to a sample, with its score and why."""

    answer: str
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A sample on which two candidates differ."""

    sample: str
    group: str
    prompt: str
    target: str
    first: Seen
    second: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two candidates by the labels they go by, the gap between them, by group, and samples.

    `clustered_by` says what makes samples belong together, '' when none do. `first_ahead` and
    `second_ahead` are samples on which one is ahead, the largest differences first.
    """

    first: str
    second: str
    runs: tuple[str, ...]
    terms: Terms
    gap: Gap
    clustered_by: str = ""
    groups: tuple[tuple[str, Gap], ...] = ()
    first_ahead: tuple[Apart, ...] = ()
    second_ahead: tuple[Apart, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The comparison in one sentence."""
        return headline(self)

    def facts(self) -> dict[str, Any]:
        """The comparison as an object of JSON."""
        return {
            "a": self.first,
            "b": self.second,
            "runs": list(self.runs),
            "kind": "raced" if self.terms.raced else "fixed size",
            "confidence": self.terms.confidence,
            "scope": self.terms.scope if self.terms.raced else None,
            "headline": self.headline,
            **self.gap.facts(),
            "clustered_by": self.clustered_by or None,
            "groups": [{"group": name, **gap.facts()} for name, gap in self.groups],
            "a_ahead": [asdict(one) for one in self.first_ahead],
            "b_ahead": [asdict(one) for one in self.second_ahead],
            "notices": list(self.notices),
        }


def gap_of(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[Hashable],
    terms: Terms,
) -> Gap:
    """How two candidates differ on the same samples, in the order in which these were drawn."""
    means = sum(first) / len(first), sum(second) / len(second)
    ahead = sum(a > b for a, b in zip(first, second, strict=True))
    behind = sum(a < b for a, b in zip(first, second, strict=True))
    if not terms.raced:
        bars = difference_bars(first, second, clusters, confidence=terms.confidence)
        return Gap(
            first=means[0],
            second=means[1],
            interval=bars.interval,
            method=bars.method,
            samples=bars.samples,
            ahead=ahead,
            behind=behind,
            bars=bars,
        )
    alpha, size = 1.0 - terms.confidence, terms.size
    every = None
    if terms.pairs > 1:
        every = difference_interval(first, second, alpha=alpha / terms.pairs, size=size)
    return Gap(
        first=means[0],
        second=means[1],
        interval=difference_interval(first, second, alpha=alpha, size=size),
        method="betting confidence sequence",
        samples=len(first),
        ahead=ahead,
        behind=behind,
        interval_of_all=every,
        e=e_value(first, second, size=size),
    )


def headline(one: Comparison) -> str:
    """Who is ahead by how much, and whether that is more than noise."""
    gap = one.gap
    low, high = gap.sure
    on = f"on the {count(gap.samples, 'sample')} that both answered"
    if low <= 0.0 <= high:
        return (
            f"Cannot tell {one.first} and {one.second} apart {on}: {one.first} scores "
            f"{between(gap.sure)} {one.second}."
        )
    better, worse = (one.first, one.second) if low > 0 else (one.second, one.first)
    top, bottom = max(gap.first, gap.second), min(gap.first, gap.second)
    near, far = (low, high) if low > 0 else (-high, -low)
    return (
        f"{better} is better than {worse}: {score(top)} against {score(bottom)} {on}, "
        f"{between((near, far))}."
    )


def evidence(one: Comparison) -> tuple[str, ...]:
    """What the headline rests on: tests or e-values, and for whom the intervals hold."""
    gap, sure = one.gap, f"{round(100 * one.terms.confidence, 4):g} %"
    tally = (
        f"{one.first} is ahead on {count(gap.ahead, 'sample')}, {one.second} on "
        f"{gap.behind:,}; on the other {gap.samples - gap.ahead - gap.behind:,} they score alike."
    )
    if gap.bars is None:
        return (tally, *_raced(one, sure))
    return (tally, *_fixed(one, gap.bars, sure))


def _fixed(one: Comparison, bars: DifferenceBars, sure: str) -> list[str]:
    tests = [f"paired sign flips p = {p_words(bars.permutation)}"]
    if bars.mcnemar is not None:
        tests.insert(0, f"exact McNemar p = {p_words(bars.mcnemar)}")
    lines = [
        f"Difference {_signed(one.gap.difference)} ({sure} interval {_pair(bars.interval)}, "
        f"{bars.method}); {', '.join(tests)}. Both are for a number of samples fixed beforehand."
    ]
    if bars.clusters < bars.samples:
        told = f"{bars.clusters:,} clusters (by {one.clustered_by})"
        few = f" Below {FEW_CLUSTERS} of them an interval is unreliable."
        lines.append(
            f"The samples belong to {told}, which are counted, and flipped, as a whole."
            + few * (bars.clusters < FEW_CLUSTERS)
        )
    return lines


def _raced(one: Comparison, sure: str) -> list[str]:
    gap, terms = one.gap, one.terms
    of = "new samples like these" if terms.scope == "future" else "this list"
    lines = [
        f"Difference {_signed(gap.difference)}; of {of} it is {_pair(gap.interval)} for this pair "
        f"alone ({sure} confidence sequence, valid whenever the race stopped); e-value "
        f"{gap.e:.3g} against no difference."
    ]
    if gap.interval_of_all is not None:
        lines.append(
            f"A pair that was picked after looking needs the interval of all {terms.pairs} pairs "
            f"at once: {_pair(gap.interval_of_all)}. The first line above goes by that one."
        )
    lines.append(
        "P-values are not shown: they hold for a number of samples fixed beforehand, and a race "
        "stops when it has seen enough."
    )
    return lines


def p_words(p: float) -> str:
    """A p-value as people write it."""
    return "< 0.0001" if p < 0.0001 else f"{p:.2g}"


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{points(value)}"


def _pair(pair: Interval) -> str:
    return f"{100 * pair[0]:+.1f} to {100 * pair[1]:+.1f}"
