"""Choices asked in every order: each one a question, right only if right in each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.rotation import (
    Rotation,
    check_rotations,
    folded_answer,
    folded_score,
    names_places,
    turned,
)
from elige.records import (
    Answer,
    AnswerKey,
    Candidate,
    Failure,
    Job,
    ModelRef,
    Observation,
    Outcome,
    PromptForm,
    RefKind,
    Result,
    Rotations,
    Sample,
    Score,
    ScorerSpec,
    Task,
)

CANDIDATE = Candidate(name="c", ref=ModelRef(text="c", kind=RefKind.ECHO, location="c"))


def task_of(*choices: tuple[str, ...], rotations: Rotations = "all") -> Task:
    samples = tuple(
        Sample(id=f"s{n}", question="?", target=texts[1], choices=texts, right=1)
        for n, texts in enumerate(choices)
    )
    return Task(
        name="t",
        kind="choice",
        samples=samples,
        form=PromptForm(question="{question}"),
        scorer=ScorerSpec(name="choice"),
        rotations=rotations,
        data_hash="d",
    )


@given(st.integers(2, 8), st.one_of(st.just("all"), st.integers(1, 9)))
def test_the_right_choice_moves_to_a_new_place_each_time(count: int, rotations: Rotations) -> None:
    texts = tuple(f"x{n}" for n in range(count))
    samples = turned(task_of(texts, rotations=rotations)).task.samples
    orders = count if rotations == "all" else min(rotations, count)
    assert len(samples) == orders == len({sample.right for sample in samples})
    assert all(sample.choices[sample.right or 0] == "x1" for sample in samples)
    assert all({*sample.choices} == {*texts} for sample in samples)


def test_a_task_in_one_order_is_left_as_it_is() -> None:
    task = task_of(("a", "b"), rotations=1)
    assert turned(task).task == task


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("All of the above", True),
        ("none of the above.", True),
        ("Both A and B", True),
        ("A, B and C only", True),
        ("todas las anteriores", True),
        ("above 50 degrees", False),
        ("None of these", False),
        ("a and an", False),
        ("Vitamin A and vitamin D", False),
    ],
)
def test_choices_that_name_others_by_place(choice: str, names: bool) -> None:
    assert names_places(("x", choice)) is names


def test_such_a_sample_is_asked_in_its_own_order_alone_and_the_task_says_so() -> None:
    task = check_rotations(task_of(("a", "b"), ("a", "all of the above")))
    assert task.notices[0].startswith("1 of 2 samples are asked in their own order alone")
    assert turned(task).origin == (0, 0, 1)


@pytest.mark.parametrize(
    ("task", "told"),
    [
        pytest.param(replace(task_of(("a", "b")), kind="text"), "here they are none", id="text"),
        pytest.param(
            replace(
                task_of(("a", "b")),
                form=PromptForm(question="{question}", choice_format="continuation"),
            ),
            "put as continuation",
            id="continuation",
        ),
    ],
)
def test_what_has_no_order_cannot_be_turned(task: Task, told: str) -> None:
    with pytest.raises(BadInput, match=told) as caught:
        check_rotations(task)
    assert "--choice-format letters" in caught.value.hint


def test_ids_that_look_like_those_of_turned_samples_are_refused() -> None:
    task = task_of(("a", "b"), ("c", "d"))
    clash = replace(task, samples=(task.samples[0], replace(task.samples[1], id="s0#order2")))
    with pytest.raises(BadInput, match="#order2"):
        turned(clash)


def worker(task: Task, wrong: set[str], failing: set[str] = frozenset()) -> Rotation:  # type: ignore[assignment]
    """A rotation whose orders are right but for `wrong` ones, and fail for `failing` ones."""
    samples = turned(task).task.samples

    def work(job: Job) -> Iterator[Result]:
        for at in reversed(job.samples):
            sample = samples[at]
            if sample.id in failing:
                yield Failure(candidate="c", sample=sample.id, why="down")
                continue
            value = float(sample.id not in wrong)
            picked = sample.choices[1 if value else 0]
            yield Observation(
                candidate="c",
                sample=sample.id,
                key=AnswerKey(candidate="h", sent=sample.id),
                answer=Answer(text=sample.id, prompt_tokens=5, seconds=0.5, cost=Decimal(2)),
                score=Score(value, "why", predicted=picked, parts=(("acc", value),)),
            )

    return Rotation(task, work)


def job_of(*samples: int) -> Job:
    return Job(candidate=CANDIDATE, samples=samples, lane="l")


def test_a_sample_is_right_only_if_it_is_right_in_each_order() -> None:
    task = task_of(("a", "b", "c"), ("d", "e"))
    found = {one.sample: one for one in worker(task, {"s0#order2"}).work(job_of(0, 1))}
    assert {name: one.score.value for name, one in found.items()} == {"s0": 0.0, "s1": 1.0}  # type: ignore[union-attr]


def test_a_folded_answer_holds_what_all_orders_took() -> None:
    (found,) = worker(task_of(("a", "b", "c")), {"s0#order3"}).work(job_of(0))
    assert isinstance(found, Observation)
    assert (found.answer.text, found.key.sent) == ("s0#order3", "s0")
    assert (found.answer.prompt_tokens, found.answer.seconds) == (15, 1.5)
    assert found.answer.cost == Decimal(6)
    assert found.score.why == "right in 2 of 3 orders; order 3: why"
    parts = dict(found.score.parts)
    assert parts["acc"] == 0.0
    assert parts["mean_of_orders"] == pytest.approx(2 / 3)


def test_a_sample_whose_one_order_fails_fails_once_and_is_not_counted() -> None:
    task = task_of(("a", "b", "c"), ("d", "e"))
    found = list(worker(task, set(), {"s0", "s0#order2"}).work(job_of(0, 1)))
    assert Counter((type(one).__name__, one.sample) for one in found) == {
        ("Failure", "s0"): 1,
        ("Observation", "s1"): 1,
    }


def test_every_single_question_is_noted_for_the_histogram() -> None:
    rotation = worker(task_of(("a", "b", "c"), ("d", "e")), set())
    list(rotation.work(job_of(0, 1)))
    found = rotation.readings("c").letters()
    assert found is not None and rotation.readings("c").asked == 5
    assert [one.right for one in found.places] == [2, 2, 1]


def test_closing_it_closes_the_work_behind() -> None:
    closed = []

    def work(job: Job) -> Iterator[Result]:
        try:
            for _ in job.samples:
                yield Failure(candidate="c", sample="s0", why="down")
        finally:
            closed.append(True)

    results = Rotation(task_of(("a", "b")), work).work(job_of(0))
    next(results)
    getattr(results, "close")()  # noqa: B009 - an iterator need not have it
    assert closed == [True]


def test_an_unread_order_is_told_and_costs_the_sample() -> None:
    scores = [Score(1.0, predicted="a"), Score.unparsed("nothing")]
    folded = folded_score(scores)
    assert (folded.value, folded.outcome) == (0.0, Outcome.UNPARSED)
    assert dict(folded.parts)["same_in_every_order"] == 0.0
    assert folded_answer([Answer(text="x"), Answer(text="y")], scores).text == "y"
