"""What a run holds in memory does not grow with its answers."""

import gc
import tracemalloc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluate.asking_engines import Troubled, echo, entered, runner_of, sums

from elige.choose.ledger import Account
from elige.evaluate import runner as running
from elige.evaluate.asking import Question
from elige.evaluate.chunks import CHUNK, WINDOW
from elige.evaluate.executor import ThreadExecutor
from elige.records import Answer, AnswerKey, Job, Observation, Result, Score
from elige.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as opened:
        yield opened


@pytest.mark.parametrize("known", [False, True], ids=["asked", "known"])
def test_no_more_than_a_window_of_questions_lives_at_once(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    count = 2 * WINDOW + 100
    task, one = sums(tmp_path, count), entered(echo())
    job = Job(candidate=one.candidate, samples=range(count), lane="a")
    if known:
        assert (
            sum(1 for _ in runner_of(store, task, one, Troubled(one.candidate)).work(job)) == count
        )
    alive: weakref.WeakSet[Question] = weakref.WeakSet()
    most = 0

    class Counted(Question):  # with room for a weak reference
        __slots__ = ("__weakref__",)

    def counted(**fields: object) -> Question:
        nonlocal most
        made = Counted(**fields)  # type: ignore[arg-type]
        alive.add(made)
        most = max(most, len(alive))
        return made

    monkeypatch.setattr(running, "Question", counted)
    work = runner_of(store, task, one, Troubled(one.candidate), run="run2").work(job)
    assert sum(1 for _ in work) == count
    assert most <= 2 * WINDOW + 2 * CHUNK


def test_an_account_keeps_numbers_and_no_answers() -> None:
    def fed(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        account = Account()
        for at in range(count):
            key = AnswerKey(candidate="c", sent=f"{at:064x}")
            answer = Answer(text=f"{at} is a long answer " * 200, seconds=0.1 * at)
            account.add(
                at,
                Observation(
                    candidate="c", sample=str(at), key=key, answer=answer, score=Score(1.0)
                ),
            )
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert account.evaluated == count
        return held

    assert (fed(3000) - fed(1000)) / 2000 < 64


def test_a_lane_waits_for_a_reader_that_is_far_behind() -> None:
    made = 0

    def work(job: Job) -> Iterator[Result]:
        nonlocal made
        for made in range(1, 5001):
            yield Observation(
                candidate="c",
                sample=str(made),
                key=AnswerKey(candidate="c", sent=""),
                answer=Answer(),
                score=Score(1.0),
            )

    job = Job(candidate=echo(), samples=(), lane="a")
    for read, _ in enumerate(ThreadExecutor().run([job], work)):
        assert made - read < 300
    assert made == 5000
