"""Intervals and limits for counts, at a sample size fixed beforehand.

They are not valid at a stopping time chosen by looking; elige.stats.sequences are.
"""

from collections.abc import Sequence
from math import exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist

from elige.records import Interval

# From here on the normal distribution gives the binomial's ranks to within one.
_MANY = 1_000


def wilson_interval(hits: int, trials: int, *, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for a share (Wilson 1927); (0, 1) without trials."""
    _check(hits, trials)
    return share_interval(hits / trials if trials else 0.0, trials, confidence=confidence)


def share_interval(share: float, trials: float, *, confidence: float = 0.95) -> Interval:
    """Wilson's interval for a share that is known as well as from so many trials."""
    if trials <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1.0 + confidence) / 2.0)
    shrink = 1.0 + z * z / trials
    middle = (share + z * z / (2 * trials)) / shrink
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / shrink
    return max(0.0, middle - half), min(1.0, middle + half)


def upper_limit(hits: int, trials: int, *, confidence: float = 0.95) -> float:
    """The exact one-sided upper limit for a share (Clopper & Pearson 1934)."""
    _check(hits, trials)
    if hits == trials:
        return 1.0
    low, high = hits / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if _at_most(hits, trials, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def median_interval(values: Sequence[float], *, confidence: float = 0.95) -> Interval | None:
    """The median's interval between two ranked values, whatever their distribution.

    None where there are too few of them (at 95 %: less than six). Source: Thompson, "On
    confidence ranges for the median" (1936).
    """
    ranked, count = sorted(values), len(values)
    tail = (1.0 - confidence) / 2.0
    if count > _MANY:
        rank = int((count - NormalDist().inv_cdf(1.0 - tail) * sqrt(count)) / 2.0)
    else:
        rank = 0
        while 2 * rank < count and _at_most(rank, count, 0.5) <= tail:
            rank += 1
    return (ranked[rank - 1], ranked[count - rank]) if rank else None


def _at_most(hits: int, trials: int, share: float) -> float:
    """The binomial chance of at most `hits`."""
    if share <= 0.0 or share >= 1.0:
        return float(share <= 0.0 or hits >= trials)
    terms = [
        lgamma(trials + 1)
        - lgamma(k + 1)
        - lgamma(trials - k + 1)
        + k * log(share)
        + (trials - k) * log1p(-share)
        for k in range(hits + 1)
    ]
    top = max(terms, default=-inf)
    return exp(top) * sum(exp(term - top) for term in terms)


def _check(hits: int, trials: int) -> None:
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} hits in {trials} trials")
