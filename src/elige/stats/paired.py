"""Tests of two candidates on the same samples, and Holm's correction for many such tests.

They are for numbers of samples fixed beforehand; a race has its own, valid whenever it stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np

# So many differences have few enough signs for all of them to be tried.
_EXACT = 14
_DRAWS = 20_000
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """How two candidates differ: the mean difference, its p-value (two-sided), and by what test."""

    difference: float
    p: float
    samples: int
    test: str


def mcnemar_exact(first_only: int, second_only: int) -> float:
    """The two-sided p-value of McNemar's exact test (McNemar 1947; the binomial form).

    Handed the number of samples that only the first, and only the second, got right.
    """
    if first_only < 0 or second_only < 0:
        raise ValueError("counts are not negative")
    trials, fewer = first_only + second_only, min(first_only, second_only)
    half = trials * log(0.5)
    tail = sum(
        exp(lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + half)
        for k in range(fewer + 1)
    )
    return min(1.0, 2.0 * tail)


def sign_flip(differences: Sequence[float], *, draws: int = _DRAWS, seed: int = 0) -> float:
    """The two-sided p-value that paired differences lie around zero, by flipping their signs.

    The paired permutation test (Fisher 1935): exact for few differences that are not zero, else
    over so many random draws, counting what was seen among them, so that it is never zero.
    """
    kept = np.asarray([one for one in differences if one != 0.0], dtype=float)
    if kept.size == 0:
        return 1.0
    size = np.abs(kept)
    # A hair below what was seen: sums that are equal on paper differ in their last digits.
    seen = abs(float(kept.sum())) - 1e-9 * float(size.sum())
    if kept.size <= _EXACT:
        codes = np.arange(2**kept.size)[:, None] >> np.arange(kept.size)
        sums = (2 * (codes & 1) - 1) @ size
        return float(np.mean(np.abs(sums) >= seen))
    generator, done, extreme = np.random.default_rng(seed), 0, 0
    while done < draws:
        rows = min(draws - done, max(1, _CHUNK // kept.size))
        signs = 2.0 * generator.integers(0, 2, (rows, kept.size), dtype=np.int8) - 1.0
        extreme += int(np.sum(np.abs(signs @ size) >= seen))
        done += rows
    return (extreme + 1) / (draws + 1)


def paired_test(
    first: Sequence[float], second: Sequence[float], *, weights: Sequence[float] = (), seed: int = 0
) -> Paired:
    """First minus second on the same samples: exact McNemar for right and wrong, else sign flips.

    `weights` are each sample's share of the score where they are not all the same: then the
    difference is their weighted sum. Raises `ValueError` for lists of different lengths, or none.
    """
    if len(first) != len(second) or not first or (weights and len(weights) != len(first)):
        raise ValueError("paired scores come in lists of one length, not empty")
    count = len(first)
    if not weights and all(value in {0.0, 1.0} for value in (*first, *second)):
        ahead = sum(a > b for a, b in zip(first, second, strict=True))
        behind = sum(a < b for a, b in zip(first, second, strict=True))
        p, test = mcnemar_exact(ahead, behind), "exact McNemar"
        return Paired(difference=(ahead - behind) / count, p=p, samples=count, test=test)
    shares = weights or [1.0 / count] * count
    parts = [w * (a - b) for a, b, w in zip(first, second, shares, strict=True)]
    p = sign_flip(parts, seed=seed)
    return Paired(difference=sum(parts), p=p, samples=count, test="paired sign flips")


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values adjusted by Holm (1979): below alpha together means at most alpha wrong."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return tuple(adjusted)
