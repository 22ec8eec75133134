"""The course of a race: who is asked next. Nothing here can make a statement wrong, only late."""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from elige.choose.board import NOBODY, Flags, listed
from elige.choose.forecast import Forecast
from elige.choose.promise import Evidence
from elige.stats.wealth import Array

_LIKELY_LEAD = 1.0
_STICKING = 0.5
_HASTE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How samples are handed out; `by_cost` prefers the cheapest to the best.

    The rest is explained at `RaceSettings`.
    """

    by_cost: bool
    first_batch: int
    growth: float
    portion: int
    side_by_side: bool
    patience: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Samples from `start` to before `stop`, for these candidates."""

    start: int
    stop: int
    who: tuple[int, ...]


class Course:
    """Chooses the target, the rivals on whom its proof depends, and their next samples."""

    def __init__(self, evidence: Evidence, pace: Pace) -> None:
        self._evidence = evidence
        self._board = evidence.board
        self._pace = pace
        self._forecast = Forecast(evidence)
        self._target: int | None = None
        self._last: int | None = None
        self._over = False
        self._aimed = -1
        self._missing: dict[int, tuple[int, int, float]] = {}
        self.costs: Array = np.full(len(evidence.gone), inf)

    def arrive(self) -> None:
        """Make room for one more candidate."""
        self.costs = np.append(self.costs, inf)
        self._over = False

    def set_cost(self, index: int, cost: float) -> None:
        """Note what a sample of this candidate costs."""
        self.costs[index] = cost
        self._aimed = -1

    def next(self) -> Ask | None:
        """Who is to answer which samples next; None when nobody is."""
        board = self._board
        if self._evidence.gone.all():
            return None
        if board.front > 0 or np.isfinite(self.costs).all():
            self._evidence.line_up(self.costs)
        if board.front == 0:
            stop = min(self._pace.first_batch, board.samples)
            board.open_all(stop)
            return Ask(start=0, stop=stop, who=listed(~self._evidence.gone))
        target = self._aim()
        needed = self._needed(target)
        if self._evidence.within(target):
            needed &= board.counts < board.counts[target]
        ask = self._next_of(target, needed)
        self._over = ask is None
        return ask

    def proven(self) -> int | None:
        """Who is to be returned, if that is shown; None if not."""
        if self._board.front == 0 or self._evidence.gone.all():
            return None
        target = self._aim()
        if self._evidence.within(target):
            return target
        if self._pace.by_cost or not self._over:
            return None
        within = self._evidence.all_within()
        return int(np.argmax(np.where(within, self._board.means(), -1.0))) if within.any() else None

    def returned(self) -> int | None:
        """Who is to be returned now, shown or not; None when nobody is left or was asked."""
        if self._evidence.gone.all() or self._board.front == 0:
            return None
        if (proven := self.proven()) is not None:
            return proven
        if self._pace.by_cost:
            within = self._evidence.all_within()
            if within.any():
                return self._first(within)
            return int(np.argmax(np.where(self._evidence.gone, -1.0, self._board.means())))
        return self._aim()

    def more_needed(self, index: int) -> int | None:
        """An estimate of how many more samples would show `index` beaten or within."""
        best = self.returned()
        if best is None or self._board.counts[index] == 0:
            return None
        ways = [self._forecast.until_within(index)]
        if best != index:
            ways.append(self._forecast.until_beaten(index, best))
        return self._forecast.more(index, min(ways))

    def harmless(self, index: int) -> bool:
        """Whether it is shown to be no more than epsilon above the one to be returned now."""
        best = self.returned()
        return best is not None and bool(self._evidence.proves(best)[index])

    def _aim(self) -> int:
        """The target: it changes only for one that is clearly ahead on the same samples."""
        evidence = self._evidence
        if self._target is not None and self._aimed == evidence.version:
            return self._target
        self._aimed = evidence.version
        out = evidence.gone | evidence.beaten
        if out.all():  # by cost: all were shown outside, which is a false statement somewhere
            out = evidence.gone
        best = self._first(~out)
        last = self._target
        if last is not None and last != best and not out[last] and self._same_price(last, best):
            lead, variance = self._forecast.lead(best, last)
            both = min(self._board.counts[best], self._board.counts[last])
            best = best if lead > _STICKING * np.sqrt(variance / max(both, 1)) else last
        self._target = best
        return best

    def _same_price(self, one: int, other: int) -> bool:
        return not self._pace.by_cost or bool(self.costs[one] == self.costs[other])

    def _first(self, among: Flags) -> int:
        """The cheapest of them if that is preferred, of equals the one with the highest mean."""
        if self._pace.by_cost:
            among = among & (self.costs <= self.costs[among].min())
        return int(np.argmax(np.where(among, self._board.means(), -1.0)))

    def _needed(self, target: int) -> Flags:
        """The rivals to be asked for the target's sake, or because little is missing."""
        evidence = self._evidence
        rivals = ~evidence.beaten & ~evidence.gone
        rivals[target] = False
        harmless = evidence.proves(target)
        needed = rivals & ~harmless
        if self._pace.by_cost and (stronger := self._stronger(target)) is not None:
            needed[:] = False
            needed[stronger] = True
        elif self._pace.patience > 0.0:
            for index in listed(
                rivals & harmless & (self._board.counts < self._board.counts[target])
            ):
                needed[index] = self._nearly_beaten(index, target)
        return np.asarray(needed)

    def _nearly_beaten(self, index: int, target: int) -> bool:
        asked = int(self._board.counts[index])
        at, rival, missing = self._missing.get(index, (-1, -1, inf))
        if (at, rival) != (asked, target):
            missing = self._forecast.until_beaten(index, target)
            self._missing[index] = (asked, target, missing)
        return missing <= min(self._pace.patience * asked, int(self._board.counts[target]) - asked)

    def _stronger(self, target: int) -> int | None:
        """The rival that most cheaply shows the target to be outside, if that seems likely."""
        found: int | None = None
        most = 0.0
        for index in listed(~self._evidence.gone):
            lead, variance = self._forecast.lead(index, target)
            lead -= self._evidence.question.tolerance
            both = min(self._board.counts[index], self._board.counts[target])
            if index == target or lead <= _LIKELY_LEAD * np.sqrt(variance / max(both, 1)):
                continue
            price = self.costs[[index, target]].sum()
            rate = lead * lead / (variance + lead * lead) / (price if 0 < price < inf else 1.0)
            if rate > most:
                found, most = index, rate
        return found

    def _next_of(self, target: int, needed: Flags) -> Ask | None:
        board, portion = self._board, self._pace.portion
        front = int(board.counts[target])
        ahead, behind = needed & (board.counts > front), needed & (board.counts < front)
        if ahead.any():
            stop = min(front + portion, int(board.counts[ahead].min()))
            return self._ask(front, stop, (target,))
        if behind.any():
            who = self._turn(behind)
            start = int(board.counts[who[0]])
            return self._ask(start, min(start + portion, front), who)
        if not needed.any() or front >= board.samples:
            return None
        stop = min(front + max(1, int(front * self._pace.growth)), board.samples)
        if front < board.front:
            return self._ask(front, min(stop, board.front), (target,))
        stop = min(stop, self._likely_end(target))
        self._open(target, needed, stop)
        return self._ask(front, stop, (target,))

    def _likely_end(self, target: int) -> int:
        """Up to which sample to ask, so as not to pass by much the one at which it is proven."""
        missing = self._forecast.more(target, self._forecast.until_within(target))
        if missing is None:
            return self._board.samples
        return self._board.front + max(self._pace.portion, ceil(_HASTE * missing))

    def _turn(self, behind: Flags) -> tuple[int, ...]:
        """Whose turn it is: all that are furthest behind, or one alone until it is done."""
        counts = self._board.counts
        if self._pace.side_by_side:
            return listed(behind & (counts == counts[behind].min()))
        if self._last is not None and behind[self._last]:
            return (self._last,)
        return (int(np.argmax(np.where(behind, self._board.means(), -1.0))),)

    def _ask(self, start: int, stop: int, who: tuple[int, ...]) -> Ask:
        self._last = who[0] if len(who) == 1 else None
        return Ask(start=start, stop=stop, who=who)

    def _open(self, target: int, needed: Flags, stop: int) -> None:
        """Begin a batch: put in money, and name the opponents of everybody for its samples."""
        known = self.costs if self._pace.by_cost else None
        self._evidence.put_in(self._forecast.promise(target, known))
        asked = needed | (np.arange(len(needed)) == target)
        order = np.argsort(-np.where(asked, self._board.means(), -1.0), kind="stable")
        second = int(order[1]) if asked.sum() > 1 else NOBODY
        self._board.open_with(int(order[0]), second, stop)
