"""A mean's standard error and interval where samples come in clusters, or are asked repeatedly.

Samples that share a passage, or ask the same thing twice, tell less than as many unrelated ones.
For scores s_i with mean m, the standard error clustered by c is

    sqrt( G / (G - 1) * sum over c of (sum over i in c of (s_i - m))^2 ) / n

which for clusters of one is the usual s / sqrt(n). It is the one of Miller, "Adding error bars to
evals" (2024), times sqrt(G / (G - 1)), the correction for few clusters of Cameron & Miller, "A
practitioner's guide to cluster-robust inference" (2015), who also advise the t distribution with
G - 1 degrees of freedom. Under about ten clusters even that is too narrow.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from elige.records import Interval
from elige.stats.intervals import share_interval
from elige.stats.sequences import mean_interval
from elige.stats.student import t_quantile

FEW_CLUSTERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBars:
    """A mean with what is known of its noise, for a number of samples fixed beforehand.

    `stderr` counts clusters, `simple_stderr` takes every sample for unrelated; both are None
    where they cannot be told (a single cluster). `method` names how `interval` was made.
    """

    mean: float
    stderr: float | None
    simple_stderr: float | None
    interval: Interval
    method: str
    samples: int
    clusters: int

    @property
    def is_clustered(self) -> bool:
        """Whether some samples belong together."""
        return self.clusters < self.samples

    @property
    def is_shaky(self) -> bool:
        """Whether there are too few clusters to trust the interval."""
        return self.is_clustered and self.clusters < FEW_CLUSTERS


def error_bars(
    means: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    answers: int | None = None,
    right_or_wrong: bool = False,
    confidence: float = 0.95,
) -> ErrorBars:
    """The mean of one value in [0, 1] for each sample, and its noise.

    `clusters` names the cluster of each, None for unrelated samples. `answers` counts what the
    values were made of, when samples were asked more than once; `right_or_wrong` says that each
    of those was scored 0 or 1. Raises `ValueError` without values.
    """
    if not len(means):
        raise ValueError("no values")
    values = np.asarray(means, dtype=float)
    labels = range(len(values)) if clusters is None else clusters
    count = len(set(labels))
    stderr = clustered_stderr(means, labels)
    made = _Made(
        mean=float(values.mean()),
        stderr=stderr,
        clusters=count,
        samples=len(values),
        answers=answers or len(values),
        confidence=confidence,
    )
    interval, method = _interval(made, values, labels, right_or_wrong=right_or_wrong)
    return ErrorBars(
        mean=made.mean,
        stderr=stderr,
        simple_stderr=clustered_stderr(means, range(len(values))),
        interval=interval,
        method=method,
        samples=len(values),
        clusters=count,
    )


def clustered_stderr(means: Sequence[float], clusters: Sequence[Hashable]) -> float | None:
    """The standard error of the mean, clustered; None for less than two clusters."""
    values = np.asarray(means, dtype=float)
    places: dict[Hashable, int] = {}
    where = np.fromiter((places.setdefault(c, len(places)) for c in clusters), dtype=np.int64)
    count = len(places)
    if count < 2:
        return None
    sums = np.bincount(where, weights=values - values.mean(), minlength=count)
    return sqrt(count / (count - 1) * float((sums * sums).sum())) / len(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    mean: float
    stderr: float | None
    clusters: int
    samples: int
    answers: int
    confidence: float


def _interval(
    made: _Made,
    values: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    labels: Sequence[Hashable],
    *,
    right_or_wrong: bool,
) -> tuple[Interval, str]:
    """Wilson's for right and wrong; otherwise one without assumptions, or Student's t."""
    whole = bool(np.all((values == 0.0) | (values == 1.0)))
    plain = made.clusters == made.samples
    if plain and whole and made.answers == made.samples:
        return share_interval(made.mean, made.samples, confidence=made.confidence), "Wilson"
    if made.stderr is None and not plain:
        return (0.0, 1.0), "nothing can be told from one cluster"
    if right_or_wrong or whole:
        worth = effective(made)
        interval = share_interval(made.mean, worth, confidence=made.confidence)
        return interval, f"Wilson, worth {worth:,.0f} unrelated samples"
    if plain or not made.stderr:
        firsts = dict(zip(reversed(labels), reversed(values.tolist()), strict=True))
        row = values.tolist() if plain else list(firsts.values())
        interval = mean_interval(row, alpha=1.0 - made.confidence)
        return interval, "betting confidence sequence"
    half = t_quantile((1.0 + made.confidence) / 2.0, made.clusters - 1) * made.stderr
    return (max(0.0, made.mean - half), min(1.0, made.mean + half)), "Student's t over clusters"


def effective(made: _Made) -> float:
    """How many unrelated right-or-wrong samples would tell as much.

    The variance of one divided by that of the mean, as Korn & Graubard do (1998), with their
    correction for few clusters; as many as there are clusters where all scores are equal.
    """
    variance = made.mean * (1.0 - made.mean)
    if not made.stderr or not variance:
        return float(made.clusters)
    z = NormalDist().inv_cdf((1.0 + made.confidence) / 2.0)
    t = t_quantile((1.0 + made.confidence) / 2.0, made.clusters - 1)
    return min(variance / made.stderr**2 * (z / t) ** 2, float(made.answers))
