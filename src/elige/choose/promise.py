"""The promise of a race: what the scores so far prove, at one error rate for everything said.

Setting. K candidates answer the same samples in the same random order; x_i(t) in [0, 1] is the
score of i on sample t, m_i its mean (over the population, or over exactly this list). A best one,
b, has the largest mean; gap(i) = m_b - m_i. Three statements can be wrong:

- *beaten(i)* when gap(i) = 0,
- *outside(i)*, which takes its place where cost or speed is preferred, when gap(i) <= epsilon,
- *within(i)* when gap(i) > epsilon.

Money. For each candidate j there is a purse of 1, staked against "j is a best one and something
false was said to be within":

- F_j bets on x_o - x_j, o a rival chosen before the sample. If j is a best one the payoff's mean
  is at most zero whatever o is.
- W_ij bets on x_i - x_j + epsilon. If j is a best one and gap(i) > epsilon its mean is below zero.

A part of purse j is put on F_j, a little evenly on the W_ij, and before each new batch a part of
the rest on the W_ij of whoever then promises to be returned: that depends on earlier samples only.
O_i bets on x_o - x_i - epsilon, with money of its own.

Statements. A part `beta` of delta is for *beaten* or *outside*, 1 - beta for *within*.

- beaten(i): F_i, had it been begun with 1, reached m / (beta delta), m being the candidates not
  yet beaten (Holm).
- outside(i): likewise with O_i and a fifth of beta; or, with the rest of it, O_i reached
  1 / (0.8 beta delta) when all that stand before i in a fixed order are outside.
- within(i): for every j not beaten, W_ij + F_j, at one sample, reached 1 / ((1 - beta) delta).

Proof. Take one best b. The first false *beaten* comes while all s best ones are unbeaten, so
m >= s, and by Ville its chance is at most s * beta delta / s. The first false *outside* by Holm
likewise, all with gap <= epsilon being among the m; in the fixed order it can only be of
the first of those, one test. Before that b is unbeaten: a false within(i) needs W_ib + F_b to get
to 1 / ((1 - beta) delta). The sum of F_b, the W_ib with gap(i) > epsilon, and the money of the
purse not yet put in (at most all of it) is a supermartingale begun with at most 1, and never less
than any W_ib + F_b: the chance is at most (1 - beta) delta. Together: delta. What is put in on an
i with gap(i) <= epsilon is lost to the purse, whatever it grows to; that only helps.

Order. Each W_ij, F_i and O_i is a function of the first t samples, bet with what was known before
each sample; Ville bounds its maximum over all t. So candidates may be asked at different times,
pause, and catch up, and it does not matter when anybody looks, nor that some F_j(t) is not known
yet: it counts as nothing. Opponents and deposits are fixed when a sample is first asked of
anybody, from earlier samples alone.

The fixed order (by cost) is set before the samples on which its O_i bet.

Later arrivals. `RESERVE` of every share is kept back; the k-th to arrive later gets
RESERVE / (k (k + 1)) of each. Assumed: whoever adds or withdraws a candidate does not do it because
of the scores of samples on which bets are still to be placed.
"""

from dataclasses import dataclass

import numpy as np

from elige.choose.board import Board, Flags
from elige.choose.stakes import RESERVE, Deposit, Falls, Pairs, late_share
from elige.stats.wealth import Array, Index

BEATEN_SHARE = 0.05
OUTSIDE_SHARE = 0.4
IN_TURN = 0.8
FALL = 0.2
EVENLY = 0.02
PUT_IN = 0.25
"""How delta and the purse are split: chosen by replaying races on real answers (docs/race.md)."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: how many samples there are, whether they are the list, epsilon and delta.

    With `leaving` a candidate is *beaten* only when it is outside.
    """

    samples: int
    is_list: bool
    tolerance: float
    delta: float
    leaving: bool = False

    @property
    def size(self) -> int | None:
        """The length of the list drawn from without replacement; None for a population."""
        return self.samples if self.is_list else None

    @property
    def share(self) -> float:
        """The part of delta for *beaten*; the rest is for *within*."""
        return OUTSIDE_SHARE if self.leaving else BEATEN_SHARE

    @property
    def slack(self) -> float:
        """The tolerance as a sum over the list."""
        return self.tolerance * self.samples + _ROUNDING


