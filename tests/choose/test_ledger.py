"""Sums over one candidate's answers, whatever order they come in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.choose.ledger import Account
from elige.records import Answer, AnswerKey, Observation, Outcome, Score


def observation(
    value: float,
    *,
    cost: str | None = None,
    seconds: float = 1.0,
    outcome: Outcome = Outcome.SCORED,
    cached: bool = False,
    repeat: int = 0,
    sent: str = "s",
    parts: tuple[tuple[str, float], ...] = (),
) -> Observation:
    return Observation(
        candidate="a",
        sample="s",
        key=AnswerKey(candidate="a", sent=sent, repeat=repeat),
        answer=Answer(
            seconds=seconds,
            cost=None if cost is None else Decimal(cost),
            prompt_tokens=5,
            completion_tokens=2,
        ),
        score=Score(value, outcome=outcome, parts=parts),
        cached=cached,
    )


def account(*observations: Observation, failed: int = 0) -> Account:
    found = Account(failed=failed)
    for place, one in enumerate(observations):
        found.add(place, one)
    return found


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.randoms())
def test_the_mean_does_not_depend_on_the_order(values: list[float], chance: object) -> None:
    places = list(range(len(values)))
    chance.shuffle(places)  # type: ignore[attr-defined]
    found = Account()
    for place in places:
        found.add(place, observation(values[place]))
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert found.scores(0, len(values)) == values
    assert found.lacks(0, len(values) + 2) == [len(values), len(values) + 1]


def test_the_first_answer_to_a_sample_counts() -> None:
    found = account(observation(1.0))
    found.add(0, observation(0.0))
    assert (found.evaluated, found.mean) == (1, 1.0)


def test_nothing_is_known_before_the_first_answer() -> None:
    found = Account()
    assert (found.mean, found.evaluated, found.cost, found.cost_per_1000) == (0.0, 0, None, None)
    assert (found.seconds_at(95), found.cost_each("speed")) == (None, None)
    assert set(found.measured().values()) == {None}


def test_costs_add_up_exactly() -> None:
    found = account(*(observation(1.0, cost="0.0001") for _ in range(3)))
    assert (found.cost, found.cost_per_1000) == (Decimal("0.0003"), Decimal("0.1"))
    assert found.cost_each("cost") == pytest.approx(0.0001)


def test_one_unknown_price_makes_the_cost_unknown() -> None:
    found = account(observation(1.0, cost="0.0001"), observation(1.0))
    assert (found.cost, found.cost_per_1000, found.cost_each("cost")) == (None, None, None)


def test_shares_are_of_the_samples_that_were_tried() -> None:
    found = account(
        observation(1.0),
        observation(0.0, outcome=Outcome.UNPARSED),
        observation(0.0, outcome=Outcome.TRUNCATED),
        failed=1,
    )
    measured = found.measured()
    assert [measured[name] for name in ("unparsed", "truncated", "refused", "failed")] == [
        0.25,
        0.25,
        0.0,
        0.25,
    ]


def test_what_was_known_before_was_not_asked() -> None:
    found = account(observation(1.0), observation(1.0, cached=True))
    assert (found.evaluated, found.asked) == (2, 1)


def test_tokens_and_seconds_are_sums() -> None:
    found = account(observation(1.0, seconds=1.0), observation(1.0, seconds=3.0))
    assert (found.tokens(), found.seconds, found.cost_each("speed")) == ((10, 4), 4.0, 2.0)


@given(
    st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 2)), st.floats(0, 1), min_size=1)
)
def test_the_score_of_a_sample_is_the_mean_over_its_repeats(
    values: dict[tuple[int, int], float],
) -> None:
    found = Account(repeats=3)
    for (place, repeat), value in values.items():
        found.add(place, observation(value, repeat=repeat))
    rows = {at: [v for (place, _), v in sorted(values.items()) if place == at] for at, _ in values}
    assert {at: [*row] for at, row in found.by_sample()} == rows
    means = [sum(row) / len(row) for row in rows.values()]
    assert found.mean == pytest.approx(sum(means) / len(means))
    assert (found.answers, found.evaluated) == (len(values), len(rows))


def test_parts_stand_beside_the_scores_of_those_that_have_them() -> None:
    found = account(
        observation(1.0, parts=(("name", 1.0), ("age", 0.0))),
        observation(0.5),
        observation(0.0, parts=(("name", 0.0),)),
    )
    assert dict(found.by_sample("name")) == {0: (1.0,), 2: (0.0,)}
    assert dict(found.by_sample("age")) == {0: (0.0,)}
    assert found.of_sample(7) == found.of_sample(0, "height") == ()


def test_the_same_question_is_known_again() -> None:
    same = [observation(value, sent="a") for value in (1.0, 0.0)]
    found = account(same[0], observation(1.0, sent="b"), same[1])
    assert found.question(0) == found.question(2) != found.question(1)


def test_whole_observations_are_kept_on_request_alone() -> None:
    kept, plain = Account(keep=True), Account()
    for each in (kept, plain):
        each.add(3, observation(1.0))
        each.add(3, observation(0.0))
    assert plain.observations == {}
    assert {at: one.score.value for at, one in kept.observations.items()} == {3: 1.0}


def test_a_sample_is_answered_when_all_its_repeats_are() -> None:
    found = Account(repeats=2)
    found.add(0, observation(1.0, repeat=0))
    found.add(0, observation(1.0, repeat=1))
    found.add(1, observation(1.0, repeat=1))
    assert found.lacks(0, 3) == [1, 2]
