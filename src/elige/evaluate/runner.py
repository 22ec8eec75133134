"""Asks a candidate a batch of questions: what is known is read, the rest is asked and kept."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from elige.errors import EngineError
from elige.evaluate.asking import Question, ask_engine
from elige.evaluate.entrant import Entrant
from elige.evaluate.pool import EnginePool
from elige.evaluate.prompts import render
from elige.evaluate.scorers import judge, target_digest
from elige.records import (
    Answer,
    AnswerKey,
    Candidate,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How answers become scores: the scorer, and the digest its scores are kept under."""

    scorer: Scorer
    digest: str


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
        self.on_open: Callable[[Candidate], None] = lambda _: None

    def work(self, job: Job) -> Iterator[Result]:
        """Yield one observation or failure for each sample of `job`, answers kept before.

        Raises `StoreError` when an answer cannot be kept.
        """
        entrant = self._entrants[job.candidate.name]
        questions = [self._question(entrant, index) for index in job.samples]
        known = self._store.answers([question.key for question in questions])
        yield from self._observed(entrant, questions, known, cached=True)
        waiting = [
            left
            for start in range(0, len(questions), CHUNK)
            if (left := [q for q in questions[start : start + CHUNK] if q.key not in known])
        ]
        failed: list[tuple[Question, str]] = []
        for _ in range(_ROUNDS):
            failed = []
            for outcome in self._asked(entrant, waiting):
                if isinstance(outcome, Observation):
                    yield outcome
                else:
                    failed.append(outcome)
            waiting = [[question] for question, _ in failed]
        for question, why in failed:
            yield Failure(candidate=entrant.name, sample=question.sample.id, why=why)

    def _question(self, entrant: Entrant, index: int) -> Question:
        sample = self._task.samples[index]
        ask = render(self._task, entrant.candidate, entrant.info, sample)
        repeat = 0
        key = AnswerKey(candidate=entrant.hash, sent=ask.key, repeat=repeat)
        return Question(index=index, sample=sample, ask=ask, key=key)

    def _asked(
        self, entrant: Entrant, chunks: list[list[Question]]
    ) -> Iterator[Observation | tuple[Question, str]]:
        """Ask chunk by chunk; one that another process is asking is come back to later."""
        waiting = list(chunks)
        while waiting:
            held: list[list[Question]] = []
            for chunk in waiting:
                mine = self._claimed(chunk)
                if mine:
                    yield from self._ask_chunk(entrant, mine)
                rest = [question for question in chunk if question not in mine]
                answered = self._store.answers([question.key for question in rest])
                yield from self._observed(entrant, rest, answered, cached=True)
                if left := [question for question in rest if question.key not in answered]:
                    held.append(left)
            waiting = held
            if waiting:
                time.sleep(_POLL_SECONDS)

    def _claimed(self, chunk: Sequence[Question]) -> list[Question]:
        granted = self._store.claim(
            [question.key for question in chunk], now=time.time(), ttl=LEASE_SECONDS
        )
        return [question for question in chunk if question.key in granted]

    def _ask_chunk(
        self, entrant: Entrant, questions: list[Question]
    ) -> Iterator[Observation | tuple[Question, str]]:
        try:
            if not self._pool.is_open(entrant.candidate):
                self.on_open(entrant.candidate)
            with self._pool.engine(entrant.candidate) as engine:
                one_by_one = entrant.candidate.ref.is_remote
                for group in ask_engine(engine, questions, one_by_one=one_by_one):
                    kept = self._store.keep_answers(
                        [(question.key, answer) for question, answer in group.answered],
                        run=self._run,
                    )
                    asked = [question for question, _ in group.answered]
                    yield from self._observed(entrant, asked, kept, cached=False)
                    yield from group.failed
        except EngineError as error:
            yield from ((question, str(error)) for question in questions)
        finally:
            self._store.release([question.key for question in questions])

    def _observed(
        self,
        entrant: Entrant,
        questions: Sequence[Question],
        answers: Mapping[AnswerKey, Answer],
        *,
        cached: bool,
    ) -> list[Observation]:
        found = [question for question in questions if question.key in answers]
        observations = [
            Observation(
                candidate=entrant.name,
                sample=question.sample.id,
                key=question.key,
                answer=answers[question.key],
                score=judge(self._judging.scorer, question.sample, answers[question.key]),
                cached=cached,
            )
            for question in found
        ]
        entries = [self._entry(entrant, question) for question in found]
        self._store.save_scores(
            [
                (entry.score_key, observation.score)
                for entry, observation in zip(entries, observations, strict=True)
            ]
        )
        self._store.link(self._run, entries)
        return observations

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
