from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.stats.wealth import Array, bets, course, grown, put_in, stake_grid

STAKES = stake_grid(200)
PAYOFFS = st.floats(-1.0, 1.0, allow_nan=False)


def wealth(payoffs: Array, null: float, *, size: int | None) -> Array:
    """Each row's money after all its payoffs, from money 1 split evenly."""
    before = np.cumsum(payoffs, axis=1) - payoffs
    money = np.full((len(payoffs), len(STAKES)), 1.0 / len(STAKES))
    grew, _ = grown(money, STAKES, bets(payoffs, before, null, 0, size))
    return np.asarray(grew.sum(axis=1))


@given(st.lists(PAYOFFS, min_size=1, max_size=6), st.integers(1, 6))
def test_mean_over_all_orders_of_any_list_is_at_most_one(values: list[float], shown: int) -> None:
    orders = np.array(list(permutations(values)))[:, :shown]
    money = wealth(orders, float(np.mean(values)), size=len(values))
    assert money.mean() <= 1.0 + 1e-9


@given(st.lists(PAYOFFS, min_size=1, max_size=3), st.integers(1, 4))
def test_mean_over_all_draws_with_replacement_is_at_most_one(
    values: list[float], shown: int
) -> None:
    places = np.indices((len(values),) * shown).reshape(shown, -1).T
    money = wealth(np.array(values)[places], float(np.mean(values)), size=None)
    assert money.mean() <= 1.0 + 1e-9


@given(st.lists(PAYOFFS, min_size=2, max_size=6))
def test_a_list_seen_whole_never_ruins_and_never_goes_negative(values: list[float]) -> None:
    orders = np.array(list(permutations(values)))
    assert (wealth(orders, -0.3, size=len(values)) >= 0.0).all()


@given(st.lists(PAYOFFS, min_size=1, max_size=150), st.floats(-1, 1), st.floats(-1, 1))
def test_a_higher_null_is_never_refuted_more(values: list[float], one: float, two: float) -> None:
    rows = np.array([values])
    low, high = sorted((one, two))
    assert wealth(rows, high, size=None)[0] <= wealth(rows, low, size=None)[0] * (1 + 1e-9)
    size = len(values) + 10
    sums = np.cumsum(values)
    if np.all(size * low - sums >= -size):
        refuted = wealth(rows, low, size=size)[0]
        assert wealth(rows, high, size=size)[0] <= refuted * (1 + 1e-9)


def test_bets_in_pieces_are_the_bets_at_once() -> None:
    generator = np.random.default_rng(0)
    rows = generator.uniform(-1, 1, (3, 200))
    before = np.cumsum(rows, axis=1) - rows
    money = np.full((3, len(STAKES)), 1.0 / len(STAKES))
    whole, _ = grown(money, STAKES, bets(rows, before, -0.1, 0, 300))
    for start, stop in ((0, 7), (7, 130), (130, 200)):
        part = slice(start, stop)
        plan = bets(rows[:, part], before[:, part], -0.1, start, 300)
        money, _ = grown(money, STAKES, plan)
    assert money == pytest.approx(whole)


def test_the_peak_is_what_the_money_reached_on_the_way() -> None:
    rows = np.array([[1.0] * 20 + [-1.0] * 20])
    money = np.full((1, len(STAKES)), 1.0 / len(STAKES))
    after, peak = grown(money, STAKES, bets(rows, np.cumsum(rows, axis=1) - rows, 0.0, 0, None))
    halfway, _ = grown(money, STAKES, bets(rows[:, :20], rows[:, :20], 0.0, 0, None))
    assert peak[0] == pytest.approx(halfway.sum())
    assert after.sum() < 1.0


def test_a_deposit_adds_exactly_its_amount() -> None:
    money = np.array([[0.0, 0.0, 0.0, 0.0], [1.0, 2.0, 3.0, 4.0]])
    amounts = np.array([0.5, 1.0])
    assert put_in(money, amounts).sum(axis=1) == pytest.approx([0.5, 11.0])


def test_the_course_is_the_money_after_every_sample() -> None:
    rows = np.array([[0.5, -1.0, 0.25, 0.0] * 40])
    before = np.cumsum(rows, axis=1) - rows
    money = np.full((1, len(STAKES)), 1.0 / len(STAKES))
    after, totals = course(money, STAKES, bets(rows, before, -0.1, 0, 300))
    part, _ = grown(money, STAKES, bets(rows[:, :90], before[:, :90], -0.1, 0, 300))
    assert totals[0, [89, -1]] == pytest.approx([part.sum(), after.sum()])


def test_longer_lists_get_smaller_stakes_up_to_the_same_largest() -> None:
    short, long = stake_grid(100), stake_grid(10_000)
    assert short[0] > long[0] > 0.0
    assert short[-1] == long[-1] == pytest.approx(1.0)
