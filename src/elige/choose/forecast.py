"""Estimates of how much more a race would take; nothing that is said depends on them."""

from math import inf, log

import numpy as np

from elige.choose.board import Flags, listed
from elige.choose.promise import Evidence
from elige.stats.power import LEARNING, more_from_list, samples_needed
from elige.stats.wealth import Array

_LEAST_VARIANCE = 0.02
_LIKELY_NATS = 0.3
_SHARPNESS = 3.0


class Forecast:
    """What the scores so far suggest."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._board = evidence.board

    def more(self, index: int, samples: float) -> int | None:
        """How many more of the race's samples do the work of so many with replacement."""
        if self._evidence.question.is_list:
            drawn = int(self._board.counts[index])
            return more_from_list(samples, drawn=drawn, size=self._board.samples)
        return None if samples == inf else int(np.ceil(samples))

    def lead(self, one: int, other: int) -> tuple[float, float]:
        """The mean difference on the samples of both, and its variance for one sample."""
        differences = self._board.differences(one, other)
        if not len(differences):
            return 0.0, 1.0
        return float(differences.mean()), max(float(differences.var()), _LEAST_VARIANCE)

    def until_beaten(self, index: int, best: int) -> float:
        """Samples (with replacement) until `index` is shown beaten by bets on `best`."""
        lead, variance = self.lead(best, index)
        return _samples(lead, variance, self._evidence.missing_to_fall(index))

    def until_within(self, index: int) -> float:
        """Samples (with replacement) until `index` is shown within by bets on it."""
        evidence = self._evidence
        rivals = ~evidence.beaten & ~evidence.gone & ~evidence.proves(index)
        longest = 0.0
        for rival in listed(rivals):
            lead, variance = self.lead(index, rival)
            lead += evidence.question.tolerance
            longest = max(longest, _samples(lead, variance, evidence.missing(index, rival)))
        return longest

    def promise(self, target: int, costs: Array | None) -> Array:
        """How likely each is returned, up to a common factor; `costs` where they are preferred."""
        evidence, means = self._evidence, self._board.means()
        asked = ~evidence.gone & ~evidence.beaten & (self._board.counts > 0)
        if costs is None:
            return self._closeness(target, asked, 0.0)
        best = int(np.argmax(np.where(asked, means, -1.0)))
        near = self._closeness(best, asked, evidence.question.tolerance)
        cheaper = 1.0
        for index in np.argsort(costs, kind="stable"):
            share = near[index]
            near[index] *= cheaper
            cheaper *= 1.0 - 0.9 * share
        return near

    def _closeness(self, best: int, among: Flags, tolerance: float) -> Array:
        """Near 1 for those that are no more than the tolerance behind, less the surer that is."""
        found = np.zeros(len(among))
        for index in listed(among):
            lead, variance = self.lead(best, index)
            both = min(self._board.counts[best], self._board.counts[index])
            behind = max(lead - tolerance, 0.0) ** 2 * both / variance
            found[index] = np.exp(-0.5 * _SHARPNESS * behind)
        return found


def _samples(gap: float, variance: float, times: float) -> float:
    """Samples in which a bet on `gap` multiplies by `times`."""
    if times == inf:
        return inf
    nats = min(max(log(times), _LIKELY_NATS), 100.0 * LEARNING)
    return samples_needed(gap, variance=variance, nats=nats)
