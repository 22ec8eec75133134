"""The promise of a race: what the scores so far prove, at one error rate for everything said.

Setting. K candidates answer the same samples in the same random order; x_i(t) in [0, 1] is the
score of i on sample t, m_i its mean (over the population, or over exactly this list). A best one,
b, has the largest mean; gap(i) = m_b - m_i. Three statements can be wrong:

- *beaten(i)* when gap(i) = 0,
- *outside(i)* when gap(i) <= epsilon,
- *within(i)* when gap(i) > epsilon.

Money. For each b imagine purses staked against "b is a best one":

- B_i bets on x_o - x_i, o a rival chosen before the sample. If i is a best one, the payoff's mean
  is at most zero whatever o is: B_i is a supermartingale. O_i bets on x_o - x_i - epsilon likewise.
- W_ij bets on x_i - x_j + epsilon. If gap(i) > epsilon and j = b its mean is below zero.

A part `beta` of delta goes to all B and O, 1 - beta to all W. Of the purse for W a part is put in
evenly at the start, and a part of the rest before each new batch, on whoever then promises to be
returned: what is put in depends on earlier samples only, and on i, not on j.

Statements. beaten(i): B_i >= m / (beta delta), m being the candidates not yet beaten (Holm).
outside(i): beaten(i), and O_i likewise. within(i): W_ij >= 1 / ((1 - beta) delta) for every j
not beaten, at any time, each at its own.

Proof. Take one best b. The first false *beaten* comes while all s best ones are unbeaten, so
m >= s, and by Ville its chance is at most s * beta delta / s. With *outside* in use m counts those
not yet outside, which contain all with gap <= epsilon; each of them has one false statement to
make (outside(i) needs beaten(i), so of a best one both are the event B_i), and the same sum holds.
Before that b is unbeaten: a false within(i) needs W_ib >= 1 / ((1 - beta) delta). The sum of W_ib
over all i with gap(i) > epsilon, with the money not yet put in (at most all of it), is a
supermartingale begun with at most 1, so the chance that any of them gets to that threshold is at
most (1 - beta) delta. Together: delta. What is put in on an i with gap(i) <= epsilon is
lost to the purse, whatever it grows to; that only helps.

Order. Each W_ij and B_i is a function of the first t samples, bet with what was known before each
sample; Ville bounds its maximum over all t. So candidates may be asked at different times, pause,
and catch up, and it does not matter when anybody looks. Opponents and deposits are fixed when a
sample is first asked of anybody, from earlier samples alone.

Later arrivals. `RESERVE` of every share is kept back; the k-th to arrive later gets
RESERVE / (k (k + 1)) of each. Assumed: whoever adds or withdraws a candidate does not do it because
of the scores of samples on which bets are still to be placed.
"""

from dataclasses import dataclass

import numpy as np

from elige.choose.board import Board, Flags
from elige.choose.stakes import RESERVE, Falls, Pairs, late_share
from elige.stats.wealth import Array

