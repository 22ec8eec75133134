"""The scores of a race, each candidate's from the first sample on, and who was to be beaten."""

import numpy as np
from numpy.typing import NDArray

from elige.stats.wealth import Array, Index

Flags = NDArray[np.bool_]
NOBODY = -1


def listed(flags: Flags) -> tuple[int, ...]:
    """The indexes that are marked."""
    return tuple(int(index) for index in np.flatnonzero(flags))


class Board:
    """Rows are candidates, columns samples in the race's order.

    `counts` says how many samples each has answered, `sums[i, t]` is the sum of its first t
    scores, `front` how many samples anybody was asked.
    """

    def __init__(self, candidates: int, samples: int) -> None:
        self.samples = samples
        self.front = 0
        self.counts: Index = np.zeros(candidates, dtype=np.int64)
        self.sums: Array = np.zeros((candidates, samples + 1))
        self.scores: Array = np.zeros((candidates, samples))
        self._unnamed = 0
        self._lead: Index = np.full((2, samples), NOBODY, dtype=np.int64)

    def record(self, index: int, values: Array) -> None:
        """Add the scores of the next samples of one candidate."""
        start = int(self.counts[index])
        stop = start + len(values)
        self.scores[index, start:stop] = values
        self.sums[index, start + 1 : stop + 1] = self.sums[index, start] + np.cumsum(values)
        self.counts[index] = stop

    def means(self, prefix: Index | None = None) -> Array:
        """Each candidate's mean of its first `prefix` scores, or of all; zero without any."""
        counts = self.counts if prefix is None else np.minimum(prefix, self.counts)
        total = self.sums[np.arange(len(counts)), counts]
        return np.asarray(total / np.maximum(counts, 1))

    def ends(self) -> tuple[Array, Array]:
        """The least and the largest sum that each can have at the end of the list."""
        least = self.sums[np.arange(len(self.counts)), self.counts]
        return least, least + self.samples - self.counts

    def differences(self, first: int, second: int) -> Array:
        """First minus second on the samples that both answered."""
        both = min(self.counts[first], self.counts[second])
        return np.asarray(self.scores[first, :both] - self.scores[second, :both])

    def open_all(self, stop: int) -> None:
        """Begin with a batch that all answer; its opponents are named when they have."""
        self.front = self._unnamed = stop

    def name_leaders(self, among: Flags) -> None:
        """Make the leaders before each sample of the first batch the opponents, of `among`."""
        stop = self._unnamed
        if stop and among.any() and (self.counts[among] >= stop).all():
            sums = np.where(among[:, None], self.sums[:, :stop], -1.0)
            order = np.argsort(-sums, axis=0, kind="stable")[: min(2, int(among.sum()))]
            self._lead[: len(order), :stop] = order
            self._unnamed = 0

    def open_with(self, leader: int, second: int, stop: int) -> None:
        """Name the opponents for the samples from the front to `stop`; `second` is the leader's."""
        self._lead[0, self.front : stop] = leader
        self._lead[1, self.front : stop] = second
        self.front = stop

    def opponents(self, index: int, start: int) -> Index:
        """Whom to bet on against `index` from sample `start` on, as far as their scores are known.

        NOBODY stands where there is no bet.
        """
        lead = self._lead[:, start : int(self.counts[index])]
        found = np.where(lead[0] == index, lead[1], lead[0])
        unknown = (found != NOBODY) & (self.counts[found] <= start + np.arange(len(found)))
        return np.asarray(found[: int(np.argmax(unknown))] if unknown.any() else found)

    def widen(self) -> None:
        """Make room for one more candidate."""
        self.counts = np.append(self.counts, 0)
        self.sums = np.pad(self.sums, ((0, 1), (0, 0)))
        self.scores = np.pad(self.scores, ((0, 1), (0, 0)))

    def forget(self, index: int) -> None:
        """Name this candidate nobody's opponent."""
        self._lead[self._lead == index] = NOBODY
