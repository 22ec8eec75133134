"""A stop on a normal posterior: ends once the returned model is probably good enough.

The stopping rule is the posterior probability of a good selection by Slepian's inequality (Branke,
Chick & Schmidt, "Selecting a selection procedure", Management Science 2007), here with normal
posteriors of the paired differences under a flat prior. Looking again and again is not allowed for,
and a normal is fitted to few scores: that is what makes it cheap, and wrong on near ties.
"""

from statistics import NormalDist

import numpy as np

from elige.choose.replay.desk import Desk
from elige.choose.replay.terms import Ending, Terms
from elige.records import Status
from elige.stats.wealth import Array, Index

PRIOR_VARIANCE = 0.25
"""Of a paired difference of right and wrong answers, typically; weighs as much as one sample."""


def posterior(desk: Desk, terms: Terms) -> Ending:
    """Ask everybody who may still be the best, until the leader is within the tolerance."""
    left = np.arange(desk.candidates)
    best, shown = 0, False
    for stop in terms.looks(desk.samples):
        desk.ask_each(left.tolist(), stop)
        best = int(left[np.argmax(desk.means()[left])])
        leads, errors = _differences(desk, best, left, stop, terms.size(desk.samples))
        shown = float(chances(leads + terms.tolerance, errors).prod()) >= terms.confidence
        if shown:
            break
        # Bonferroni's share for each, as a careful user of posteriors would have it.
        ahead = chances(leads, errors) >= 1.0 - terms.delta / desk.candidates
        left = left[~(ahead & (leads > 0.0))]
    said = [Status.OPEN if index in left else Status.BEATEN for index in range(desk.candidates)]
    if shown:
        said[best] = Status.WINNER
    return Ending(returned=best, said=tuple(said))


def chances(leads: Array, errors: Array) -> Array:
    """The posterior probability that each true lead is positive; certain where the error is 0."""
    normal = NormalDist()
    return np.array(
        [
            normal.cdf(lead / error) if error > 0.0 else float(lead >= -1e-12)
            for lead, error in zip(leads, errors, strict=True)
        ]
    )


def _differences(
    desk: Desk, best: int, left: Index, stop: int, size: int | None
) -> tuple[Array, Array]:
    """Mean leads of `best` over each one left, and their standard errors (its own: zero)."""
    rows = desk.known(left, stop)
    gaps = rows[int(np.flatnonzero(left == best)[0])] - rows
    leads = gaps.mean(axis=1)
    total = ((gaps - leads[:, None]) ** 2).sum(axis=1) + PRIOR_VARIANCE
    errors = np.sqrt(total / stop / stop)
    if size is not None:
        errors *= np.sqrt(1.0 - stop / size)
    errors[left == best] = 0.0
    return leads, errors
