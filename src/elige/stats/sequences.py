"""Confidence sequences: intervals for means that hold at every stopping time at once.

The lower end at level a is the smallest mean m that the money bet against "the mean is at most
m" has not refuted, that is, has never multiplied by 1/a. The money falls as m rises, so that end
is found by halving. Two-sided intervals spend half of alpha on each end. Scores are in [0, 1].
"""

from collections.abc import Sequence

import numpy as np

from elige.records import Interval
from elige.stats.wealth import Array, bets, grown

HALVINGS = 30
GRID = np.geomspace(0.025, 0.8, 6)


def mean_interval(scores: Sequence[float], *, alpha: float, size: int | None = None) -> Interval:
    """The interval for the mean of `scores` in [0, 1], valid at any stopping time.

    `size` is the length of the list that the scores are drawn from without replacement; None
    for draws from a population. `alpha` is the chance of being wrong; 0 leaves what is certain.
    """
    row = np.asarray(scores, dtype=float)[None, :]
    low, high = interval_course(2.0 * row - 1.0, [row.shape[1]], alpha=alpha, size=size)
    return (float(low[0, 0]) + 1.0) / 2.0, (float(high[0, 0]) + 1.0) / 2.0


def difference_interval(
    first: Sequence[float], second: Sequence[float], *, alpha: float, size: int | None = None
) -> Interval:
    """The interval for the mean of `first` minus `second`, scores of the same samples.

    For all pairs of K candidates at once, hand in alpha / (K (K - 1) / 2).
    """
    row = (np.asarray(first, dtype=float) - np.asarray(second, dtype=float))[None, :]
    low, high = interval_course(row, [row.shape[1]], alpha=alpha, size=size)
    return float(low[0, 0]), float(high[0, 0])


def interval_course(
    rows: Array, marks: Sequence[int], *, alpha: float, size: int | None = None
) -> tuple[Array, Array]:
    """Lower and upper ends for the means of `rows` in [-1, 1] after each of `marks` samples.

    Both have one row for each of `rows` and one column for each mark. The ends only ever
    close in: what was excluded once stays excluded. Each row is wrong anywhere along its
    course with probability at most `alpha`.
    """
    if size is not None and max(marks, default=0) > size:
        raise ValueError(f"{max(marks)} samples were drawn from a list of {size}")
    low = _lower_course(rows, marks, alpha / 2.0, size)
    high = -_lower_course(-rows, marks, alpha / 2.0, size)
    return low, high


def _lower_course(rows: Array, marks: Sequence[int], alpha: float, size: int | None) -> Array:
    ends = [_lower_end(rows[:, :mark], alpha, size) for mark in marks]
    stacked = np.stack(ends, axis=1) if ends else np.empty((len(rows), 0))
    return np.maximum.accumulate(stacked, axis=1)


def _lower_end(rows: Array, alpha: float, size: int | None) -> Array:
    """The largest mean refuted from below, for each row; halving between what is certain."""
    count = rows.shape[1]
    total = rows.sum(axis=1)
    left = 0 if size is None else size - count
    certain = np.full(len(rows), -1.0) if size is None else (total - left) / size
    if count == 0 or alpha <= 0.0 or (size is not None and left == 0):
        return certain
    low, high = certain, np.full(len(rows), 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        out = _refuted(rows, middle, alpha, size)
        low, high = np.where(out, middle, low), np.where(out, high, middle)
    return low


def _refuted(rows: Array, null: Array, alpha: float, size: int | None) -> Array:
    plan = bets(rows, np.cumsum(rows, axis=1) - rows, null, 0, size)
    money = np.full((len(rows), len(GRID)), 1.0 / len(GRID))
    _, peak = grown(money, GRID, plan)
    return np.asarray(peak >= 1.0 / alpha)
