"""The difference of two candidates on the same samples: intervals, and what speaks against none.

For a number of samples fixed beforehand: Tango's score interval for right and wrong, Student's t
over clusters otherwise. For a race: the money that bets against "no difference" have won.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from elige.records import Interval
from elige.stats.error_bars import clustered_stderr
from elige.stats.paired import mcnemar_exact, sign_flip
from elige.stats.sequences import GRID, difference_interval
from elige.stats.student import t_quantile
from elige.stats.wealth import bets, grown

# With fewer samples than this Student's t is not trusted for scores between 0 and 1.
_ENOUGH = 30
_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceBars:
    """First minus second on the same samples, for a number of samples fixed beforehand.

    `stderr` counts clusters and is None for a single one. `method` names how `interval` was
    made. `mcnemar` is McNemar's exact p-value, None where samples belong together or scores lie
    between right and wrong; `permutation` flips the signs of whole clusters.
    """

    difference: float
    stderr: float | None
    interval: Interval
    method: str
    samples: int
    clusters: int
    ahead: int
    behind: int
    mcnemar: float | None
    permutation: float


def difference_bars(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    confidence: float = 0.95,
) -> DifferenceBars:
    """How the mean of `first` differs from that of `second`, scores in [0, 1] of the same samples.

    `clusters` names the cluster of each sample, None for unrelated ones. Raises `ValueError` for
    lists of different lengths, or none.
    """
    if len(first) != len(second) or not len(first):
        raise ValueError("paired scores come in lists of one length, not empty")
    labels = range(len(first)) if clusters is None else clusters
    row = [a - b for a, b in zip(first, second, strict=True)]
    sums: dict[Hashable, float] = defaultdict(float)
    for label, one in zip(labels, row, strict=True):
        sums[label] += one
    ahead, behind = sum(one > 0 for one in row), sum(one < 0 for one in row)
    plain = len(sums) == len(row)
    whole = all(value in {0.0, 1.0} for value in (*first, *second))
    stderr = clustered_stderr(row, labels)
    if plain and whole:
        interval = tango_interval(ahead, behind, len(row), confidence=confidence)
        method = "Tango's score interval"
    else:
        interval, method = _by_t(row, stderr, len(sums), confidence)
    return DifferenceBars(
        difference=float(np.mean(row)),
        stderr=stderr,
        interval=interval,
        method=method,
        samples=len(row),
        clusters=len(sums),
        ahead=ahead,
        behind=behind,
        mcnemar=mcnemar_exact(ahead, behind) if plain and whole else None,
        permutation=sign_flip(list(sums.values())),
    )


def tango_interval(ahead: int, behind: int, samples: int, *, confidence: float = 0.95) -> Interval:
    """Tango's score interval for the difference of two shares on the same samples.

    Handed how many samples only the first, and only the second, got right. It lacks zero exactly
    where McNemar's statistic, without correction, is beyond the normal quantile. Source: Tango,
    "Equivalence test and confidence interval for the difference in proportions for the
    paired-sample design" (1998).
    """
    if not 0 <= ahead + behind <= samples or min(ahead, behind) < 0 or samples < 1:
        raise ValueError(f"{ahead} ahead and {behind} behind of {samples}")
    z = NormalDist().inv_cdf((1.0 + confidence) / 2.0)
    seen = (ahead - behind) / samples
    upper = _end(ahead, behind, samples, z, seen)
    lower = -_end(behind, ahead, samples, z, -seen)
    return lower, upper


def _end(ahead: int, behind: int, samples: int, z: float, seen: float) -> float:
    """The largest difference that the score test does not refute, found by halving."""
    low, high = seen, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        refuted = _statistic(ahead, behind, samples, middle) < -z
        low, high = (low, middle) if refuted else (middle, high)
    return low


def _statistic(ahead: int, behind: int, samples: int, null: float) -> float:
    """Tango's z for the null that the difference is `null`."""
    linear = -(ahead + behind) + (2 * samples - ahead + behind) * null
    constant = -behind * null * (1.0 - null)
    root = sqrt(max(0.0, linear**2 - 8.0 * samples * constant))
    share = max(0.0, (root - linear) / (4.0 * samples))
    spread = samples * (2.0 * share + null * (1.0 - null))
    distance = ahead - behind - samples * null
    if spread <= 1e-12:
        return 0.0 if abs(distance) < 1e-9 else float(np.copysign(np.inf, distance))
    return distance / sqrt(spread)


def _by_t(
    row: Sequence[float], stderr: float | None, clusters: int, confidence: float
) -> tuple[Interval, str]:
    if stderr is None:
        return (-1.0, 1.0), "nothing can be told from one cluster"
    plain = clusters == len(row)
    if plain and (not stderr or clusters < _ENOUGH):
        nothing = [0.0] * len(row)
        interval = difference_interval(row, nothing, alpha=1.0 - confidence)
        return interval, "betting confidence sequence"
    if not stderr:
        return (-1.0, 1.0), "nothing can be told: all clusters are alike"
    mean = float(np.mean(row))
    half = t_quantile((1.0 + confidence) / 2.0, clusters - 1) * stderr
    interval = max(-1.0, mean - half), min(1.0, mean + half)
    return interval, "Student's t" if plain else "Student's t over clusters"


def e_value(first: Sequence[float], second: Sequence[float], *, size: int | None = None) -> float:
    """The e-value against "both means are equal", valid whenever the samples stopped coming.

    What was put on either side, half each, has grown to so much; without a difference its mean
    is at most one, so that it exceeds 1/a with probability at most a. `size` is the length of
    the list that the samples are drawn from without replacement, None for a population.
    """
    row = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if not row.size:
        return 1.0
    rows = np.stack([row, -row])
    plan = bets(rows, np.cumsum(rows, axis=1) - rows, 0.0, 0, size)
    money, _ = grown(np.full((2, len(GRID)), 1.0 / len(GRID)), GRID, plan)
    return float(money.sum()) / 2.0
