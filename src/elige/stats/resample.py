"""Percentiles, and the bootstrap for statistics of a whole file, alone and in pairs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elige.records import Interval

Indexes = NDArray[np.int64]
Statistic = Callable[[Indexes], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """The difference of a statistic between two candidates, its interval, and how often it flips.

    `reversed_share` is the share of the resamples in which the other candidate was ahead.
    """

    difference: float
    interval: Interval
    reversed_share: float


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of `values` lie, between neighbours by the line."""
    if not values:
        raise ValueError("no values")
    return float(np.percentile(np.asarray(values, dtype=float), percent))


def resampled(
    statistics: Sequence[Statistic], *, samples: int, draws: int = 1000, seed: int = 0
) -> NDArray[np.float64]:
    """Each statistic on resamples of `samples` samples: a row a statistic, a column a draw.

    All of them see the same resamples, so that columns compare in pairs (Koehn 2004).
    """
    if samples < 1:
        raise ValueError("no samples")
    generator = np.random.default_rng(seed)
    values = np.empty((len(statistics), draws))
    for draw in range(draws):
        chosen = generator.integers(0, samples, samples)
        values[:, draw] = [statistic(chosen) for statistic in statistics]
    return values


def middle(values: NDArray[np.float64], confidence: float) -> Interval:
    """The percentile interval: where the middle `confidence` of resampled `values` lie."""
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(values, [tail, 100.0 - tail])
    return float(low), float(high)


def bootstrap_interval(
    statistic: Statistic,
    *,
    samples: int,
    draws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval:
    """The percentile interval of one statistic (Efron 1979), widened to its own value.

    It is approximate: too narrow for few samples, and without width where all are alike.
    """
    value = statistic(np.arange(samples))
    drawn = resampled([statistic], samples=samples, draws=draws, seed=seed)
    low, high = middle(drawn[0], confidence)
    return min(low, value), max(high, value)


def paired_bootstrap(
    first: Statistic,
    second: Statistic,
    *,
    samples: int,
    draws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Bootstrap:
    """First minus second, with the percentile interval over resamples of the same samples.

    Both are handed indexes of samples and return the statistic on those (Koehn 2004). The
    interval is approximate, and meant for a full evaluation, not for a race.
    """
    one, other = resampled([first, second], samples=samples, draws=draws, seed=seed)
    whole = np.arange(samples)
    return compared(first(whole) - second(whole), one - other, confidence=confidence)


def compared(
    difference: float, again: NDArray[np.float64], *, confidence: float = 0.95
) -> Bootstrap:
    """A difference with what its resamples (`again`) say of it."""
    flipped = np.mean(again * np.sign(difference) < 0.0) if difference else 0.5
    return Bootstrap(
        difference=difference,
        interval=middle(again, confidence),
        reversed_share=float(flipped),
    )
