from decimal import Decimal

import pytest
from store.kept import key

from elige.records import Answer, ContinuationScore
from elige.store import Pace, Store


def took(seconds: float, cost: str | None = None) -> Answer:
    return Answer(text="42", seconds=seconds, cost=None if cost is None else Decimal(cost))


def test_the_pace_is_the_average_of_the_candidates_own_answers(store: Store) -> None:
    store.save_answers([(key(0), took(1.0, "0.5")), (key(1), took(3.0, "0.25"))])
    store.save_answers([(key(2, candidate="other"), took(99.0))])
    pace = store.pace("candidate", weighed=False)
    assert (pace.count, pace.cost) == (2, Decimal("0.375"))
    assert pace.seconds == pytest.approx(2.0)


def test_one_unknown_price_leaves_the_cost_unknown(store: Store) -> None:
    store.save_answers([(key(0), took(1.0, "0.5")), (key(1), took(1.0))])
    assert store.pace("candidate", weighed=False) == Pace(count=2, seconds=1.0, cost=None)


def test_without_answers_nothing_is_known(store: Store) -> None:
    assert store.pace("candidate", weighed=False) == Pace()


def test_weighed_choices_say_nothing_of_generated_text(store: Store) -> None:
    weighed = ContinuationScore(logprob=-1.0, tokens=1, characters=1, utf8_bytes=1)
    store.save_answers([(key(0), took(9.0)), (key(1), Answer(weighed=(weighed,), seconds=1.0))])
    assert store.pace("candidate", weighed=True).seconds == 1.0
    assert store.pace("candidate", weighed=False).seconds == 9.0
