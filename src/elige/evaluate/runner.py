"""Asks a candidate a batch of questions: what is known is read, the rest is asked and kept.

Questions are rendered, looked up, asked and let go of a window at a time, so the memory that a
run takes does not grow with its answers.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from elige.errors import EngineDown, EngineError, EngineRefused
from elige.evaluate.asking import Group, Question, ask_engine
from elige.evaluate.budget import BudgetSpent, Ledger
from elige.evaluate.charges import Hold, charge_of
from elige.evaluate.chunks import CHUNK, bounds, chunked, windowed
from elige.evaluate.entrant import Entrant
from elige.evaluate.marking import Judging, Marker
from elige.evaluate.pool import EnginePool
from elige.evaluate.prompts import asking
from elige.evaluate.repeats import repeated
from elige.records import (
    AnswerKey,
    Candidate,
    Engine,
    Failure,
    Job,
    Observation,
    Result,
    Task,
)
from elige.store import Store

LEASE_SECONDS = 120.0
_POLL_SECONDS = 0.2
# An engine's own retries come first; these are for what is still failing after them.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _Lost:
    """A question without an answer: which sample, the how-manyth time, and why."""

    index: int
    repeat: int
    why: Exception


class _Health:
    """Whether an engine is broken: so many questions in a row came to nothing."""

    def __init__(self) -> None:
        self._barren = 0

    def note(self, outcome: Observation | Exception) -> None:
        """Take note of what a question came to; a refused one says nothing of the others."""
        if isinstance(outcome, Observation):
            self._barren = 0
        elif not isinstance(outcome, EngineRefused):
            self._barren += 1

    @property
    def broken(self) -> bool:
        """Whether asking on is of no use."""
        return self._barren >= CHUNK


class Runner:
    """Answers jobs of one task from the store and, where it must, from the engines."""

    def __init__(
        self,
        *,
        run: str,
        task: Task,
        entrants: Mapping[str, Entrant],
        judging: Judging,
        store: Store,
        pool: EnginePool,
        ledger: Ledger | None = None,
    ) -> None:
        self._run = run
        self._task = task
        self._entrants = entrants
        self._asking = {
            name: asking(task, one.candidate, one.info) for name, one in entrants.items()
        }
        self._marker = Marker(run, judging, store)
        self._store = store
        self._pool = pool
        self._ledger = ledger or Ledger()
        self._halted = False
        self.on_open: Callable[[Candidate], None] = lambda _: None

    def halt(self) -> None:
        """Ask nothing more, now and later. Waits for nothing: signals may call it."""
        self._halted = True

    def work(self, job: Job) -> Iterator[Result]:
        """Yield one observation or failure for each sample of `job` and repeat.

        What failed is asked again, but not what was refused. Once halted, and when the budget
        pays for nothing more, it ends early. Raises `StoreError` when an answer cannot be kept,
        and what opening the engine raises.
        """
        with suppress(BudgetSpent):
            yield from self._work(job)

    def _work(self, job: Job) -> Iterator[Result]:
        entrant = self._entrants[job.candidate.name]
        lost: list[_Lost] = []
        yield from self._round(entrant, self._chunks(entrant, job), lost)
        for _ in range(1, _ROUNDS):
            again = [one for one in lost if not isinstance(one.why, EngineRefused)]
            lost = [one for one in lost if isinstance(one.why, EngineRefused)]
            yield from self._round(entrant, self._again(entrant, again), lost)
        if self._halted:
            return
        for one in lost:
            sample = self._task.samples[one.index].id
            yield Failure(candidate=entrant.name, sample=sample, why=str(one.why))

    def _chunks(self, entrant: Entrant, job: Job) -> Iterator[list[Question]]:
        """The job's questions, each chunk with all its repeats before the next one."""
        if not job.samples:
            return
        first = self._question(entrant, job.samples[0])
        most = bounds(entrant.candidate, entrant.info, weighed=first.ask.is_choice)
        questions = (self._question(entrant, index) for index in job.samples)
        for chunk in chunked(questions, most):
            for repeat in range(job.repeats):
                yield [repeated(question, repeat) for question in chunk]

    def _again(self, entrant: Entrant, lost: Sequence[_Lost]) -> Iterator[list[Question]]:
        """What to ask once more: side by side on another machine, one at a time on this one."""
        size = CHUNK if entrant.candidate.ref.is_remote else 1
        for start in range(0, len(lost), size):
            some = lost[start : start + size]
            yield [repeated(self._question(entrant, one.index), one.repeat) for one in some]

    def _stopping(self) -> bool:
        return self._halted

    def _question(self, entrant: Entrant, index: int) -> Question:
        sample = self._task.samples[index]
        ask = self._asking[entrant.name](sample)
        key = AnswerKey(candidate=entrant.hash, sent=ask.key)
        return Question(index=index, sample=sample, ask=ask, key=key)

    def _round(
        self, entrant: Entrant, chunks: Iterable[list[Question]], lost: list[_Lost]
    ) -> Iterator[Observation]:
        """Ask everything once, a window at a time; what comes to nothing is added to `lost`.

        When a chunk's worth of questions failed in a row the engine is broken: those after it
        are not tried, and fail with it.
        """
        health = _Health()
        for window in windowed(chunks):
            if self._halted:
                return
            for question, outcome in self._window(entrant, window, health):
                health.note(outcome)
                if isinstance(outcome, Observation):
                    yield outcome
                else:
                    lost.append(_Lost(question.index, question.key.repeat, outcome))

    def _window(
        self, entrant: Entrant, window: list[list[Question]], health: _Health
    ) -> Iterator[tuple[Question, Observation | Exception]]:
        every = [question for chunk in window for question in chunk]
        known = self._store.answers([question.key for question in every])
        yield from self._marker.known(entrant, every, known)
        waiting = [[one for one in chunk if one.key not in known] for chunk in window]
        yield from self._asked(entrant, [left for left in waiting if left], health)

    def _asked(
        self, entrant: Entrant, waiting: list[list[Question]], health: _Health
    ) -> Iterator[tuple[Question, Observation | Exception]]:
        """Ask chunk by chunk; one that another process is asking is come back to later."""
        while waiting and not self._stopping():
            held: list[list[Question]] = []
            for chunk in waiting:
                if self._stopping():
                    return
                if health.broken:
                    why = EngineDown("Not asked, for it failed on everything before.")
                    yield from ((question, why) for question in chunk)
                    continue
                left = {question.place: question for question in chunk}
                for question, outcome in self._turn(entrant, chunk):
                    left.pop(question.place, None)
                    yield question, outcome
                if left:
                    held.append(list(left.values()))
            waiting = held
            if waiting:
                self._ledger.check(entrant.name)
                time.sleep(_POLL_SECONDS)

    def _turn(
        self, entrant: Entrant, chunk: list[Question]
    ) -> Iterator[tuple[Question, Observation | Exception]]:
        """What came of the chunk's questions, but those that others are asking."""
        mine = self._claimed(chunk)
        if mine:
            yield from self._ask_chunk(entrant, mine)
        asked = {question.place for question in mine}
        rest = [question for question in chunk if question.place not in asked]
        if rest:
            known = self._store.answers([question.key for question in rest])
            yield from self._marker.known(entrant, rest, known)

    def _claimed(self, chunk: Sequence[Question]) -> list[Question]:
        """The questions that are this process's to ask, each once however often it stands there."""
        once = {question.key: question for question in reversed(chunk)}
        granted = self._store.claim(once, now=time.time(), ttl=LEASE_SECONDS)
        return [one for one in chunk if one.key in granted and once[one.key] is one]

    def _ask_chunk(
        self, entrant: Entrant, questions: list[Question]
    ) -> Iterator[tuple[Question, Observation | Exception]]:
        left = {question.place: question for question in questions}
        charges = {one.place: charge_of(entrant.candidate, one.ask) for one in questions}
        leased = {question.key for question in questions}
        try:
            self._ledger.check(entrant.name, next(iter(charges.values())))
            if not self._pool.is_open(entrant.candidate):
                self.on_open(entrant.candidate)
            with (
                self._pool.engine(entrant.candidate) as engine,
                Hold(self._ledger, entrant.name, charges) as hold,
            ):
                left = {place: left[place] for place in hold.granted}
                for group in self._groups(entrant, engine, list(left.values())):
                    for question, answer in group.answered:
                        hold.answered(question.place, answer.cost)
                    for question, why in group.failed:
                        hold.failed(question.place, why)
                    for question, _ in (*group.answered, *group.failed):
                        del left[question.place]
                    kept = self._marker.fresh(entrant, group.answered)
                    leased -= {question.key for question, _ in group.answered}
                    yield from kept
                    yield from group.failed
                if hold.was_cut:
                    raise BudgetSpent
        except EngineError as error:
            # Of several together it is not known whose fault it was: each may be asked alone.
            why = error if len(questions) == 1 else EngineDown(str(error))
            yield from ((question, why) for question in left.values())
        finally:
            self._store.release(leased)  # of what is kept the lease has ended already

    def _groups(
        self, entrant: Entrant, engine: Engine, questions: list[Question]
    ) -> Iterator[Group]:
        one_by_one = entrant.candidate.ref.is_remote
        with closing(
            ask_engine(engine, questions, one_by_one=one_by_one, stopping=self._stopping)
        ) as groups:
            yield from groups
