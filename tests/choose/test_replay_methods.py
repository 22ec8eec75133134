"""Each method against small answers that are known, and against what all of them owe."""

from math import log, sqrt

import numpy as np
import pytest
from choose.replays import right, run
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.choose.replay import METHODS, Desk, Replay, Terms, chosen_methods, measured, replayed
from elige.choose.replay.bernstein import bernstein, bernstein_radius
from elige.choose.replay.halving import halving, halving_schedule
from elige.choose.replay.hoeffding import hoeffding, hoeffding_radius, shrinkage
from elige.choose.replay.matrix import checked_matrix
from elige.choose.replay.posterior import chances, posterior
from elige.choose.replay.race import race
from elige.choose.replay.shrinking import shrinking_race
from elige.choose.replay.subset import subset
from elige.choose.replay.ucb_e import optimism, ucb_e
from elige.errors import NotFound
from elige.records import Preference, Scope, Status
from elige.stats.wealth import Array

EVERY = pytest.mark.parametrize("name", METHODS)
PROMISING = pytest.mark.parametrize("name", ["race", "hoeffding", "bernstein"])


def test_the_radius_of_hoeffding_for_a_population() -> None:
    assert hoeffding_radius(50, delta=0.05) == pytest.approx(sqrt(log(40.0) / 100.0))
    assert hoeffding_radius(50, delta=0.0) == float("inf")


def test_serflings_factor_falls_to_nothing_as_the_list_runs_out() -> None:
    assert shrinkage(1, 20) == 1.0
    assert shrinkage(10, 20) == pytest.approx(0.55)
    assert shrinkage(15, 20) == pytest.approx(0.25 * 16 / 15)
    assert hoeffding_radius(20, delta=0.05, size=20) == 0.0


def test_the_radius_of_bernstein_without_and_with_spread() -> None:
    still, wide = bernstein_radius(np.array([0.0, 0.6]), 16, delta=0.05)
    assert still == pytest.approx(14.0 * log(40.0) / 45.0)
    assert wide - still == pytest.approx(0.6 * sqrt(16 / 15) * sqrt(2.0 * log(40.0) / 16))


def test_the_radius_of_bernstein_on_a_list() -> None:
    still, wide = bernstein_radius(np.array([0.0, 0.6]), 16, delta=0.05, size=64)
    assert still == pytest.approx((7 / 3 + 3 / sqrt(2)) * 2.0 * log(100.0) / 16)
    assert wide - still == pytest.approx(0.6 * sqrt(2.0 * (49 / 64) * log(100.0) / 16))
    assert bernstein_radius(np.array([0.6]), 64, delta=0.05, size=64).tolist() == [0.0]


@pytest.mark.parametrize("size", [None, 80], ids=["population", "list"])
def test_radii_cover_the_truth_as_often_as_they_say(size: int | None) -> None:
    generator = np.random.default_rng(3)
    values = generator.permutation(np.arange(80) % 4 == 0) * 2.0 - 1.0
    missed = {"hoeffding": 0, "bernstein": 0}
    for _ in range(2000):
        drawn = generator.choice(values, 30, replace=size is None)
        off = abs(drawn.mean() - values.mean())
        missed["hoeffding"] += off / 2.0 > hoeffding_radius(30, delta=0.1, size=size)
        reach = bernstein_radius(np.array([drawn.std()]), 30, delta=0.05, size=size)
        missed["bernstein"] += bool(off > reach[0])
    assert max(missed.values()) <= 200


def test_halving_shares_its_budget_evenly_among_the_rounds() -> None:
    assert halving_schedule(8, 96) == [(4, 4), (8, 2), (16, 1)]
    assert halving_schedule(10, 400) == [(10, 5), (20, 3), (33, 2), (50, 1)]
    assert halving_schedule(2, 1) == [(1, 1)]


def test_halving_returns_the_one_that_survives_every_round() -> None:
    desk, ending = run(halving, right([0.2, 0.9, 0.3, 0.4], 400))
    assert ending.returned == 1
    assert desk.counts.tolist() == [20, 60, 20, 60]  # a budget of 160 in two rounds


