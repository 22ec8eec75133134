"""The desk at which a method asks: it hands out scores in order, and counts."""

from collections.abc import Iterable

import numpy as np

from elige.stats.wealth import Array, Index


class Desk:
    """The scores of one draw (rows: candidates, columns: samples in their order).

    `counts` says how many samples each candidate has answered, `loads` how often a model had to
    be loaded while one at a time fits into the memory.
    """

    def __init__(self, scores: Array) -> None:
        self._scores = scores
        self._sums = np.pad(np.cumsum(scores, axis=1), ((0, 0), (1, 0)))
        self._last = -1
        self.candidates, self.samples = scores.shape
        self.counts: Index = np.zeros(self.candidates, dtype=np.int64)
        self.loads = 0

    def ask(self, index: int, stop: int) -> Array:
        """The scores of one candidate on its next samples, up to before number `stop`.

        Raises `ValueError` for samples that were asked already or are not there.
        """
        start = int(self.counts[index])
        if not start < stop <= self.samples:
            raise ValueError(f"samples {start} to {stop} of {self.samples} cannot be asked")
        self.loads += index != self._last
        self._last = index
        self.counts[index] = stop
        return self._scores[index, start:stop]

    def ask_each(self, indexes: Iterable[int], stop: int) -> None:
        """Ask some candidates, one after another, as far as they have not answered yet."""
        for index in indexes:
            if self.counts[index] < stop:
                self.ask(index, stop)

    def known(self, indexes: Index, stop: int) -> Array:
        """The first `stop` scores of each of these, a row each; all of them were asked."""
        if (self.counts[indexes] < stop).any():
            raise ValueError("a score that was not asked for")
        return np.asarray(self._scores[indexes, :stop])

    def means(self) -> Array:
        """Each candidate's mean over what it has answered; zero without an answer."""
        totals = self._sums[np.arange(self.candidates), self.counts]
        return np.asarray(totals / np.maximum(self.counts, 1))
