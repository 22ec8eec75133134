"""The money behind the promise: its mean is at most one, on the worst of lists, in every order."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from elige.choose.board import Board
from elige.choose.race import Race, RaceSettings
from elige.choose.stakes import RESERVE, Deposit, Falls, Pairs, late_share
from elige.records import Preference, Status

Matrix = NDArray[np.float64]
FALL, EVENLY = 0.3, 0.1
ROWS = st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=4, max_size=4)


def purse(
    scores: Matrix, *, epsilon: float, means: Matrix, size: int | None
) -> tuple[float, float]:
    """All the money against "the first is best" that could make a false *within*; its fall's."""
    candidates, samples = scores.shape
    board = Board(candidates, samples)
    falls = Falls(candidates, size or 9, null=0.0, size=size)
    shares = np.full((candidates, candidates), EVENLY / candidates)
    pairs = Pairs(shares, falls, fall=FALL, tolerance=epsilon)
    cash = 1.0 - FALL - EVENLY
    board.open_all(1)
    for at in range(samples):
        if at > 0:
            pairs.deposit(at, Deposit(cash / 2.0, board.means() + 0.01))
            cash /= 2.0
            first, second = np.argsort(-board.means(), kind="stable")[:2]
            board.open_with(int(first), int(second), at + 1)
        for index in range(candidates):
            board.record(index, scores[index, at : at + 1])
        board.name_leaders(np.ones(candidates, dtype=bool))
    falls.bet(board, np.arange(candidates))
    money = cash + FALL * falls.money(0)
    for false in map(int, np.flatnonzero(means[0] - means > epsilon + 1e-9)):
        pairs.bet(board, false, 0, size)
        money += pairs.money(false, 0) - FALL * falls.money(0)
    return float(money), falls.money(0)


def best_first(rows: list[list[float]]) -> Matrix:
    return np.array(sorted(rows, key=sum, reverse=True))


@settings(max_examples=25, deadline=None)
@given(st.lists(ROWS, min_size=3, max_size=3), st.integers(2, 4))
def test_a_purse_has_mean_one_at_most_over_all_orders_of_any_list(
    rows: list[list[float]], shown: int
) -> None:
    scores = best_first(rows)
    means = scores.mean(axis=1)
    money = [
        purse(scores[:, order[:shown]], epsilon=0.1, means=means, size=4)
        for order in permutations(range(4))
    ]
    assert (np.mean(money, axis=0) <= 1.0 + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(st.lists(ROWS, min_size=3, max_size=3))
def test_a_purse_has_mean_one_at_most_over_all_draws_of_a_population(
    rows: list[list[float]],
) -> None:
    scores = best_first(rows)
    means = scores.mean(axis=1)
    money = [
        purse(scores[:, list(places)], epsilon=0.1, means=means, size=None)
        for places in product(range(4), repeat=3)
    ]
    assert (np.mean(money, axis=0) <= 1.0 + 1e-9).all()


def test_a_purse_that_names_opponents_after_the_sample_would_gain() -> None:
    scores = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]])
    money = []
    for order in permutations(range(4)):
        board, falls = Board(3, 4), Falls(3, 4, null=0.0, size=4)
        shown = scores[:, order]
        for at in range(3):
            later = np.argsort(-shown[:, at], kind="stable")
            board.open_with(int(later[0]), int(later[1]), at + 1)
        for index in range(3):
            board.record(index, shown[index, :3])
        falls.bet(board, np.arange(3))
        money.append(falls.money(0))
    assert np.mean(money) > 1.05


def test_a_deposit_gives_every_purse_the_same_and_nothing_to_its_own() -> None:
    deposit = Deposit(0.4, np.array([0.5, 0.3, 0.2]))
    for purse_of in range(3):
        others = [one for one in range(3) if one != purse_of]
        assert sum(deposit.on(one, purse_of) for one in others) == pytest.approx(0.4)
    deposit.widen()
    assert sum(deposit.on(one, 3) for one in range(3)) == pytest.approx(0.4)
    assert deposit.on(3, 0) == 0.0


def test_the_shares_of_all_later_arrivals_stay_in_the_reserve() -> None:
    assert sum(late_share(arrival) for arrival in range(1, 10_000)) < RESERVE


def says_something_false(race: Race, scores: Matrix, *, joins: int = 0, leaves: int = 0) -> bool:
    """Whether anything said at the end, or on the way of those still there, is wrong."""
    step, false = 0, False
    while (batch := race.draw()) is not None:
        part = slice(batch.start, batch.stop)
        race.settle({name: scores[int(name), part].tolist() for name in batch.candidates})
        step += 1
        if step == joins:
            race.add(str(len(race.names)))
        if step == leaves:
            race.withdraw("1", "it keeps failing")
        inside = [name for name in race.names if name not in race.withdrawn]
        means = {name: scores[int(name)].mean() for name in inside}
        least = race.settings.tolerance if race.settings.prefer == "cost" else 0.0
        for name, mean in means.items():
            gap, status = max(means.values()) - mean, race.status(name)
            good = status in {Status.WITHIN, Status.WINNER}
            false |= good and gap > race.settings.tolerance + 1e-9
            false |= status is Status.BEATEN and gap <= least + 1e-9
    return false


@pytest.mark.parametrize("prefer", ["quality", "cost"])
@pytest.mark.parametrize(("joins", "leaves"), [(3, 0), (0, 4), (2, 5)], ids=["in", "out", "both"])
def test_arrivals_and_withdrawals_keep_the_promise(
    prefer: Preference, joins: int, leaves: int
) -> None:
    samples, draws, wrong = 80, 25, 0
    generator = np.random.default_rng(joins + leaves)
    scores = np.zeros((4, samples))
    for index, right in enumerate((50, 50, 44, 50)):
        scores[index, np.roll(np.arange(samples), 9 * index)[:right]] = 1.0
    for _ in range(draws):
        began = 3 if joins else 4
        race = Race(
            [str(index) for index in range(began)],
            RaceSettings(
                samples=samples, tolerance=0.07, confidence=0.8, scope="list", prefer=prefer,
                costs={str(index): 1.0 + index for index in range(began)}, first_batch=5,
            ),
        )  # fmt: skip
        order = generator.permutation(samples)
        wrong += says_something_false(race, scores[:, order], joins=joins, leaves=leaves)
    assert wrong <= 0.2 * draws