def test_the_index_of_ucb_e() -> None:
    index = optimism(np.array([0.5, 0.6, 1.0]), np.array([4, 25, 30]), 30)
    assert index.tolist() == pytest.approx([1.0, 0.8, -np.inf])


def test_ucb_e_spends_its_tenth_on_the_one_that_might_be_best() -> None:
    desk, ending = run(ucb_e, right([0.9, 0.1], 800), Terms(batches="one"))
    assert ending.returned == 0
    assert desk.counts.sum() == 160
    assert desk.counts[0] > 6 * desk.counts[1]


def test_a_subset_asks_everybody_its_size_and_says_nothing() -> None:
    desk, ending = run(subset(100), right([0.5, 0.8], 250))
    assert desk.counts.tolist() == [100, 100]
    assert ending.returned == 1
    assert set(ending.said) == {Status.OPEN}


def test_a_subset_larger_than_the_matrix_asks_all_of_it() -> None:
    desk, _ = run(subset(400), right([0.5, 0.8], 250))
    assert desk.counts.tolist() == [250, 250]


def test_posterior_chances_are_those_of_a_normal() -> None:
    found = chances(np.array([0.0, 0.196, -1.0, 0.0]), np.array([0.1, 0.1, 0.0, 0.0]))
    assert found == pytest.approx([0.5, 0.975, 0.0, 1.0], abs=1e-4)


def test_a_posterior_stops_at_the_first_look_when_it_is_plain() -> None:
    desk, ending = run(posterior, np.array([[1.0] * 40, [0.0] * 40]))
    assert desk.counts.tolist() == [10, 10]
    assert ending.said == (Status.WINNER, Status.OPEN)


def test_a_posterior_asks_on_while_it_is_not() -> None:
    desk, _ = run(posterior, np.array([[1.0, 0.0] * 50, [0.0, 1.0] * 50]), Terms(tolerance=0.0))
    assert desk.counts.tolist() == [100, 100]


def test_on_near_ties_the_posterior_breaks_the_promise_and_hoeffding_keeps_it() -> None:
    shares = dict.fromkeys(map(str, range(9)), 0.5) | {"best": 0.515}
    made = checked_matrix("ties", list(shares), right([*shares.values()], 1000))
    methods = chosen_methods(["posterior", "hoeffding"])
    *_, tallies = replayed(made, Replay(methods=methods, draws=60))
    found = {name: measured([tally]) for name, tally in tallies.items()}
    assert found["posterior"].statement_error > 0.15
    assert found["hoeffding"].statement_error == 0.0


def known(margin: float) -> Array:
    """Limits for three candidates with true means 0.9, 0.85 and 0.2, each lead less a margin."""
    means = np.array([0.9, 0.85, 0.2])
    return np.asarray(means[:, None] - means[None, :] - margin)


def test_a_race_by_intervals_drops_who_is_led_and_ends_when_one_is_close_enough() -> None:
    margins = {10: 1.0, 12: 0.3, 15: 0.08}
    desk = Desk(right([0.9, 0.85, 0.2], 100))
    kept = {10: [0, 1, 2], 12: [0, 1, 2], 15: [0, 1]}

    def limits(scores: Array) -> Array:
        drawn = scores.shape[1]
        return known(margins[drawn])[np.ix_(kept[drawn], kept[drawn])]

    ending = shrinking_race(desk, Terms(tolerance=0.05), limits)
    assert desk.counts.tolist() == [15, 15, 12]
    assert ending.said == (Status.WINNER, Status.OPEN, Status.BEATEN)


def test_a_lead_that_was_shown_stays_shown() -> None:
    margins = iter([0.08, 1.0])
    ending = shrinking_race(
        Desk(right([0.9, 0.85, 0.2], 12)),
        Terms(tolerance=0.0),
        lambda scores: known(next(margins))[: len(scores), : len(scores)],
    )
    assert ending.said[2] is Status.BEATEN


def test_equal_candidates_are_never_beaten() -> None:
    scores = np.tile(right([0.5], 60), (3, 1))
    for method in (hoeffding, bernstein, posterior, race()):
        _, ending = run(method, scores, Terms(tolerance=0.0))
        assert Status.BEATEN not in ending.said