class Evidence:
    """Scores, the money bet on them, and what it proves. Candidates are indexes from zero.

    `beaten` says who is shown worse than the best (outside, with `leaving`), `gone` who is not
    compared. What else is shown is asked for: `proves`, `within`. `version` changes with all that.
    """

    def __init__(self, question: Question, candidates: int) -> None:
        self.question = question
        self.first = candidates
        self.board = Board(candidates, question.samples)
        self.gone: Flags = np.zeros(candidates, dtype=bool)
        self.beaten: Flags = np.zeros(candidates, dtype=bool)
        self._cash = (1.0 - FALL - EVENLY) * (1.0 - RESERVE)
        self._places: Index | None = None
        self._falls = self._fresh_falls(0.0)
        self._outside = [self._fresh_falls(question.tolerance) for _ in range(2)]
        shares = np.full((candidates, candidates), EVENLY * (1.0 - RESERVE) / max(candidates, 1))
        self._pairs = Pairs(
            shares, self._falls, fall=FALL * (1.0 - RESERVE), tolerance=question.tolerance
        )
        self._proved: Flags = np.eye(candidates, dtype=bool)
        self._looked: dict[int, int] = {}
        self.version = 0

    def _fresh_falls(self, null: float) -> Falls:
        question = self.question
        return Falls(self.first, question.samples, null=null, size=question.size)

    def put_in(self, promise: Array) -> None:
        """Put money on who promises to be returned, before the samples at the front are asked."""
        if promise.sum() > 0.0:
            amount = PUT_IN * self._cash
            self._cash -= amount
            self._pairs.deposit(self.board.front, Deposit(amount, promise / promise.sum()))

    def line_up(self, costs: Array) -> None:
        """Fix the order in which they may be shown outside: the cheapest first, for good."""
        if self._places is None and self.question.leaving:
            self._places = np.argsort(np.argsort(costs[: self.first], kind="stable"))
            self._outside[1].begin = self.board.front

    def arrive(self) -> None:
        """Compare one more candidate, which has answered nothing yet."""
        share = late_share(len(self.gone) - self.first + 1)
        self.board.widen()
        for falls in (self._falls, *self._outside):
            falls.widen()
        self._pairs.widen(share, EVENLY * (1.0 - RESERVE) / max(self.first, 1))
        self.gone, self.beaten = np.append(self.gone, False), np.append(self.beaten, False)
        known = self._proved
        self._proved = np.eye(len(self.gone), dtype=bool)
        self._proved[:-1, :-1] |= known
        self.version += 1

    def withdraw(self, index: int) -> None:
        """Compare with this candidate no more: all bets against it are taken back."""
        self.gone[index] = True
        self.board.forget(index)
        for falls in (self._falls, *self._outside):
            falls.restart()
        self._pairs.restart()
        self._proved = np.eye(len(self.gone), dtype=bool)
        self.beaten[:] = False
        self.weigh()

    def weigh(self) -> None:
        """Bet on every sample that came in, and mark who is beaten."""
        self.version += 1
        self.board.name_leaders(~self.gone)
        left = np.flatnonzero(~self.gone & ~self.beaten)
        self._falls.bet(self.board, left)
        for falls in self._outside if self.question.leaving else ():
            falls.bet(self.board, left)
        self._mark_certain()
        while (shown := self._shown() & ~self.beaten & ~self.gone).any():
            self.beaten |= shown

    def proves(self, index: int) -> Flags:
        """Who is shown to be at most epsilon above `index`, among those not beaten."""
        proved: Flags = self._proved[index]
        if self._looked.get(index) == self.version:
            return proved
        self._looked[index] = self.version
        for rival in np.flatnonzero(~proved & ~self.gone & ~self.beaten):
            self._pairs.bet(self.board, index, int(rival), self.question.size)
        proved |= self._pairs.peaks[index] >= self.wanted
        if self.question.is_list:
            least, most = self.board.ends()
            proved |= most - least[index] <= self.question.slack
        return proved

    def within(self, index: int) -> bool:
        """Whether `index` is shown to be at most epsilon below the best."""
        if self.gone[index] or self.beaten[index]:
            return False
        return bool(self.proves(index)[~self.beaten & ~self.gone].all())

    def all_within(self) -> Flags:
        """Everybody who is shown to be at most epsilon below the best."""
        found = np.array([self.within(index) for index in range(len(self.gone))], dtype=bool)
        if self.question.is_list and found.any():
            # Who is certainly no worse than one that is within is within too.
            least, most = self.board.ends()
            found |= (least + _ROUNDING >= most[found].min()) & ~self.gone & ~self.beaten
        return found

    @property
    def wanted(self) -> float:
        """The money at which a proof of *within* is complete."""
        delta = self.question.delta * (1.0 - self.question.share)
        return 1.0 / delta if delta > 0.0 else np.inf

    def missing(self, index: int, rival: int) -> float:
        """How many times more money the proof "at most epsilon below `rival`" wants."""
        return self.wanted / max(self._pairs.money(index, rival), 1e-300)

    def missing_to_fall(self, index: int) -> float:
        """How many times more money the proof that `index` is beaten wants."""
        falls = self._outside[0] if self.question.leaving else self._falls
        return float(self._wanted_to_fall()[index]) / max(falls.money(index), 1e-300)

    def _wanted_to_fall(self) -> Array:
        delta = self.question.delta * self.question.share
        if delta <= 0.0:
            return np.full(len(self.gone), np.inf)
        part = 1.0 - IN_TURN if self.question.leaving else 1.0
        left = int((~self.beaten & ~self.gone)[: self.first].sum())
        shares = np.full(len(self.gone), (1.0 - RESERVE) * part / max(left, 1))
        for index in range(self.first, len(shares)):
            shares[index] = late_share(index - self.first + 1)
        return np.asarray(1.0 / (delta * shares))

    def _shown(self) -> Flags:
        """Who is shown beaten by one step of Holm's procedure, or by its turn."""
        if not self.question.leaving:
            return np.asarray(self._falls.peaks >= self._wanted_to_fall())
        shown = self._outside[0].peaks >= self._wanted_to_fall()
        if self._places is not None and self.question.delta > 0.0:
            open_ = ~self.beaten[: self.first] & ~self.gone[: self.first]
            turn = int(np.argmin(np.where(open_, self._places, self.first)))
            delta = self.question.delta * OUTSIDE_SHARE * IN_TURN * (1.0 - RESERVE)
            shown[turn] |= self._outside[1].peaks[turn] >= 1.0 / delta
        return np.asarray(shown)

    def _mark_certain(self) -> None:
        """Mark who cannot catch up even if every answer still to come were right."""
        if self.question.is_list and not self.gone.all():
            least, most = self.board.ends()
            lag = least[~self.gone].max() - most
            slack = self.question.slack if self.question.leaving else _ROUNDING
            self.beaten |= (lag > slack) & ~self.gone
