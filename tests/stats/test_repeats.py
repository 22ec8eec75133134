"""The noise of sampling apart from that of samples; right at least once, right every time."""

from fractions import Fraction
from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.stats import noise, pass_all, pass_at

TRIES = st.integers(1, 9).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))
)
SCORES = st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=5), min_size=2, max_size=12)


def counted(tries: int, right: int, k: int, *, every: bool) -> float:
    """The share of all draws of k answers in which one, or every one, is right."""
    draws = [*combinations([place < right for place in range(tries)], k)]
    hits = sum(all(draw) if every else any(draw) for draw in draws)
    return float(Fraction(hits, len(draws)))


@given(TRIES)
def test_pass_at_k_is_the_share_of_draws_with_a_right_one(drawn: tuple[int, int, int]) -> None:
    assert pass_at(*drawn) == pytest.approx(counted(*drawn, every=False))
    assert pass_all(*drawn) == pytest.approx(counted(*drawn, every=True))


@given(TRIES)
def test_more_tries_pass_more_often_and_all_together_less(drawn: tuple[int, int, int]) -> None:
    tries, right, k = drawn
    assert pass_at(tries, right, 1) == pytest.approx(right / tries)
    assert pass_at(tries, right, tries) == float(right > 0)
    if k > 1:
        assert pass_at(tries, right, k) >= pass_at(tries, right, k - 1) - 1e-12
        assert pass_all(tries, right, k) <= pass_all(tries, right, k - 1) + 1e-12


def test_pass_at_k_is_unbiased() -> None:
    """Of 6 answers that are right with a chance of 0.3, three pass in 1 - 0.7^3."""
    right = np.random.default_rng(1).binomial(6, 0.3, 20_000)
    mean = sum(pass_at(6, int(count), 3) for count in right) / len(right)
    assert mean == pytest.approx(1 - 0.7**3, abs=0.01)


@pytest.mark.parametrize("drawn", [(3, 4, 1), (3, 1, 4), (3, 1, 0)])
def test_what_was_not_tried_is_refused(drawn: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="tries"):
        pass_at(*drawn)


@given(SCORES)
def test_the_two_noises_add_up_as_squares(scores: list[list[float]]) -> None:
    found = noise(scores)
    assert found is not None
    both = sqrt(found.from_samples**2 + found.from_sampling**2)
    assert both == pytest.approx(found.stderr)
    assert found.with_repeats(1000) <= found.with_repeats(2) + 1e-12
    assert found.with_repeats(10**9) == pytest.approx(found.from_samples, abs=1e-4)


def test_the_components_are_those_that_made_the_scores() -> None:
    chance = np.random.default_rng(5)
    skill = chance.uniform(0.2, 0.8, 20_000)  # of variance 0.03
    scores = skill[:, None] + chance.choice([-0.2, 0.2], (20_000, 3))  # of variance 0.04
    found = noise(scores.tolist())
    assert found is not None
    assert (found.within, found.between) == pytest.approx((0.04, 0.03), rel=0.04)
    assert found.from_sampling == pytest.approx(sqrt(0.04 / 60_000), rel=0.03)
    assert found.with_repeats(3) == pytest.approx(found.stderr)


def test_repeats_that_all_agree_have_no_noise_of_sampling() -> None:
    found = noise([[1.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    assert found is not None
    assert (found.within, found.from_sampling) == (0.0, 0.0)
    assert found.from_samples == found.stderr


@pytest.mark.parametrize("scores", [[], [[1.0], [0.0]], [[1.0, 0.0]]])
def test_without_repeats_or_samples_nothing_is_told(scores: list[list[float]]) -> None:
    assert noise(scores) is None
