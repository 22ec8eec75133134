"""What is known is read, the rest asked and kept; failures are no answers."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluate.asking_engines import Troubled, echo, entered, questions, runner_of, sums

from elige.errors import EngineDown, EngineRefused, StoreError
from elige.evaluate.chunks import CHUNK
from elige.evaluate.entrant import Entrant
from elige.evaluate.options import TaskOptions
from elige.evaluate.runner import Runner
from elige.evaluate.task import load_task
from elige.records import AnswerKey, Failure, Job, Observation, RefKind, Result, Task
from elige.store import Store

COUNT = 40


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as opened:
        yield opened


def worked(runner: Runner, one: Entrant, count: int = COUNT) -> list[Result]:
    return list(
        runner.work(Job(candidate=one.candidate, samples=tuple(range(count)), lane=one.name))
    )


def observed(results: list[Result]) -> dict[str, Observation]:
    return {one.sample: one for one in results if isinstance(one, Observation)}


def failures(results: list[Result]) -> dict[str, str]:
    return {one.sample: one.why for one in results if isinstance(one, Failure)}


def keys(task: Task, one: Entrant) -> list[AnswerKey]:
    return [question.key for question in questions(task, one)]


@pytest.mark.parametrize("choices", [False, True], ids=["generated", "weighed"])
def test_every_sample_is_answered_once_and_kept(
    tmp_path: Path, store: Store, choices: bool
) -> None:
    task, one = sums(tmp_path, COUNT, choices=choices), entered(echo(skill="0.7"))
    engine = Troubled(one.candidate)
    found = observed(worked(runner_of(store, task, one, engine), one))
    assert sorted(found) == sorted(sample.id for sample in task.samples)
    assert set(engine.asked.values()) == {1}
    assert store.answers(keys(task, one)) == {o.key: o.answer for o in found.values()}
    assert not any(o.cached for o in found.values())


def test_the_second_time_nothing_is_asked(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, COUNT), entered(echo())
    first = observed(worked(runner_of(store, task, one, Troubled(one.candidate)), one))
    engine = Troubled(one.candidate)
    again = observed(worked(runner_of(store, task, one, engine, run="run2"), one))
    assert engine.calls == []
    assert all(o.cached for o in again.values())
    assert {s: (o.answer, o.score) for s, o in again.items()} == {
        s: (o.answer, o.score) for s, o in first.items()
    }


def test_a_failure_of_one_sample_keeps_the_others(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, COUNT), entered(echo())
    runner = runner_of(store, task, one, Troubled(one.candidate, bad=["<3>", "<20>"]))
    results = worked(runner, one)
    lost = {task.samples[3].id, task.samples[20].id}
    assert set(failures(results)) == lost
    assert set(observed(results)) == {sample.id for sample in task.samples} - lost


def test_a_failure_is_never_kept_as_an_answer(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, COUNT), entered(echo())
    worked(runner_of(store, task, one, Troubled(one.candidate, bad=["<3>"])), one)
    kept = store.answers(keys(task, one))
    assert len(kept) == COUNT - 1
    assert questions(task, one)[3].key not in kept


def test_what_failed_is_asked_again_and_nothing_else_is(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, COUNT), entered(echo())
    engine = Troubled(one.candidate, bad=["<3>", "<20>"], times=2)
    results = worked(runner_of(store, task, one, engine), one)
    assert failures(results) == {}
    assert len(observed(results)) == COUNT
    assert set(engine.asked.values()) == {1}


def test_what_was_refused_is_not_asked_again(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 8), entered(echo())
    engine = Troubled(one.candidate, bad=["<3>"], error=EngineRefused)
    results = worked(runner_of(store, task, one, engine), one, 8)
    assert list(failures(results).values()) == ["it failed"]
    assert engine.calls == [8]


def test_what_an_engine_said_before_it_went_down_counts_once(tmp_path: Path, store: Store) -> None:
    """Answers of an endpoint that were paid for and kept are not reported as failed."""
    task, one = sums(tmp_path, 10), entered(echo(kind=RefKind.ENDPOINT))
    engine = Troubled(one.candidate, bad=["<6>"], error=EngineDown, raises=True)
    results = worked(runner_of(store, task, one, engine), one, 10)
    seen = Counter(result.sample for result in results)
    assert set(seen.values()) == {1}
    assert task.samples[6].id in failures(results)
    assert len(observed(results)) >= 6
    assert set(engine.asked.values()) == {1}


def test_one_question_that_breaks_a_call_is_found_by_asking_alone(
    tmp_path: Path, store: Store
) -> None:
    task, one = sums(tmp_path, 10), entered(echo())
    engine = Troubled(one.candidate, bad=["<6>"], error=EngineRefused, raises=True)
    results = worked(runner_of(store, task, one, engine), one, 10)
    assert failures(results) == {task.samples[6].id: "it failed"}
    assert len(observed(results)) == 9


def test_a_broken_engine_is_not_asked_everything(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 200), entered(echo())
    engine = Troubled(one.candidate, bad=["What"])
    results = worked(runner_of(store, task, one, engine), one, 200)
    assert len(failures(results)) == 200
    assert sum(engine.calls) <= 3 * CHUNK


def test_equal_questions_are_paid_for_once(tmp_path: Path, store: Store) -> None:
    rows = ["question,answer", *["What is 1 plus 1?,2"] * 3, "What is 2 plus 2?,4"]
    (tmp_path / "twice.csv").write_text("\n".join(rows) + "\n")
    task, one = load_task(str(tmp_path / "twice.csv"), TaskOptions()), entered(echo())
    engine = Troubled(one.candidate)
    results = worked(runner_of(store, task, one, engine), one, len(task.samples))
    assert len(observed(results)) == len(task.samples)
    assert set(engine.asked.values()) == {1}


def test_two_stores_at_once_ask_each_question_once(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 100), entered(echo(delay="0.002"))
    engines = [Troubled(one.candidate), Troubled(one.candidate)]
    found: list[dict[str, Observation]] = []
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as other:
        runners = [
            runner_of(each, task, one, engine)
            for each, engine in zip((store, other), engines, strict=True)
        ]
        threads = [
            threading.Thread(target=lambda r=r: found.append(observed(worked(r, one, 100))))
            for r in runners
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert [len(each) for each in found] == [100, 100]
    assert set((engines[0].asked + engines[1].asked).values()) == {1}
    assert all(engine.asked for engine in engines)


def test_halting_ends_the_wait_for_somebody_elses_answer(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 4), entered(echo())
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as other:
        other.claim(keys(task, one), now=time.time(), ttl=100.0)
        runner = runner_of(store, task, one, Troubled(one.candidate))
        threading.Timer(0.3, runner.halt).start()
        started = time.monotonic()
        assert worked(runner, one, 4) == []
        assert 0.2 < time.monotonic() - started < 2


def test_leaving_early_gives_the_leases_back(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 10), entered(echo(kind=RefKind.ENDPOINT))
    engine = Troubled(one.candidate)
    work = runner_of(store, task, one, engine).work(
        Job(candidate=one.candidate, samples=tuple(range(10)), lane="a")
    )
    next(work)
    assert isinstance(work, Iterator)
    work.close()  # type: ignore[attr-defined]
    assert engine.ended == 1
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as other:
        assert len(other.claim(keys(task, one), now=time.time(), ttl=1.0)) == 9


def test_a_store_that_breaks_stops_the_engine(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 10), entered(echo(kind=RefKind.ENDPOINT))
    engine = Troubled(one.candidate)
    runner = runner_of(store, task, one, engine)

    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    store.keep_answers = full  # type: ignore[method-assign,assignment]
    with pytest.raises(StoreError, match="full"):
        worked(runner, one, 10)
    assert (engine.ended, engine.asked.total()) == (1, 1)
