"""The same question asked again is another draw, and the same one whenever it is asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from evaluate.asking_engines import Troubled, echo, entered, questions, runner_of, sums
from hypothesis import given
from hypothesis import strategies as st

from elige.evaluate.entrant import Entrant, entrant
from elige.evaluate.repeats import repeat_seed, repeated
from elige.evaluate.runner import Runner
from elige.records import Failure, Job, Observation
from elige.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as opened:
        yield opened


def sampled() -> Entrant:
    candidate = replace(echo(skill="0.5"), temperature=1.0)
    return entrant(candidate, entered(candidate).info)


def observed(runner: Runner, one: Entrant, count: int, repeats: int) -> list[Observation]:
    job = Job(candidate=one.candidate, samples=range(count), lane="a", repeats=repeats)
    found = [*runner.work(job)]
    assert not any(isinstance(result, Failure) for result in found)
    return [result for result in found if isinstance(result, Observation)]


@given(st.integers(0, 2**31), st.integers(0, 100), st.integers(0, 100))
def test_seeds_of_repeats_differ_and_the_first_is_the_candidate_s(
    seed: int, one: int, other: int
) -> None:
    assert repeat_seed(seed, 0) == seed
    assert repeat_seed(seed, one) == repeat_seed(seed, one)
    if one and other and one != other:
        assert repeat_seed(seed, one) != repeat_seed(seed, other)


def test_the_first_repeat_is_the_question_itself(tmp_path: Path) -> None:
    (first,) = questions(sums(tmp_path, 1), sampled())
    second = repeated(first, 1)
    assert repeated(first, 0) == first
    assert second.ask.sampling != first.ask.sampling
    assert (second.key.sent, second.key.repeat) == (first.key.sent, 1)


def test_every_sample_is_asked_as_often_as_said_and_answers_differ(
    tmp_path: Path, store: Store
) -> None:
    task, one = sums(tmp_path, 40), sampled()
    found = observed(runner_of(store, task, one, Troubled(one.candidate)), one, 40, 4)
    assert sorted({(o.sample, o.key.repeat) for o in found}) == sorted(
        (sample.id, repeat) for sample in task.samples for repeat in range(4)
    )
    texts = {
        sample.id: {o.answer.text for o in found if o.sample == sample.id}
        for sample in task.samples
    }
    assert sum(len(each) > 1 for each in texts.values()) > 20


def test_more_repeats_later_ask_only_what_is_missing(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 20), sampled()
    first = observed(runner_of(store, task, one, Troubled(one.candidate)), one, 20, 1)
    engine = Troubled(one.candidate)
    again = observed(runner_of(store, task, one, engine, run="run2"), one, 20, 3)
    kept = {o.sample: o.answer for o in again if o.key.repeat == 0}
    assert kept == {o.sample: o.answer for o in first}
    assert engine.asked.total() == 40


def test_a_chunk_is_asked_with_all_its_repeats_before_the_next(
    tmp_path: Path, store: Store
) -> None:
    """So a run that is stopped has whole samples, and prompts that share a seed share a call."""
    task, one = sums(tmp_path, 40), sampled()
    engine = Troubled(one.candidate)
    found = observed(runner_of(store, task, one, engine), one, 40, 2)
    assert engine.calls == [16, 16, 16, 16, 8, 8]
    assert [o.key.repeat for o in found[:32]] == [0] * 16 + [1] * 16


def test_a_failure_of_one_repeat_is_asked_again(tmp_path: Path, store: Store) -> None:
    task, one = sums(tmp_path, 20), sampled()
    engine = Troubled(one.candidate, bad=["<3>"], times=1)
    found = observed(runner_of(store, task, one, engine), one, 20, 2)
    assert len(found) == len({o.key for o in found}) == 40