BEATEN_SHARE = 0.1
EVENLY = 0.1
PUT_IN = 0.7
"""How delta and the purse are split: chosen by replaying races on real answers (docs/race.md)."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: how many samples there are, whether they are the list, epsilon and delta.

    `leaving` puts *outside* in use beside *beaten*.
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


class Evidence:
    """Scores, the money bet on them, and what it proves. Candidates are indexes from zero.

    `proved[i, j]` says that i is shown to be at most epsilon below j, `within` who is that below
    the best; `beaten` and `outside` are the other statements, `gone` who is not compared.
    """

    def __init__(self, question: Question, candidates: int) -> None:
        self.question = question
        self.first = candidates
        self.board = Board(candidates, question.samples)
        self.gone: Flags = np.zeros(candidates, dtype=bool)
        self.beaten: Flags = np.zeros(candidates, dtype=bool)
        self.outside: Flags = np.zeros(candidates, dtype=bool)
        self._cash = (1.0 - EVENLY) * (1.0 - RESERVE)
        nulls = (0.0, question.tolerance) if question.leaving else (0.0,)
        self._falls = Falls(candidates, nulls, question.size)
        share = EVENLY * (1.0 - RESERVE) / max(candidates, 1)
        self._pairs = Pairs(
            np.full(candidates, share), question.tolerance, question.size, self.wanted
        )
        self.proved: Flags = np.eye(candidates, dtype=bool)
        self.within: Flags = np.zeros(candidates, dtype=bool)

    def put_in(self, promise: Array) -> None:
        """Put money on who promises to be returned, before the samples at the front are asked."""
        total = float(promise.sum())
        if total > 0.0:
            amounts = PUT_IN * self._cash * promise / total
            self._cash -= float(amounts.sum())
            self._pairs.deposit(self.board.front, amounts)

    def arrive(self) -> None:
        """Compare one more candidate, which has answered nothing yet."""
        share = late_share(len(self.gone) - self.first + 1)
        self.board.widen()
        self._falls.widen()
        self._pairs.widen(share)
        self.gone, self.beaten, self.outside = (
            np.append(kept, False) for kept in (self.gone, self.beaten, self.outside)
        )
        self._conclude()

    def withdraw(self, index: int) -> None:
        """Compare with this candidate no more: bets of *beaten* against it are taken back."""
        self.gone[index] = True
        self.board.forget(index)
        self._falls.restart()
        self.beaten[:] = False
        self.outside[:] = False
        self.weigh()

    def weigh(self) -> None:
        """Bet on every sample that came in, and mark who is beaten or outside."""
        settled = self.outside if self.question.leaving else self.beaten
        self._falls.bet(self.board, np.flatnonzero(~self.gone & ~settled))
        self._mark_certain()
        while self._mark_shown():
            pass
        self._pairs.bet(self.board, ~self.gone & ~self.outside, ~self.gone & ~self.beaten)
        self._conclude()

    def _conclude(self) -> None:
        found = self._pairs.peaks >= self.wanted
        if self.question.is_list:
            least, most = self.board.ends()
            slack = self.question.tolerance * self.question.samples + _ROUNDING
            found |= most[None, :] - least[:, None] <= slack
        self.proved = found | np.eye(len(self.gone), dtype=bool)
        rivals = ~self.beaten & ~self.gone
        self.within = self.proved[:, rivals].all(axis=1) & ~self.gone & ~self.outside
        if self.question.is_list and self.within.any():
            # Who is certainly no worse than one that is within is within too.
            least, most = self.board.ends()
            as_good = least + _ROUNDING >= most[self.within].min()
            self.within |= as_good & ~self.gone & ~self.outside

    @property
    def wanted(self) -> float:
        """The money at which a proof of *within* is complete."""
        delta = self.question.delta * (1.0 - BEATEN_SHARE)
        return 1.0 / delta if delta > 0.0 else np.inf

    def missing(self, index: int, rival: int) -> float:
        """How many times more money the proof "at most epsilon below `rival`" wants."""
        return float(self.wanted / max(self._pairs.money[index, rival].sum(), 1e-300))

    def missing_to_fall(self, index: int) -> float:
        """How many times more money the proof that `index` is beaten wants."""
        money = max(float(self._falls.money[0, index].sum()), 1e-300)
        return float(self._wanted_to_fall()[index]) / money

    def _wanted_to_fall(self) -> Array:
        settled = self.outside if self.question.leaving else self.beaten
        delta = self.question.delta * BEATEN_SHARE
        if delta <= 0.0:
            return np.full(len(self.gone), np.inf)
        left = int((~settled & ~self.gone)[: self.first].sum())
        shares = np.full(len(self.gone), (1.0 - RESERVE) / max(left, 1))
        for index in range(self.first, len(shares)):
            shares[index] = late_share(index - self.first + 1)
        return np.asarray(1.0 / (delta * shares))

    def _mark_shown(self) -> bool:
        """Mark one step of Holm's procedure; whether it marked anybody."""
        before = int(self.beaten.sum() + self.outside.sum())
        shown = self._falls.peaks >= self._wanted_to_fall()
        self.beaten |= shown[0] & ~self.gone
        if self.question.leaving:
            self.outside |= self.beaten & shown[1]
        return int(self.beaten.sum() + self.outside.sum()) > before

    def _mark_certain(self) -> None:
        """Mark who cannot catch up even if every answer still to come were right."""
        if not self.question.is_list or self.gone.all():
            return
        least, most = self.board.ends()
        lag = least[~self.gone].max() - most
        self.beaten |= (lag > _ROUNDING) & ~self.gone
        if self.question.leaving:
            slack = self.question.tolerance * self.question.samples + _ROUNDING
            self.outside |= (lag > slack) & ~self.gone
