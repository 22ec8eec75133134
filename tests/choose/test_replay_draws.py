"""Draws and what they are added up to."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from choose.replays import matrix

from elige.choose.replay import (
    METHODS,
    Costs,
    Desk,
    Ending,
    Matrix,
    Replay,
    Tally,
    Terms,
    checked_matrix,
    draws_of,
    measured,
    prepared,
    replayed,
)
from elige.choose.replay.methods import chosen_methods
from elige.errors import BadInput
from elige.records import Status

PRICES = {"usd": np.array([8.0, 1.0, 1.0]), "minutes": np.array([1.0, 1.0, 0.0])}
THREE = {"a": 0.9, "b": 0.6, "c": 0.3}


def counting() -> Matrix:
    """Two models on ten samples, each score of its own."""
    scores = np.arange(20.0).reshape(2, 10) / 20.0
    return checked_matrix("counting", ["low", "high"], scores)


def test_a_desk_hands_out_scores_in_order_and_counts() -> None:
    desk = Desk(counting().scores)
    assert desk.ask(1, 3).tolist() == [0.5, 0.55, 0.6]
    assert desk.ask(1, 4).tolist() == [0.65]
    assert desk.counts.tolist() == [0, 4]
    assert desk.means().tolist() == pytest.approx([0.0, 0.575])


@pytest.mark.parametrize("stop", [0, 2, 11], ids=["none", "asked already", "not there"])
def test_a_desk_refuses_what_is_not_there_or_asked_already(stop: int) -> None:
    desk = Desk(counting().scores)
    desk.ask(0, 2)
    with pytest.raises(ValueError, match="cannot be asked"):
        desk.ask(0, stop)


def test_a_desk_shows_no_score_that_was_not_asked_for() -> None:
    desk = Desk(counting().scores)
    desk.ask(0, 5)
    with pytest.raises(ValueError, match="not asked"):
        desk.known(np.array([0, 1]), 5)


def test_a_model_is_loaded_when_another_one_was_asked_before() -> None:
    desk = Desk(counting().scores)
    desk.ask_each([0, 1], 2)
    desk.ask(1, 3)
    desk.ask(0, 3)
    desk.ask_each([0, 1], 3)  # nobody is asked: both have answered
    assert desk.loads == 3


def test_a_list_is_drawn_whole_in_another_order() -> None:
    replay = Replay(methods={}, models=2, draws=4)
    drawn = [*draws_of(counting(), replay)]
    rows = [dict(zip(one.rows, one.scores.tolist(), strict=True)) for one in drawn]
    assert {tuple(sorted(row[0])) for row in rows} == {tuple(counting().scores[0].tolist())}
    assert len({tuple(row[0]) for row in rows}) > 1
    assert all(np.allclose(np.array(row[1]) - row[0], 0.5) for row in rows)


def test_the_future_is_drawn_with_replacement_and_judged_by_the_population() -> None:
    replay = Replay(methods={}, models=2, draws=20, terms=Terms(scope="future"))
    drawn = [*draws_of(counting(), replay)]
    assert any(len(set(one.scores[0].tolist())) < 10 for one in drawn)
    assert all(sorted(one.gaps.tolist()) == pytest.approx([0.0, 0.5]) for one in drawn)


def test_every_draw_has_different_models_and_the_seed_decides_which() -> None:
    made = matrix(dict(zip("abcdefgh", np.linspace(0.2, 0.9, 8), strict=True)))
    replay = Replay(methods={}, models=5, draws=30)
    rows = [one.rows for one in draws_of(made, replay)]
    assert all(len(set(one)) == 5 for one in rows)
    assert rows == [one.rows for one in draws_of(made, replay)]
    assert rows != [one.rows for one in draws_of(made, replace(replay, seed=1))]


def test_other_methods_beside_it_change_nothing() -> None:
    made = matrix(THREE)
    alone = Replay(methods=chosen_methods(["posterior"]), models=3, draws=5)
    *_, one = replayed(made, alone)
    *_, all_ = replayed(made, replace(alone, methods=METHODS))
    assert measured([one["posterior"]]) == measured([all_["posterior"]])


def noted(said: str, *, returned: int = 0, gaps: tuple[float, ...] = (0.0, 0.02, 0.3)) -> Tally:
    """A tally of one draw at a tolerance of 0.01; `said` has a letter for each candidate."""
    words = {"w": Status.WITHIN, "W": Status.WINNER, "b": Status.BEATEN, "o": Status.OPEN}
    desk, tally = Desk(np.zeros((3, 10))), Tally()
    desk.ask_each([0, 1], 5)
    ending = Ending(returned=returned, said=tuple(words[one] for one in said))
    tally.note(desk, ending, np.array(gaps), Terms(tolerance=0.01, costs=PRICES))
    return tally


def test_a_draw_is_counted_with_its_costs() -> None:
    tally = noted("Wob")
    assert (tally.full, tally.used, tally.loads) == (30, 10, 2)
    assert tally.full_costs == {"usd": 100.0, "minutes": 20.0}
    assert tally.used_costs == {"usd": 45.0, "minutes": 10.0}
    assert (tally.still_open, tally.statements, tally.undecided) == (1, 2, 0)


@pytest.mark.parametrize(
    ("said", "returned", "wrong", "within", "beaten"),
    [
        pytest.param("Wob", 0, 0, 0, 0, id="all true"),
        pytest.param("Wwb", 0, 0, 1, 0, id="within, but two points below"),
        pytest.param("bWb", 1, 1, 1, 1, id="the best beaten by the second"),
        pytest.param("ooo", 2, 1, 0, 0, id="wrong without saying anything"),
        pytest.param("Wbb", 0, 0, 0, 0, id="a second one is beaten rightly"),
    ],
)
def test_what_is_false_in_a_draw(
    said: str, returned: int, wrong: int, within: int, beaten: int
) -> None:
    tally = noted(said, returned=returned)
    assert (tally.wrong, tally.false_within, tally.false_beaten) == (wrong, within, beaten)
    assert tally.false == max(within, beaten)


def test_a_gap_of_just_the_tolerance_is_not_wrong() -> None:
    assert noted("WWo", gaps=(0.0, 0.01, 0.5)).false_within == 0
    assert noted("oob", gaps=(0.0, 0.0, 1e-12)).false_beaten == 1


def test_several_matrices_give_the_geometric_mean_and_count_their_draws_together() -> None:
    one = Tally(draws=30, full=300, used=100, wrong=2, candidates=60, still_open=30, loads=90)
    two = Tally(draws=10, full=1200, used=100, false=1, candidates=20, statements=5)
    both = measured([one, two])
    assert both.saving == pytest.approx(sqrt(3.0 * 12.0))
    assert both.saving_weighted is None
    assert (both.error, both.statement_error, both.open) == (2 / 40, 1 / 40, 30 / 80)
    assert (both.rounds, both.evaluations, both.statements) == (90 / 40, 5.0, 5 / 40)
    assert measured([one]).saving == 3.0


def test_the_upper_limit_of_no_error_in_300_draws_is_one_percent() -> None:
    assert measured([Tally(draws=300, full=2, used=1, candidates=1)]).error_upper95 == (
        pytest.approx(1.0 - 0.05 ** (1 / 300))
    )


def test_the_weighted_saving_is_the_ratio_of_what_was_paid() -> None:
    one = Tally(draws=1, full=9, used=3, candidates=1)
    one.full_costs, one.used_costs = {"usd": 8.0, "minutes": 9.0}, {"usd": 2.0, "minutes": 1.0}
    two = replace(one, used_costs={"usd": 2.0, "minutes": 0.0})
    assert measured([one, two]).saving_weighted == pytest.approx(4.0)
    assert measured([one, one]).savings_weighted == pytest.approx({"usd": 4.0, "minutes": 9.0})
    assert [*measured([one, two]).savings_weighted] == ["usd"]  # nothing was spent on the second


def test_only_models_with_a_cost_are_drawn() -> None:
    replay = Replay(methods={}, models=2, costs={"usd": {"a": 1.0, "c": 2.0, "z": 9.0}})
    assert prepared(matrix(THREE), replay).models == ("a", "c")


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        pytest.param({}, ("3 models;", "--models 3"), id="too few models"),
        pytest.param(
            {"usd": {"a": 1.0, "b": 1.0}}, ("2 models with a cost", "--models 2"), id="priced"
        ),
        pytest.param({"usd": {"z": 1.0}}, ("None of the 3", "a, b, c"), id="no cost fits"),
    ],
)
def test_too_few_models_are_told(costs: Costs, words: tuple[str, str]) -> None:
    with pytest.raises(BadInput) as told:
        prepared(matrix(THREE), Replay(methods={}, models=4, costs=costs))
    assert words[0] in str(told.value) and words[1] in told.value.hint
