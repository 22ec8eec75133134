"""The budget of a run: what is asked is paid for by a reservation made before it.

A question reserves the most that it can take. Once its answer is there the real cost takes the
place of that; whatever happens to whoever asks, what was reserved counts until then. So the sum
of what was spent and what may still have to be paid never passes the limit.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock

from elige.records import Allowance, Budget

_ZERO = Decimal(0)


class BudgetSpent(Exception):
    """What is left of the budget does not pay for the next question; caught by the runner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """The most that one question can take: evaluations (none for a judge's), US dollars."""

    evaluations: int = 1
    usd: Decimal = _ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a run had paid before this process; `usd_at_risk` of it may or may not be owed."""

    evaluations: int = 0
    usd: Decimal = _ZERO
    usd_at_risk: Decimal = _ZERO


class Ledger:
    """Hands out what a budget holds. All of it may be called from any thread.

    `keep` is told, before anything is asked, how many US dollars of this process may be owed that
    no kept answer accounts for, so that a killed one leaves a record. `clock` gives seconds.
    """

    def __init__(
        self,
        budget: Budget | None = None,
        *,
        before: Spent | None = None,
        keep: Callable[[Decimal], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._budget = budget or Budget()
        before = before or Spent()
        self._evaluations, self._usd = before.evaluations, before.usd
        self._known_risk, self._at_risk, self._open = before.usd_at_risk, _ZERO, 0
        self._keep = keep
        self._clock, self._started = clock, clock()
        self._begun = False
        self._settled = 0
        self._slowest: dict[str, float] = {}
        self._shares: dict[str, int] = {}
        self._ended: set[str] = set()
        self._refused: set[str] = set()
        self._lock = Lock()

    def deal(self, wanted: Mapping[str, int]) -> None:
        """Begin a batch in which each candidate wants so many answers.

        If they cannot have all of them each gets the same number, so that what is answered can
        be compared. Nobody is refused any more.
        """
        with self._lock:
            self._refused.clear()
            self._ended.clear()
            limit = self._budget.evaluations
            left = sum(wanted.values()) if limit is None else self._room(limit)
            is_tight = left < sum(wanted.values())
            self._shares = dict.fromkeys(wanted, left // len(wanted)) if is_tight else {}

    def reserve(self, name: str, charges: Sequence[Charge]) -> int:
        """How many of `charges`, from the first on, are now reserved for this candidate.

        Time is reserved for all or for none of them. Who gets fewer than asked for is refused.
        """
        with self._lock:
            granted = 0
            if self._in_time(name, len(charges)):
                for charge in charges:
                    if not self._fits(name, charge):
                        break
                    self._take(name, charge)
                    granted += 1
            if granted < len(charges):
                self._refused.add(name)
            self._begun |= granted > 0
            if granted:
                self._tell()
            return granted

    def settle(self, charge: Charge, cost: Decimal | None) -> None:
        """Put the real cost in the place of what was reserved; unknown, the bound stays."""
        with self._lock:
            self._settled += 1
            self._open -= charge.evaluations
            self._evaluations += charge.evaluations
            if cost is not None:
                self._at_risk -= charge.usd
                self._usd += cost

    def release(self, charge: Charge) -> None:
        """Give back what was reserved for a question that is not owed anything."""
        with self._lock:
            self._open -= charge.evaluations
            self._at_risk -= charge.usd

    def lose(self, charge: Charge) -> None:
        """Note a question that was asked and came to nothing: no answer, but it may be billed."""
        with self._lock:
            self._open -= charge.evaluations

    def close(self, name: str, seconds: float) -> None:
        """Note that questions reserved together are done, each in so long; the slowest counts."""
        with self._lock:
            self._slowest[name] = max(seconds, self._slowest.get(name, 0.0))
            self._tell()

    def refused(self) -> frozenset[str]:
        """The candidates that could not be asked all they were to be asked in this batch."""
        with self._lock:
            return frozenset(self._refused)

    @property
    def settled(self) -> int:
        """How many questions were answered in this process, a judge's included."""
        with self._lock:
            return self._settled

    def check(self, name: str, charge: Charge | None = None) -> None:
        """Raise `BudgetSpent` when there is no time left for this candidate, or not this much.

        Nothing is reserved; it saves loading a model that would not be asked.
        """
        with self._lock:
            limit = self._budget.minutes
            if limit is not None and self._begun and self._minutes() >= limit:
                self._ended.add("minutes")
            elif charge is None or self._fits(name, charge):
                return
            self._refused.add(name)
        raise BudgetSpent

    def allowances(self) -> tuple[Allowance, ...]:
        """Each bound with what was spent of it; what may be owed counts as spent."""
        with self._lock:
            spent = {
                "evaluations": Decimal(self._evaluations + self._open),
                "usd": self._owed(),
                "minutes": self._minutes(),
            }
            return tuple(
                Allowance(unit=unit, limit=limit, spent=spent[unit], ended=unit in self._ended)
                for unit, limit in self._budget.limits().items()
            )

    def _in_time(self, name: str, count: int) -> bool:
        """Whether so many questions would end in time; the first ones of all are always begun."""
        limit = self._budget.minutes
        if limit is None or not self._begun:
            return True
        seconds = Decimal(self._slowest.get(name, 0.0)) * count
        in_time = self._minutes() < limit and self._minutes() + seconds / 60 <= limit
        if not in_time:
            self._ended.add("minutes")
        return in_time

    def _fits(self, name: str, charge: Charge) -> bool:
        limits = self._budget
        over = set()
        if limits.evaluations is not None:
            room = min(self._room(limits.evaluations), self._shares.get(name, charge.evaluations))
            over |= {"evaluations"} if charge.evaluations > room else set()
        if limits.usd is not None and self._owed() + charge.usd > limits.usd:
            over.add("usd")
        self._ended |= over
        return not over

    def _take(self, name: str, charge: Charge) -> None:
        self._open += charge.evaluations
        self._at_risk += charge.usd
        if name in self._shares:
            self._shares[name] -= charge.evaluations

    def _room(self, limit: int) -> int:
        return max(0, limit - self._evaluations - self._open)

    def _owed(self) -> Decimal:
        return self._usd + self._known_risk + self._at_risk

    def _minutes(self) -> Decimal:
        return Decimal(self._clock() - self._started) / 60

    def _tell(self) -> None:
        if self._budget.usd is not None:
            self._keep(self._at_risk)
