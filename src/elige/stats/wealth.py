"""Betting against a mean: the wealth that testifies against a null.

A bet on a payoff `d` in [-1, 1], against the null "its mean, given the past, is at most m",
multiplies the money by 1 + s (d - m) with a stake s in [0, 1 / (1 + m)] fixed before d is seen.
Under the null the money is a non-negative supermartingale, so (Ville) it ever reaches 1/a times
what was put in with probability at most a.

- With replacement m is the null's mean. Without replacement from N values it is
  (N mean - S) / (N - t), S being the sum of the t values already drawn.
- The best stake is near (mean of d - m) / variance of d. Without replacement the distance in
  it grows exactly as N / (N - t), so the stakes grow likewise.
- Nobody knows the best stake, so the money is split over a few.

Sources: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting" (2023)
and "Confidence sequences for sampling without replacement" (2020); Ville (1939).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

MOST = 0.85
"""The largest part of the money ever at risk, so that no single sample ruins anybody."""

CEILING = 1e100
"""Money above this is given away, which keeps a supermartingale one and floats finite."""

STRIDE = 64

_LEAST_STAKE = 7.0
_LARGEST_LEAST = 0.5
_STAKES = 5
"""The grid of stakes: chosen by replaying races on real and made answers, see docs/race.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bets:
    """Payoffs above the null's mean, the largest stakes allowed, and how stakes are scaled.

    `gains` and `limits` have one row a test and one column a sample, `scale` one entry a sample.
    """

    gains: Array
    limits: Array
    scale: Array


def stake_grid(samples: int) -> Array:
    """Stakes for payoffs in [-1, 1] of which at most `samples` can be seen.

    The smallest is worth having where most of the samples are needed: a stake s on a variance v
    gains about v s^2 / 2 nats a sample at best, and a few nats in all are wanted.
    """
    least = min(_LEAST_STAKE / np.sqrt(max(samples, 1)), _LARGEST_LEAST)
    return np.geomspace(least, 1.0, _STAKES)


def bets(payoffs: Array, before: Array, null: float | Array, start: int, size: int | None) -> Bets:
    """The bets on `payoffs` in [-1, 1] (rows: tests) against the null "their mean is `null`".

    `before` has the payoffs' shape: the sum of what is bet on over all samples before that one,
    of which the first is number `start`. `size` is the length of the list drawn from without
    replacement, None for draws with replacement.
    """
    mean: Array = np.reshape(np.asarray(null, dtype=float), (-1, 1))
    if size is None:
        mean, scale = mean + np.zeros(payoffs.shape), np.ones(payoffs.shape[1])
    else:
        left = np.arange(size - start, size - start - payoffs.shape[1], -1)
        mean, scale = (size * mean - before) / left, size / left
    limits = MOST / np.maximum(1.0 + mean, 1e-9)
    return Bets(gains=payoffs - mean, limits=limits, scale=scale)


def grown(money: Array, stakes: Array, bets: Bets) -> tuple[Array, Array]:
    """Each row's money (one column a stake) after the bets, and the largest total on the way."""
    after, totals = course(money, stakes, bets)
    return after, np.maximum(money.sum(axis=1), totals.max(axis=1, initial=0.0))


def course(money: Array, stakes: Array, bets: Bets) -> tuple[Array, Array]:
    """Each row's money (one column a stake) after the bets, and its total after every sample."""
    totals = np.empty(bets.gains.shape)
    for first in range(0, bets.gains.shape[1], STRIDE):
        part = slice(first, first + STRIDE)
        stake = np.minimum(stakes * bets.scale[part, None], bets.limits[:, part, None])
        path = np.cumprod(1.0 + stake * bets.gains[:, part, None], axis=1) * money[:, None, :]
        totals[:, part] = path.sum(axis=2)
        money = np.minimum(path[:, -1], CEILING)
    return money, totals


def put_in(money: Array, amounts: Array, *, evenly: float = 0.1) -> Array:
    """`money` with each row's amount added where it has grown most, a part of it `evenly`."""
    total = np.maximum(money.sum(axis=1, keepdims=True), 1e-300)
    share = (1.0 - evenly) * money / total + evenly / money.shape[1]
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(money + amounts[:, None] * share)
