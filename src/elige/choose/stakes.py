"""The money at stake in a race: against being a best one, and pair by pair for *within*.

What it proves, and why, stands in elige.choose.promise.
"""

from bisect import bisect_left

import numpy as np

from elige.choose.board import NOBODY, Board
from elige.stats.wealth import Array, Index, bets, course, put_in, stake_grid

RESERVE = 0.03
"""The part of every share kept for candidates that arrive later."""

BOLD = np.array([0.1, 0.3, 1.0])
BOLDNESS = np.array([0.1, 0.15, 0.75])
"""Stakes of `Falls` and the money on each, for rivals clearly behind: chosen by replay."""


_NOTHING = 1e-200


def late_share(arrival: int) -> float:
    """The share of the `arrival`-th candidate to come later, from one; together RESERVE."""
    return RESERVE / (arrival * (arrival + 1))


class Falls:
    """Money bet on "some other one is better than i by more than `null`", begun with 1.

    `path[i, t]` is i's money after t samples as far as the bets are settled, zero beyond; `peaks`
    the most it ever was. No bet is placed before sample `begin`.
    """

    def __init__(self, candidates: int, samples: int, *, null: float, size: int | None) -> None:
        self.begin = 0
        self._null = null
        self._size = size
        self._counts: Index = np.zeros(candidates, dtype=np.int64)
        self._money: Array = np.tile(BOLDNESS, (candidates, 1))
        self.path: Array = np.zeros((candidates, samples + 1))
        self.path[:, 0] = 1.0
        self.peaks: Array = np.ones(candidates)

    def bet(self, board: Board, indexes: Index) -> None:
        """Bet on the samples of these candidates that came in."""
        for index in indexes[board.counts[indexes] > self._counts[indexes]]:
            self._bet_one(board, int(index))

    def _bet_one(self, board: Board, index: int) -> None:
        start = int(self._counts[index])
        rivals = board.opponents(index, start)
        if not len(rivals):
            return
        stop = start + len(rivals)
        places = np.arange(start, stop)
        payoffs = board.scores[rivals, places] - board.scores[index, start:stop]
        before = board.sums[rivals, places] - board.sums[index, start:stop]
        plan = bets(payoffs[None, :], before[None, :], self._null, start, self._size)
        plan.limits[:, (rivals == NOBODY) | (places < self.begin)] = 0.0
        money, totals = course(self._money[[index]], BOLD, plan)
        self._money[index] = money[0]
        self.path[index, start + 1 : stop + 1] = totals[0]
        self.peaks[index] = max(self.peaks[index], totals.max())
        self._counts[index] = stop

    def money(self, index: int) -> float:
        """The money of this candidate now."""
        return float(self._money[index].sum())

    def widen(self) -> None:
        """Make room for one more candidate."""
        self._counts = np.append(self._counts, 0)
        self._money = np.vstack([self._money, BOLDNESS])
        self.path = np.pad(self.path, ((0, 1), (0, 0)))
        self.path[-1, 0] = 1.0
        self.peaks = np.append(self.peaks, 1.0)

    def restart(self) -> None:
        """Take every bet back."""
        self._counts[:] = 0
        self._money[:] = BOLDNESS
        self.path[:] = 0.0
        self.path[:, 0] = 1.0
        self.peaks[:] = 1.0


class Deposit:
    """The same `amount` for every purse, shared among all but its own candidate by `promise`."""

    def __init__(self, amount: float, promise: Array) -> None:
        self._amount = amount
        self._promise = promise
        self._rest: Array = (1.0 - np.eye(len(promise))) @ promise

    def on(self, one: int, other: int) -> float:
        """What the purse against `other` gets on `one`."""
        rest = float(self._rest[other])
        return self._amount * float(self._promise[one]) / rest if rest > _NOTHING else 0.0

    def widen(self) -> None:
        """Make room for one more candidate, on which nothing was put in."""
        self._rest = np.append(self._rest, self._promise.sum())
        self._promise = np.append(self._promise, 0.0)


class Pairs:
    """Money bet on "i is less than epsilon below j", at [i, j]; what was put in on it at first.

    Bets are settled when they are asked about: they are functions of the samples that both
    answered, whenever that happens. `peaks[i, j]` is the most that this money and the part
    `fall` of j's own fall ever came to together.
    """

    def __init__(self, shares: Array, falls: Falls, *, fall: float, tolerance: float) -> None:
        self._falls = falls
        self._fall = fall
        self._tolerance = tolerance
        self._stakes = stake_grid(falls.path.shape[1] - 1)
        self._shares = shares
        self._times: list[int] = []
        self._deposits: list[Deposit] = []
        self.restart()

    def restart(self) -> None:
        """Take every bet back; what is put in, and when, stays."""
        grid = len(self._stakes)
        self._counts: Index = np.zeros(self._shares.shape, dtype=np.int64)
        self._money: Array = np.repeat(self._shares[:, :, None] / grid, grid, axis=2)
        self.peaks: Array = self._shares + self._fall

    def deposit(self, at: int, deposit: Deposit) -> None:
        """Put the deposit in just before sample number `at`."""
        self._times.append(at)
        self._deposits.append(deposit)

    def bet(self, board: Board, one: int, other: int, size: int | None) -> None:
        """Bet on the samples of this pair that came in."""
        stop = int(min(board.counts[one], board.counts[other]))
        start = int(self._counts[one, other])
        while start < stop:
            due = bisect_left(self._times, start)
            if due < len(self._times) and self._times[due] == start:
                amount = np.array([self._deposits[due].on(one, other)])
                self._money[one, other] = put_in(self._money[[one], [other]], amount)[0]
                due += 1
            end = min([stop, *self._times[due : due + 1]])
            self._bet_on(board, (one, other), slice(start, end), size)
            start = end

    def _bet_on(self, board: Board, pair: tuple[int, int], part: slice, size: int | None) -> None:
        one, other = pair
        payoffs = board.scores[one, part] - board.scores[other, part]
        before = board.sums[one, part] - board.sums[other, part]
        plan = bets(payoffs[None, :], before[None, :], -self._tolerance, part.start, size)
        money, totals = course(self._money[one, other][None, :], self._stakes, plan)
        fall = self._fall * self._falls.path[other, part.start + 1 : part.stop + 1]
        self._money[one, other] = money[0]
        self.peaks[one, other] = max(self.peaks[one, other], (totals[0] + fall).max())
        self._counts[one, other] = part.stop

    def money(self, one: int, other: int) -> float:
        """The money on the pair now, with its part of the other's fall."""
        count = int(self._counts[one, other])
        return float(self._money[one, other].sum() + self._fall * self._falls.path[other, count])

    def widen(self, share: float, against: float) -> None:
        """Make room for one more: `share` is put in on it, `against` on all others against it."""
        known = len(self._shares)
        counts, money, peaks = self._counts, self._money, self.peaks
        self._shares = np.pad(self._shares, (0, 1), constant_values=against)
        self._shares[known, :] = share
        self.restart()
        self._counts[:known, :known] = counts
        self._money[:known, :known] = money
        self.peaks[:known, :known] = peaks
        for deposit in self._deposits:
            deposit.widen()
