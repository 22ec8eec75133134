"""Racing by intervals: who cannot be the best any more leaves, until one is close enough."""

from collections.abc import Callable

import numpy as np

from elige.choose.board import Flags
from elige.choose.replay.desk import Desk
from elige.choose.replay.terms import Ending, Terms
from elige.records import Status
from elige.stats.wealth import Array

Limits = Callable[[Array], Array]
"""From the scores so far (a row a candidate) to lower limits of m_i - m_j, at [i, j]."""

_ROUNDING = 1e-12


def shrinking_race(desk: Desk, terms: Terms, limits: Limits) -> Ending:
    """Ask everybody who is left the same samples, and look at `limits` after each round.

    All limits of all looks must hold together with the confidence wanted. Then *beaten* is said
    of whom somebody left leads, *within* of whom nobody left leads by more than the tolerance, and
    the race ends as soon as the one with the highest mean is within.
    """
    left = np.arange(desk.candidates)
    leads = np.full((desk.candidates, desk.candidates), -1.0)
    np.fill_diagonal(leads, 0.0)
    within: Flags = np.zeros(desk.candidates, dtype=bool)
    for stop in terms.looks(desk.samples):
        desk.ask_each(left.tolist(), stop)
        here = np.ix_(left, left)
        leads[here] = np.maximum(leads[here], limits(desk.known(left, stop)))
        left = left[leads[here].max(axis=0) <= _ROUNDING]
        within[left] = leads[np.ix_(left, left)].min(axis=1) >= -terms.tolerance - _ROUNDING
        if within[left[np.argmax(desk.means()[left])]]:
            break
    best = int(left[np.argmax(desk.means()[left])])
    return Ending(returned=best, said=_said(desk.candidates, best, set(left.tolist()), within))


def _said(candidates: int, best: int, left: set[int], within: Flags) -> tuple[Status, ...]:
    said = [Status.OPEN if index in left else Status.BEATEN for index in range(candidates)]
    for index in left:
        if within[index]:
            said[index] = Status.WINNER if index == best else Status.WITHIN
    return tuple(said)
