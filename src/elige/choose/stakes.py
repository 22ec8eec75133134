"""The money at stake in a race: against being a best one, and pair by pair for *within*.

What it proves, and why, stands in elige.choose.promise.
"""

from collections.abc import Sequence

import numpy as np

from elige.choose.board import NOBODY, Board, Flags
from elige.stats.wealth import STAKES, Array, Index, bets, grown, put_in

RESERVE = 0.05
"""The part of every share kept for candidates that arrive later."""


def late_share(arrival: int) -> float:
    """The share of the `arrival`-th candidate to come later, from one; together RESERVE."""
    return RESERVE / (arrival * (arrival + 1))


class Falls:
    """Money bet on "some other one is better than i by more than a null", one row a null."""

    def __init__(self, candidates: int, nulls: Sequence[float], size: int | None) -> None:
        self._nulls = tuple(nulls)
        self._size = size
        self._counts: Index = np.zeros(candidates, dtype=np.int64)
        self.money: Array = np.full((len(nulls), candidates, len(STAKES)), 1.0 / len(STAKES))
        self.peaks: Array = np.ones((len(nulls), candidates))

    def bet(self, board: Board, indexes: Index) -> None:
        """Bet on the samples of these candidates that came in."""
        for index in indexes[board.counts[indexes] > self._counts[indexes]]:
            self._bet_one(board, int(index))

    def _bet_one(self, board: Board, index: int) -> None:
        start = int(self._counts[index])
        rivals = board.opponents(index, start)
        places = np.arange(start, start + len(rivals))
        if not len(places):
            return
        payoffs = (board.scores[rivals, places] - board.scores[index, places])[None, :]
        before = (board.sums[rivals, places] - board.sums[index, places])[None, :]
        for row, null in enumerate(self._nulls):
            plan = bets(payoffs, before, null, start, self._size)
            plan.limits[:, rivals == NOBODY] = 0.0
            money, peak = grown(self.money[row, [index]], STAKES, plan)
            self.money[row, index] = money[0]
            self.peaks[row, index] = max(self.peaks[row, index], peak[0])
        self._counts[index] = start + len(places)

    def widen(self) -> None:
        """Make room for one more candidate."""
        self._counts = np.append(self._counts, 0)
        spare = ((0, 0), (0, 1))
        self.money = np.pad(self.money, (*spare, (0, 0)), constant_values=1.0 / len(STAKES))
        self.peaks = np.pad(self.peaks, spare, constant_values=1.0)

    def restart(self) -> None:
        """Take every bet back."""
        self.money[:] = 1.0 / len(STAKES)
        self.peaks[:] = 1.0
        self._counts[:] = 0


class Pairs:
    """Money bet on "i is less than epsilon below j", at [i, j]."""

    def __init__(self, shares: Array, tolerance: float, size: int | None, enough: float) -> None:
        self._shares = shares
        self._tolerance = tolerance
        self._size = size
        self._enough = enough
        self._deposits: dict[int, Array] = {}
        self._counts: Index = np.zeros((len(shares), len(shares)), dtype=np.int64)
        self.money: Array = np.zeros((*self._counts.shape, len(STAKES)))
        self.money += shares[:, None, None] / len(STAKES)
        self.peaks: Array = self.money.sum(axis=2)

    def deposit(self, at: int, amounts: Array) -> None:
        """Put `amounts[i]` on every pair [i, j] just before sample number `at`."""
        self._deposits[at] = amounts

    def bet(self, board: Board, shown: Flags, rivals: Flags) -> None:
        """Bet on the samples that came in, for `shown` against `rivals`, where it is not enough."""
        wanted = shown[:, None] & rivals[None, :] & (self.peaks < self._enough)
        np.fill_diagonal(wanted, False)
        until = np.minimum(board.counts[:, None], board.counts[None, :])
        while len(pairs := np.argwhere(wanted & (until > self._counts))):
            starts = self._counts[pairs[:, 0], pairs[:, 1]]
            pairs = pairs[starts == starts.min()]
            self._bet_some(board, pairs[:, 0], pairs[:, 1], int(starts.min()))

    def _bet_some(self, board: Board, one: Index, other: Index, start: int) -> None:
        stop = int(np.minimum(board.counts[one], board.counts[other]).min())
        stop = min([at for at in self._deposits if start < at < stop], default=stop)
        part = slice(start, stop)
        money = self.money[one, other]
        if start in self._deposits:
            money = put_in(money, self._deposits[start][one])
        payoffs = board.scores[one, part] - board.scores[other, part]
        before = board.sums[one, part] - board.sums[other, part]
        plan = bets(payoffs, before, -self._tolerance, start, self._size)
        money, peak = grown(money, STAKES, plan)
        self.money[one, other] = money
        self.peaks[one, other] = np.maximum(self.peaks[one, other], peak)
        self._counts[one, other] = stop

    def widen(self, share: float) -> None:
        """Make room for one more candidate, which stakes `share`; the others stake their own."""
        self._shares = np.append(self._shares, share)
        fresh = Pairs(self._shares, self._tolerance, self._size, self._enough)
        known = slice(0, len(self._counts))
        fresh._counts[known, known] = self._counts
        fresh.money[known, known] = self.money
        fresh.peaks[known, known] = self.peaks
        self._counts, self.money, self.peaks = fresh._counts, fresh.money, fresh.peaks
        self._deposits = {at: np.append(kept, 0.0) for at, kept in self._deposits.items()}
