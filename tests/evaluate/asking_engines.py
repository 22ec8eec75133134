"""Engines that fail as they are told, around a real EchoEngine, for the tests of asking."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from elige.engines.echo import EchoEngine, identity
from elige.errors import EngineDown, EngineError
from elige.evaluate.asking import Question
from elige.evaluate.entrant import Entrant, entrant
from elige.evaluate.marking import Judging
from elige.evaluate.options import TaskOptions
from elige.evaluate.pool import EnginePool
from elige.evaluate.prompts import render
from elige.evaluate.runner import Runner
from elige.evaluate.scorers import build_scorer, scorer_digest
from elige.evaluate.task import load_task
from elige.records import (
    Answer,
    AnswerKey,
    Ask,
    Candidate,
    EngineInfo,
    EngineSpec,
    ModelRef,
    Piece,
    Prompt,
    RefKind,
    Sampling,
    Task,
)
from elige.store import RunRecord, Store


class Troubled:
    """An EchoEngine that fails on prompts that hold one of `bad`, so many times each.

    `error` is what it fails with; `raises` says whether it takes the whole call down. `asked`
    counts the answers given, `calls` holds the size of each call, `ended` counts the calls
    whose iterator was closed or run to its end.
    """

    def __init__(
        self,
        candidate: Candidate,
        *,
        bad: Iterable[str] = (),
        times: int = 1_000_000,
        error: type[EngineError] = EngineDown,
        raises: bool = False,
    ) -> None:
        self._echo = EchoEngine(EngineSpec(candidate=candidate, identity=identity(candidate)))
        self._bad = tuple(bad)
        self._left: Counter[str] = Counter(dict.fromkeys(self._bad, times))
        self._error = error
        self._raises = raises
        self.asked: Counter[str] = Counter()
        self.calls: list[int] = []
        self.ended = 0
        self.closed = 0

    def describe(self) -> EngineInfo:
        return self._echo.describe()

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        self.calls.append(len(asks))
        if any(self._fails(ask.prompt) for ask in asks):
            raise self._error("it failed")
        self.asked.update(ask.prompt.shown() for ask in asks)
        return self._echo.score(asks)

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        self.calls.append(len(prompts))
        try:
            for index, prompt in enumerate(prompts):
                if not self._fails(prompt):
                    yield from self._said(index, prompt, sampling)
                elif self._raises:
                    raise self._error("it failed")
                else:
                    yield Piece(index=index, failure=self._error("it failed"))
        finally:
            self.ended += 1

    def close(self) -> None:
        self.closed += 1
        self._echo.close()

    def _said(self, index: int, prompt: Prompt, sampling: Sampling) -> Iterator[Piece]:
        for piece in self._echo.generate([prompt], sampling):
            if piece.answer is not None:
                self.asked[prompt.shown()] += 1
            yield Piece(index=index, text=piece.text, answer=piece.answer)

    def _fails(self, prompt: Prompt) -> bool:
        for bad in self._bad:
            if bad in prompt.shown() and self._left[bad] > 0:
                self._left[bad] -= 1
                return True
        return False


def echo(name: str = "echo", *, kind: RefKind = RefKind.ECHO, **keys: str) -> Candidate:
    """A candidate of EchoEngine; of another kind it is asked as such a one is."""
    ref = ModelRef(text=name, kind=kind, location=name)
    return Candidate(name=name, ref=ref, options=tuple(sorted(keys.items())))


def sums(folder: Path, count: int, *, choices: bool = False, name: str = "sums.csv") -> Task:
    """A task of `count` sums whose questions hold '<0>', '<1>', ..., in the file's order."""
    lines = ["question,choices,answer" if choices else "question,answer"]
    for number in range(count):
        options = f"{number}|{number + 1}|{number + 2}," if choices else ""
        lines.append(f"What is {number} plus 1? <{number}>,{options}{number + 1}")
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return load_task(str(path), TaskOptions())


def entered(candidate: Candidate) -> Entrant:
    """The candidate as the race knows it."""
    spec = EngineSpec(candidate=candidate, identity=identity(candidate))
    return entrant(candidate, EchoEngine(spec).describe())


def questions(task: Task, one: Entrant) -> list[Question]:
    """The questions of the task as the candidate is asked them."""
    asks = [render(task, one.candidate, one.info, sample) for sample in task.samples]
    return [
        Question(
            index=index,
            sample=sample,
            ask=ask,
            key=AnswerKey(candidate=one.hash, sent=ask.key),
        )
        for index, (sample, ask) in enumerate(zip(task.samples, asks, strict=True))
    ]


def runner_of(
    store: Store, task: Task, one: Entrant, engine: object, *, run: str = "run1"
) -> Runner:
    """A runner of one candidate on one engine, its run begun."""
    store.start_run(
        RunRecord(id=run, kind="choose", task=task.name, data_hash="d", spec="{}", created="2026")
    )
    return Runner(
        run=run,
        task=task,
        entrants={one.name: one},
        judging=Judging(
            scorer=build_scorer(task.scorer, task.labels),
            digest=scorer_digest(task.scorer, task.labels),
        ),
        store=store,
        pool=EnginePool(lambda _: engine),  # type: ignore[arg-type,return-value]
    )
