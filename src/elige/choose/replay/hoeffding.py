"""The Hoeffding race (Maron & Moore, "Hoeffding races", NIPS 1993).

Each candidate's mean gets an interval that holds for any scores in [0, 1] (Hoeffding 1963). All
intervals of all looks hold together: each is given delta / (candidates * looks). On a list they are
those of Hoeffding and Serfling (Bardenet & Maillard, "Concentration inequalities for sampling
without replacement", Bernoulli 2015), which end at zero width.
"""

from math import inf, log, sqrt

import numpy as np

from elige.choose.replay.desk import Desk
from elige.choose.replay.shrinking import shrinking_race
from elige.choose.replay.terms import Ending, Terms
from elige.stats.wealth import Array


def hoeffding(desk: Desk, terms: Terms) -> Ending:
    """Race by Hoeffding's intervals of the single means."""
    tests = desk.candidates * len(terms.looks(desk.samples))
    size = terms.size(desk.samples)

    def limits(scores: Array) -> Array:
        means = scores.mean(axis=1)
        radius = hoeffding_radius(scores.shape[1], delta=terms.delta / tests, size=size)
        return np.asarray(means[:, None] - means[None, :] - 2.0 * radius)

    return shrinking_race(desk, terms, limits)


def hoeffding_radius(drawn: int, *, delta: float, size: int | None = None) -> float:
    """How far the mean of `drawn` scores is from the true one, but with probability `delta`.

    It is two-sided. `size` is the length of the list drawn from; None for a population.
    """
    share = 1.0 if size is None else shrinkage(drawn, size)
    if share <= 0.0:
        return 0.0
    return sqrt(share * log(2.0 / delta) / (2.0 * drawn)) if delta > 0.0 else inf


def shrinkage(drawn: int, size: int) -> float:
    """Serfling's factor for the variance of a mean of `drawn` of `size` values, as sharpened."""
    return min(1.0 - (drawn - 1) / size, (1.0 - drawn / size) * (1.0 + 1.0 / drawn))