def test_the_race_can_be_tried_on_another_schedule() -> None:
    scores = right([0.8, 0.78, 0.3], 300)
    usual, other = run(race(), scores)[0], run(race(first_batch=40), scores)[0]
    assert usual.counts.tolist() != other.counts.tolist()
    assert other.counts.min() >= 40


def test_growing_rounds_are_those_of_choose_and_the_last_ends_with_the_list() -> None:
    assert Terms().looks(20) == [10, 12, 15, 18, 20]
    assert Terms().looks(4) == [4]
    assert Terms(batches="one").looks(13) == [10, 11, 12, 13]


def test_a_subset_may_have_any_size_and_all_means_each() -> None:
    assert [*chosen_methods(["all", "subset-7"])] == [*METHODS, "subset-7"]
    assert [*chosen_methods([])] == ["race"]
    assert [*chosen_methods(["race", "race"])] == ["race"]


@pytest.mark.parametrize("name", ["subset-0", "subset-", "Race", ""])
def test_an_unknown_method_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(NotFound) as told:
        chosen_methods(["race", name])
    assert told.value.hint


@st.composite
def draws(draw: st.DrawFn) -> tuple[Array, Terms]:
    """Scores of a few candidates, and terms of every kind."""
    candidates, samples = draw(st.integers(2, 6)), draw(st.integers(1, 45))
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    levels = draw(st.sampled_from([(0.0, 1.0), (0.0, 0.5, 1.0), (1.0,)]))
    scope: Scope = draw(st.sampled_from(["list", "future"]))
    terms = Terms(
        tolerance=draw(st.sampled_from([0.0, 0.03, 0.3, 1.0])),
        confidence=draw(st.sampled_from([0.5, 0.95, 1.0])),
        scope=scope,
        prefer=draw(st.sampled_from(["quality", "cost"])),
        batches=draw(st.sampled_from(["growing", "one"])),
        costs={"usd": np.arange(1.0, candidates + 1.0)},
    )
    return generator.choice(levels, (candidates, samples)), terms


@EVERY
@given(drawn=draws(), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_a_method_hangs_on_nothing_but_what_it_asked(
    name: str, drawn: tuple[Array, Terms], seed: int
) -> None:
    """Scores that it did not ask for can be anything: it ends alike, within the matrix."""
    scores, terms = drawn
    desk, ending = run(METHODS[name], scores, terms)
    unasked = np.arange(scores.shape[1]) >= desk.counts[:, None]
    other = np.where(unasked, np.random.default_rng(seed).random(scores.shape), scores)
    again, same = run(METHODS[name], other, terms)
    assert same == ending
    assert again.counts.tolist() == desk.counts.tolist()
    assert (desk.counts <= scores.shape[1]).all()
    assert len(ending.said) == len(scores)
    assert 0 <= ending.returned < len(scores)
    assert ending.said.count(Status.WINNER) <= 1
    assert desk.loads >= (desk.counts > 0).sum()


@PROMISING
@given(drawn=draws())
@settings(max_examples=25, deadline=None)
def test_without_error_to_spend_nothing_false_is_said_of_a_list(
    name: str, drawn: tuple[Array, Terms]
) -> None:
    scores, terms = drawn
    certain = Terms(tolerance=terms.tolerance, confidence=1.0, batches=terms.batches)
    _, ending = run(METHODS[name], scores, certain)
    gaps = scores.mean(axis=1).max() - scores.mean(axis=1)
    for said, gap in zip(ending.said, gaps, strict=True):
        assert said is not Status.BEATEN or gap > 0.0
        assert said not in {Status.WITHIN, Status.WINNER} or gap <= terms.tolerance + 1e-9
    assert ending.said[ending.returned] is Status.WINNER


@pytest.mark.parametrize("prefer", ["quality", "cost"])
def test_the_race_is_told_what_candidates_cost(prefer: Preference) -> None:
    scores = right([0.95, 0.7, 0.1], 400)
    costs = np.array([9.0, 1.0, 0.5])
    terms = Terms(
        tolerance=0.4, prefer="cost" if prefer == "cost" else "quality", costs={"usd": costs}
    )
    _, ending = run(race(), scores, terms)
    assert ending.returned == (1 if prefer == "cost" else 0)
