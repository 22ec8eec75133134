"""What is shown is never tested, and a seed gives everybody the same samples."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.shots import limit, lock, shuffled, split
from elige.records import PromptForm, Sample, ScorerSpec, Task, TaskKind


def task(count: int, *, groups: int = 0, kind: TaskKind = "text", shots: int = 0) -> Task:
    def one(place: int, name: str) -> Sample:
        target = f"label{place % 3}" if kind == "classification" else str(place)
        group = f"g{place % groups}" if groups else ""
        return Sample(id=f"{name}{place}", question=f"{name}{place}?", target=target, group=group)

    return Task(
        name="t",
        kind=kind,
        samples=tuple(one(place, "s") for place in range(count)),
        shots=tuple(one(place, "e") for place in range(shots)),
        form=PromptForm(question="{question}"),
        scorer=ScorerSpec(name="exact"),
        data_hash="h",
    )


def ids(some: Task) -> list[str]:
    return [sample.id for sample in some.samples]


@given(count=st.integers(3, 60), shots=st.integers(0, 60), seed=st.integers(0, 9))
def test_split_never_tests_what_it_shows_and_loses_nothing(
    count: int, shots: int, seed: int
) -> None:
    whole = task(count)
    if count - shots < 2:
        with pytest.raises(BadInput, match="too few to test"):
            split(whole, shots, seed)
        return
    parted = split(whole, shots, seed)
    assert len(parted.shots) == shots
    assert Counter([*parted.samples, *parted.shots]) == Counter(whole.samples)


def test_a_question_that_stands_twice_is_never_shown() -> None:
    whole = task(6)
    twice = tuple(replace(one, id=f"{one.id}b") for one in whole.samples[:4])
    shown = split(replace(whole, samples=whole.samples + twice), 2, 0).shots
    assert {one.id for one in shown} == {"s4", "s5"}


def test_fewer_shots_are_the_first_of_more() -> None:
    whole = task(40)
    assert split(whole, 5, 1).shots == split(whole, 9, 1).shots[:5]


def test_a_classification_shows_its_labels_in_turn() -> None:
    shown = split(task(30, kind="classification"), 6, 3).shots
    assert Counter(one.target for one in shown) == {"label0": 2, "label1": 2, "label2": 2}


def test_a_short_file_of_examples_is_shown_in_its_order() -> None:
    whole = task(9, shots=5)
    parted = split(whole, 3, 7)
    assert (parted.shots, parted.samples) == (whole.shots[:3], whole.samples)


def test_a_long_file_of_examples_is_drawn_from() -> None:
    whole = task(9, shots=50)
    shown = split(whole, 5, 7).shots
    assert set(shown) < set(whole.shots) and shown != whole.shots[:5]


def test_more_shots_than_examples_are_refused() -> None:
    with pytest.raises(BadInput, match="the file of examples has 3") as caught:
        split(task(9, shots=3), 5, 0)
    assert "shots=3" in caught.value.hint


def test_no_shots_leave_no_pool() -> None:
    assert split(task(9, shots=3), 0, 0).shots == ()


@given(
    count=st.integers(1, 80),
    groups=st.integers(0, 5),
    wanted=st.integers(1, 90),
    seed=st.integers(0, 5),
)
def test_limit_gives_that_many_each_group_in_its_share(
    count: int, groups: int, wanted: int, seed: int
) -> None:
    whole = task(count, groups=groups)
    few = limit(whole, wanted, seed)
    assert len(few.samples) == min(wanted, count) == len(set(ids(few)))
    have = Counter(one.group for one in whole.samples)
    kept = Counter(one.group for one in few.samples)
    assert all(abs(kept[g] - have[g] * len(few.samples) / count) < 1 for g in have)


def test_limit_is_the_same_every_time_and_another_for_another_seed() -> None:
    whole = task(100)
    assert limit(whole, 10, 1) == limit(whole, 10, 1) != limit(whole, 10, 2)


def test_limit_below_one_is_refused() -> None:
    with pytest.raises(BadInput, match="The limit is 0"):
        limit(task(5), 0, 0)


def test_shuffled_keeps_all_and_depends_on_ids_alone() -> None:
    whole = task(50)
    order = ids(shuffled(whole, 4))
    turned = replace(whole, samples=whole.samples[::-1])
    assert sorted(order) == sorted(ids(whole)) and order != ids(whole)
    assert ids(shuffled(turned, 4)) == order != ids(shuffled(whole, 5))


def test_the_order_says_nothing_of_which_samples_the_limit_took() -> None:
    few = set(ids(limit(task(400), 200, 0)))
    first = ids(shuffled(task(400), 0))[:200]
    assert 70 < len(few & {*first}) < 130


def test_lock_parts_the_samples_and_stays_when_rows_are_added() -> None:
    free, shut = lock(task(200), 0.3, 1)
    more_free, more_shut = lock(task(300), 0.3, 1)
    assert sorted(ids(free) + ids(shut)) == sorted(ids(task(200)))
    assert {*ids(free)} <= {*ids(more_free)} and {*ids(shut)} <= {*ids(more_shut)}
    assert 40 <= len(shut.samples) <= 80


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.2, 30.0, float("nan")])
def test_a_share_that_is_none_is_refused(fraction: float) -> None:
    with pytest.raises(BadInput, match="must lie between 0 and 1"):
        lock(task(50), fraction, 0)


def test_too_few_samples_to_lock_are_told() -> None:
    with pytest.raises(BadInput, match="too few to lock"):
        lock(task(3), 0.5, 0)
