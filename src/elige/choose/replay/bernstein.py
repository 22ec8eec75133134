"""The empirical-Bernstein race (Mnih, Szepesvari & Audibert, ICML 2008), on paired differences.

Each pair's mean difference gets limits that grow with the standard deviation seen, which for models
that are right on the same samples is small. For a population they are those of Maurer & Pontil,
"Empirical Bernstein bounds and sample variance penalization" (COLT 2009), on a list those of
Bardenet & Maillard (Bernoulli 2015), theorem 4.3. All limits of all looks hold together: each
ordered pair is given delta / (candidates * (candidates - 1) * looks).
"""

from math import inf, log, sqrt

import numpy as np

from elige.choose.replay.desk import Desk
from elige.choose.replay.shrinking import shrinking_race
from elige.choose.replay.terms import Ending, Terms
from elige.stats.wealth import Array

RANGE = 2.0
"""Differences of scores in [0, 1] lie between -1 and 1."""


def bernstein(desk: Desk, terms: Terms) -> Ending:
    """Race by empirical-Bernstein limits of the paired differences."""
    pairs = desk.candidates * max(1, desk.candidates - 1)
    tests = pairs * len(terms.looks(desk.samples))
    size = terms.size(desk.samples)

    def limits(scores: Array) -> Array:
        means, drawn = scores.mean(axis=1), scores.shape[1]
        radius = bernstein_radius(_deviations(scores), drawn, delta=terms.delta / tests, size=size)
        np.fill_diagonal(radius, 0.0)
        return np.asarray(means[:, None] - means[None, :] - radius)

    return shrinking_race(desk, terms, limits)


def bernstein_radius(
    deviations: Array, drawn: int, *, delta: float, size: int | None = None
) -> Array:
    """How far mean differences lie above the true ones at most, but with probability `delta` each.

    `deviations` are standard deviations of the `drawn` differences (dividing by `drawn`). `size`
    is the length of the list drawn from; None for a population.
    """
    if size is not None and drawn >= size:
        return np.zeros_like(deviations)
    if delta <= 0.0 or drawn < 2:
        return np.full_like(deviations, inf)
    if size is None:
        nats, unbiased = log(2.0 / delta), sqrt(drawn / (drawn - 1))
        rest = 7.0 * RANGE * nats / (3.0 * (drawn - 1))
        return np.asarray(deviations * unbiased * sqrt(2.0 * nats / drawn) + rest)
    nats = log(5.0 / delta)
    share = 1.0 - (drawn - 1) / size
    if 2 * drawn > size:
        share = (1.0 - drawn / size) * (1.0 + 1.0 / drawn)
    rest = (7.0 / 3.0 + 3.0 / sqrt(2.0)) * RANGE * nats / drawn
    return np.asarray(deviations * sqrt(2.0 * share * nats / drawn) + rest)


def _deviations(scores: Array) -> Array:
    """The standard deviation of the paired difference of each two rows."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    products = centred @ centred.T / scores.shape[1]
    spread = np.diag(products)
    variances = spread[:, None] + spread[None, :] - 2.0 * products
    return np.asarray(np.sqrt(np.maximum(variances, 0.0)))
