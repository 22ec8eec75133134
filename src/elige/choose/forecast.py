"""Estimates of how much more a race would take; nothing that is said depends on them."""

from math import inf, log

import numpy as np

from elige.choose.board import listed
from elige.choose.promise import Evidence
from elige.stats.power import LEARNING, more_from_list, samples_needed

_LEAST_VARIANCE = 0.02
_LIKELY_NATS = 0.3


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


def _samples(gap: float, variance: float, times: float) -> float:
    """Samples in which a bet on `gap` multiplies by `times`."""
    if times == inf:
        return inf
    nats = min(max(log(times), _LIKELY_NATS), 100.0 * LEARNING)
    return samples_needed(gap, variance=variance, nats=nats)
