"""Percentiles, and the paired bootstrap for statistics of a whole file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elige.records import Interval

Indexes = NDArray[np.int64]


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


def paired_bootstrap(
    first: Callable[[Indexes], float],
    second: Callable[[Indexes], float],
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
    if samples < 1:
        raise ValueError("no samples")
    generator = np.random.default_rng(seed)
    whole = np.arange(samples)
    difference = first(whole) - second(whole)
    again = np.empty(draws)
    for draw in range(draws):
        chosen = generator.integers(0, samples, samples)
        again[draw] = first(chosen) - second(chosen)
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(again, [tail, 100.0 - tail])
    flipped = np.mean(again * np.sign(difference) < 0.0) if difference else 0.5
    return Bootstrap(
        difference=difference, interval=(float(low), float(high)), reversed_share=float(flipped)
    )
