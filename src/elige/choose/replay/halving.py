"""Successive halving (Karnin, Koren & Somekh, ICML 2013; Jamieson & Talwalkar, AISTATS 2016)."""

from math import ceil, log2

import numpy as np

from elige.choose.replay.desk import Desk
from elige.choose.replay.terms import Ending, Terms, silent

BUDGET = 0.1
"""The part of a full evaluation that it may spend, as near to the race's cost as a round number."""


def halving(desk: Desk, terms: Terms) -> Ending:
    """Spend a tenth of a full evaluation in rounds; the better half of each goes on.

    Scores of earlier rounds count on, as Jamieson & Talwalkar have it.
    """
    left = np.arange(desk.candidates)
    for more, stay in halving_schedule(
        desk.candidates, int(BUDGET * desk.candidates * desk.samples)
    ):
        stop = min(int(desk.counts[left[0]]) + more, desk.samples)
        desk.ask_each(left.tolist(), stop)
        order = np.argsort(-desk.means()[left], kind="stable")
        left = np.sort(left[order[:stay]])
    return silent(int(left[0]), desk.candidates)


def halving_schedule(candidates: int, budget: int) -> list[tuple[int, int]]:
    """For each round: how many more samples everybody left answers, and how many stay after it."""
    rounds = max(1, ceil(log2(candidates)))
    plan, left = [], candidates
    for _ in range(rounds):
        stay = ceil(left / 2)
        plan.append((max(1, budget // (left * rounds)), stay))
        left = stay
    return plan
