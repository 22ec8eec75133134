"""Contests whose answers are known beforehand, run through the real executor and race."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from threading import Lock

import numpy as np

from elige.choose.contest import Contest, Ground
from elige.choose.limits import Limits
from elige.choose.race import RaceSettings
from elige.evaluate.entrant import Entrant, entrant
from elige.evaluate.executor import ThreadExecutor
from elige.records import (
    Answer,
    AnswerKey,
    Candidate,
    EngineInfo,
    Estimates,
    Event,
    Failure,
    Identity,
    Job,
    ModelRef,
    Observation,
    Outcome,
    PromptForm,
    RefKind,
    Result,
    Sample,
    Score,
    ScorerSpec,
    Task,
)


def task_of(count: int, estimates: Estimates = "mean") -> Task:
    samples = tuple(Sample(id=f"s{i}", question=f"q{i}", target="a") for i in range(count))
    return Task(
        name="made",
        kind="text",
        samples=samples,
        form=PromptForm(question="{question}"),
        scorer=ScorerSpec(name="exact"),
        data_hash="d",
        estimates=estimates,
    )


def entrant_of(name: str, kind: RefKind = RefKind.ECHO) -> Entrant:
    ref = ModelRef(text=name, kind=kind, location=name)
    info = EngineInfo(identity=Identity(weights=name, engine="echo"))
    return entrant(Candidate(name=name, ref=ref), info)


class Answers:
    """Scores by candidate and sample; where there is none the engine fails.

    `seconds` and `costs` are for each answer, `unparsed` names candidates none of whose wrong
    answers could be read. `asked` counts, for each candidate, how often each sample was asked.
    """

    def __init__(
        self,
        scores: Mapping[str, Sequence[float | None]],
        *,
        seconds: Mapping[str, float] | None = None,
        costs: Mapping[str, str] | None = None,
        unparsed: frozenset[str] = frozenset(),
    ) -> None:
        self.scores = scores
        self.asked: dict[str, list[int]] = {name: [] for name in scores}
        self._seconds = seconds or {}
        self._costs = costs or {}
        self._unparsed = unparsed
        self._lock = Lock()

    def work(self, job: Job) -> Iterator[Result]:
        name = job.candidate.name
        for index in job.samples:
            with self._lock:
                self.asked[name].append(index)
            value = self.scores[name][index]
            if value is None:
                yield Failure(candidate=name, sample=f"s{index}", why="it is down")
            else:
                yield self._observation(name, index, value)

    def _observation(self, name: str, index: int, value: float) -> Observation:
        lost = name in self._unparsed and value == 0.0
        cost = self._costs.get(name)
        return Observation(
            candidate=name,
            sample=f"s{index}",
            key=AnswerKey(candidate=name, sent=f"s{index}"),
            answer=Answer(
                text="a",
                seconds=self._seconds.get(name, 0.1),
                cost=None if cost is None else Decimal(cost),
                prompt_tokens=3,
                completion_tokens=1,
            ),
            score=Score(value, outcome=Outcome.UNPARSED if lost else Outcome.SCORED),
        )


def contest_of(
    answers: Answers,
    settings: RaceSettings | None = None,
    *,
    limits: Limits | None = None,
    kind: RefKind = RefKind.ECHO,
    estimates: Estimates = "mean",
) -> Contest:
    count = len(next(iter(answers.scores.values())))
    ground = Ground(
        task=task_of(count, estimates),
        entrants={name: entrant_of(name, kind) for name in answers.scores},
        limits=limits or Limits(),
        executor=ThreadExecutor(),
        work=answers.work,
    )
    wanted = settings or RaceSettings(samples=count, tolerance=0.02, scope="list")
    return Contest(ground, replace(wanted, samples=count))


def played(contest: Contest) -> list[Event]:
    return list(contest.run())


def right(share: float, count: int = 300, *, seed: int = 0) -> list[float | None]:
    """Exactly this share of right answers, in a random order."""
    generator = np.random.default_rng(seed)
    flags = generator.permutation(np.arange(count) < round(share * count))
    return [float(flag) for flag in flags]
