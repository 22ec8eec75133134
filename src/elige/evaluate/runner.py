"""Asks a candidate a batch of questions: what is known is read, the rest is asked and kept."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from elige.errors import EngineDown, EngineError, EngineRefused
from elige.evaluate.asking import Group, Question, ask_engine
from elige.evaluate.entrant import Entrant
from elige.evaluate.pool import EnginePool
from elige.evaluate.prompts import render
from elige.evaluate.scorers import judge, target_digest
from elige.records import (
    Answer,
    AnswerKey,
    Candidate,
    Engine,
    Failure,
    Job,
    Observation,
    Result,
    Scorer,
    Task,
)
from elige.store import RunEntry, Store

# Questions asked and kept together. A local engine's numbers depend in their last digits on
# what shares its batch, so a chunk is kept whole or not at all: an interrupted run that is
# resumed asks the same chunks again and finds the same answers.
CHUNK = 16
LEASE_SECONDS = 120.0
_POLL_SECONDS = 0.2
# An engine's own retries come first; these are for what is still failing after them.
_ROUNDS = 3

_Unanswered = tuple[Question, Exception]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How answers become scores: the scorer, and the digest its scores are kept under.

    `costly` scores are read from the store where they are known.
    """

    scorer: Scorer
    digest: str
    costly: bool = False


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
    ) -> None:
        self._run = run
        self._task = task
        self._entrants = entrants
        self._judging = judging
        self._store = store
        self._pool = pool
        self._halted = False
        self.on_open: Callable[[Candidate], None] = lambda _: None

    def halt(self) -> None:
        """Ask nothing more, now and later. Waits for nothing: signals may call it."""
        self._halted = True

    def work(self, job: Job) -> Iterator[Result]:
        """Yield one observation or failure for each sample of `job`, answers kept before.

        What failed is asked again, but not what was refused. Once halted it ends early. Raises
        `StoreError` when an answer cannot be kept, and what opening the engine raises.
        """
        entrant = self._entrants[job.candidate.name]
        questions = [self._question(entrant, index) for index in job.samples]
        known = self._store.answers([question.key for question in questions])
        for _, observation in self._observed(entrant, questions, known, cached=True):
            yield observation
        waiting = [
            left
            for start in range(0, len(questions), CHUNK)
            if (left := [q for q in questions[start : start + CHUNK] if q.key not in known])
        ]
        lost: list[_Unanswered] = []
        for _ in range(_ROUNDS):
            lost = [one for one in lost if isinstance(one[1], EngineRefused)]
            for outcome in self._asked(entrant, waiting):
                if isinstance(outcome, Observation):
                    yield outcome
                else:
                    lost.append(outcome)
            waiting = _again(entrant, lost)
        if self._halted:
            return
        for question, why in lost:
            yield Failure(candidate=entrant.name, sample=question.sample.id, why=str(why))

    def _question(self, entrant: Entrant, index: int) -> Question:
        sample = self._task.samples[index]
        ask = render(self._task, entrant.candidate, entrant.info, sample)
        repeat = 0
        key = AnswerKey(candidate=entrant.hash, sent=ask.key, repeat=repeat)
        return Question(index=index, sample=sample, ask=ask, key=key)

    def _asked(
        self, entrant: Entrant, chunks: list[list[Question]]
    ) -> Iterator[Observation | _Unanswered]:
        """Ask chunk by chunk; one that another process is asking is come back to later.

        When a chunk's worth of questions failed in a row the engine is broken: the chunks after
        it are not tried, and fail with it.
        """
        waiting, barren = chunks, 0
        while waiting and not self._halted:
            held: list[list[Question]] = []
            for place, chunk in enumerate(waiting):
                left = {question.index: question for question in chunk}
                for question, outcome in self._turn(entrant, chunk):
                    left.pop(question.index, None)
                    barren = _barren(barren, outcome)
                    yield outcome if isinstance(outcome, Observation) else (question, outcome)
                if left:
                    held.append(list(left.values()))
                if barren >= CHUNK:
                    why = EngineDown("Not asked, for it failed on everything before.")
                    yield from ((one, why) for later in waiting[place + 1 :] for one in later)
                    break
            waiting = held
            if waiting:
                time.sleep(_POLL_SECONDS)

    def _turn(
        self, entrant: Entrant, chunk: list[Question]
    ) -> Iterator[tuple[Question, Observation | Exception]]:
        """What came of the chunk's questions, but those that others are asking."""
        mine = self._claimed(chunk)
        if mine:
            yield from self._ask_chunk(entrant, mine)
        asked = {question.index for question in mine}
        rest = [question for question in chunk if question.index not in asked]
        known = self._store.answers([question.key for question in rest])
        yield from self._observed(entrant, rest, known, cached=True)

    def _claimed(self, chunk: Sequence[Question]) -> list[Question]:
        """The questions that are this process's to ask, each once however often it stands there."""
        once = {question.key: question for question in reversed(chunk)}
        granted = self._store.claim(once, now=time.time(), ttl=LEASE_SECONDS)
        return [one for one in chunk if one.key in granted and once[one.key] is one]

    def _ask_chunk(
        self, entrant: Entrant, questions: list[Question]
    ) -> Iterator[tuple[Question, Observation | Exception]]:
        left = {question.index: question for question in questions}
        try:
            if not self._pool.is_open(entrant.candidate):
                self.on_open(entrant.candidate)
            with self._pool.engine(entrant.candidate) as engine:
                for group in self._groups(entrant, engine, questions):
                    for question, _ in (*group.answered, *group.failed):
                        del left[question.index]
                    yield from self._kept(entrant, group)
                    yield from group.failed
        except EngineError as error:
            # Of several together it is not known whose fault it was: each may be asked alone.
            why = error if len(questions) == 1 else EngineDown(str(error))
            yield from ((question, why) for question in left.values())
        finally:
            self._store.release([question.key for question in questions])

    def _groups(
        self, entrant: Entrant, engine: Engine, questions: list[Question]
    ) -> Iterator[Group]:
        one_by_one = entrant.candidate.ref.is_remote
        with closing(
            ask_engine(engine, questions, one_by_one=one_by_one, stopping=lambda: self._halted)
        ) as groups:
            yield from groups

    def _kept(self, entrant: Entrant, group: Group) -> list[tuple[Question, Observation]]:
        """What came back whole, once it is safely kept."""
        items = [(question.key, answer) for question, answer in group.answered]
        kept = self._store.keep_answers(items, run=self._run)
        asked = [question for question, _ in group.answered]
        return self._observed(entrant, asked, kept, cached=False)

    def _observed(
        self,
        entrant: Entrant,
        questions: Sequence[Question],
        answers: Mapping[AnswerKey, Answer],
        *,
        cached: bool,
    ) -> list[tuple[Question, Observation]]:
        found = [question for question in questions if question.key in answers]
        entries = [self._entry(entrant, question) for question in found]
        known = self._store.scores([e.score_key for e in entries]) if self._judging.costly else {}
        observations = [
            Observation(
                candidate=entrant.name,
                sample=question.sample.id,
                key=question.key,
                answer=answers[question.key],
                score=known.get(entry.score_key)
                or judge(self._judging.scorer, question.sample, answers[question.key]),
                cached=cached,
            )
            for question, entry in zip(found, entries, strict=True)
        ]
        self._store.save_scores(
            [
                (entry.score_key, observation.score)
                for entry, observation in zip(entries, observations, strict=True)
            ]
        )
        self._store.link(self._run, entries)
        return list(zip(found, observations, strict=True))

    def _entry(self, entrant: Entrant, question: Question) -> RunEntry:
        return RunEntry(
            candidate=entrant.name,
            sample=question.sample.id,
            position=question.index,
            key=question.key,
            scorer=self._judging.digest,
            target=target_digest(question.sample),
            prompt=question.ask.prompt.shown(),
        )


def _again(entrant: Entrant, lost: Sequence[_Unanswered]) -> list[list[Question]]:
    """What to ask once more: side by side on another machine, one at a time on this one."""
    size = CHUNK if entrant.candidate.ref.is_remote else 1
    left = [question for question, why in lost if not isinstance(why, EngineRefused)]
    return [left[start : start + size] for start in range(0, len(left), size)]


def _barren(before: int, outcome: Observation | Exception) -> int:
    """How many questions failed in a row; a refused one says nothing of the others."""
    if isinstance(outcome, Observation):
        return 0
    return before if isinstance(outcome, EngineRefused) else before + 1
