"""The contest: draw the next samples, ask who is still in, settle who is out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from elige.choose.ledger import Account
from elige.choose.limits import Limits, broken_requirement
from elige.choose.race import Batch, Race, RaceSettings, Settlement
from elige.evaluate.budget import Ledger
from elige.evaluate.entrant import Entrant
from elige.records import (
    Answered,
    Event,
    Executor,
    Failed,
    Job,
    Observation,
    RefKind,
    Result,
    Settled,
    Status,
    Task,
)

# Measured limits are not judged on fewer answers than this while the race goes on.
_REQUIREMENT_ANSWERS = 20

Work = Callable[[Job], Iterator[Result]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a contest takes place: the task in the race's order, who enters, who does the work.

    `stopped` says that the user has had enough; the executor then ends its rounds early. `ledger`
    holds what the runner may spend, `orders` is how many questions a sample is. Whoever is in
    `repeats` draws its answers at random, so many of them to each sample.
    """

    task: Task
    entrants: Mapping[str, Entrant]
    limits: Limits
    executor: Executor
    work: Work
    stopped: Callable[[], bool] = lambda: False
    ledger: Ledger = field(default_factory=Ledger)
    orders: int = 1
    repeats: Mapping[str, int] = field(default_factory=dict)


class Contest:
    """A race on real candidates: the arithmetic is `Race`'s, the asking the runner's."""

    def __init__(self, ground: Ground, settings: RaceSettings) -> None:
        self._ground = ground
        self._positions = {sample.id: at for at, sample in enumerate(ground.task.samples)}
        self.race = Race(list(ground.entrants), settings)
        whole = ground.task.estimates == "corpus"  # then all answers are compared at once
        self.accounts = {
            name: Account(keep=whole, repeats=ground.repeats.get(name, 1))
            for name in ground.entrants
        }
        self.draws = frozenset(ground.repeats)
        self.rejected: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self._failing: set[str] = set()  # in the batch that is asked
        self.interrupted = False
        self.is_spent = False

    def run(self) -> Iterator[Event]:
        """Yield what happens until the race has ended, or was stopped: then `interrupted`.

        When the budget ends, what all of a batch's candidates answered is settled: `is_spent`.
        """
        while (batch := self.race.draw()) is not None:
            yield from self._ask(batch)
            if self._ground.stopped():
                self.interrupted = True
                return
            yield from self._settle(batch)
            if self.race.finished or self.is_spent:  # nobody wins whose limits were not looked at
                for name in self._left():
                    yield from self._held_to_limits(name, enough=1)
            if self.is_spent:
                return

    def _ask(self, batch: Batch) -> Iterator[Event]:
        """Ask what the batch lacks; again as long as real costs leave room that bounds took."""
        ledger, before = self._ground.ledger, -1
        self._failing.clear()
        while ledger.settled > before and not self._ground.stopped():
            before = ledger.settled
            names = [name for name in batch.candidates if name not in self._failing]
            jobs = [self._job(name, batch) for name in names]
            wanted = [job for job in jobs if job.samples]
            each = self._ground.orders
            ledger.deal(
                {job.candidate.name: len(job.samples) * job.repeats * each for job in wanted}
            )
            with closing(self._ground.executor.run(wanted, self._ground.work)) as results:
                for job, result in results:
                    yield self._noted(job.candidate.name, result)
            self.is_spent = bool(ledger.refused())
            if not self.is_spent:
                return

    def _settle(self, batch: Batch) -> Iterator[Event]:
        for name in batch.candidates:
            was_asked = name in self._failing or not self.is_spent
            if was_asked and self.accounts[name].lacks(batch.start, batch.stop):
                yield from self._out(name, f"it keeps failing: {self.failed[name]}")
        left = tuple(name for name in batch.candidates if name not in self.race.withdrawn)
        if not left:
            return  # the batch is gone with them
        if self.is_spent:
            lacking = [self.accounts[name].lacks(batch.start, batch.stop) for name in left]
            stop = min((places[0] for places in lacking if places), default=batch.stop)
            if stop == batch.start:
                return
            batch = self.race.shorten(stop)
        rows = {name: self.accounts[name].scores(batch.start, batch.stop) for name in left}
        yield from map(_settled, self.race.settle(rows))
        for name in left:
            yield from self._held_to_limits(name)
        self._weigh_costs(left)

    def _left(self) -> list[str]:
        return [name for name in self.accounts if name not in self.race.withdrawn]

    def _held_to_limits(self, name: str, *, enough: int = _REQUIREMENT_ANSWERS) -> Iterator[Event]:
        """Reject a candidate whose measured facts, on `enough` answers or more, break a limit."""
        account = self.accounts[name]
        if account.evaluated < enough:
            return
        why = broken_requirement(account.measured(), self._ground.limits, answers=account.evaluated)
        if why:
            self.rejected[name] = why
            yield Settled(
                candidate=name, status=Status.REJECTED, reason=why, samples=account.evaluated
            )
            yield from map(_settled, self.race.withdraw(name, why))

    def _out(self, name: str, why: str) -> Iterator[Event]:
        yield from map(_settled, self.race.withdraw(name, why))

    def _weigh_costs(self, names: tuple[str, ...]) -> None:
        """Tell the race what a sample costs, as measured: money or seconds, as preferred."""
        for name in names:
            cost = self.accounts[name].cost_each(self.race.settings.prefer)
            if cost is not None:
                self.race.set_cost(name, cost)

    def _job(self, name: str, batch: Batch) -> Job:
        entrant = self._ground.entrants[name]
        account = self.accounts[name]
        return Job(
            candidate=entrant.candidate,
            samples=tuple(account.lacks(batch.start, batch.stop)),
            lane=lane(entrant),
            repeats=account.repeats,
        )

    def _noted(self, name: str, result: Result) -> Event:
        account = self.accounts[name]
        if not isinstance(result, Observation):
            account.failed += 1
            self.failed[name] = result.why
            self._failing.add(name)
            return Failed(candidate=name, why=result.why)
        account.add(self._positions[result.sample], result)
        return Answered(
            candidate=name,
            done=account.evaluated,
            planned=len(self._ground.task.samples),
            seconds=result.answer.seconds,
            value=account.mean,
            cached=result.cached,
        )


def lane(entrant: Entrant) -> str:
    """Local models take turns on this machine's processors; the others run side by side."""
    alone = entrant.candidate.ref.kind in {RefKind.ENDPOINT, RefKind.ECHO}
    return entrant.name if alone else "local"


def _settled(settlement: Settlement) -> Settled:
    return Settled(
        candidate=settlement.name,
        status=settlement.status,
        reason=settlement.reason,
        samples=settlement.samples,
    )
