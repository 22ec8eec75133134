from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.stats import difference_interval, interval_course, mean_interval

SCORES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60)


@pytest.mark.parametrize(
    "values", [(0, 0, 0, 0, 0, 0, 1), (0, 1, 0, 1, 1, 0, 1), (0.2, 0.9, 1, 1, 1, 0.5, 0)], ids=str
)
def test_a_list_is_covered_at_every_moment_in_almost_every_order(values: list[float]) -> None:
    rows = 2.0 * np.array(list(permutations(values))) - 1.0
    marks = range(1, len(values) + 1)
    low, high = interval_course(rows, list(marks), alpha=0.4, size=len(values))
    mean = 2.0 * np.mean(values) - 1.0
    missed = ((low > mean + 1e-9) | (high < mean - 1e-9)).any(axis=1)
    assert missed.mean() <= 0.4


def test_draws_from_a_population_are_covered_at_every_moment() -> None:
    generator = np.random.default_rng(1)
    rows = generator.choice([-1.0, 0.0, 1.0], p=[0.2, 0.5, 0.3], size=(400, 120))
    low, high = interval_course(rows, [10, 20, 40, 80, 120], alpha=0.2)
    missed = ((low > 0.1) | (high < 0.1)).any(axis=1)
    assert missed.mean() <= 0.2


@given(SCORES)
@settings(max_examples=25)
def test_a_surer_interval_is_never_narrower(scores: list[float]) -> None:
    for size in (None, len(scores) + 5):
        sure = mean_interval(scores, alpha=0.01, size=size)
        unsure = mean_interval(scores, alpha=0.2, size=size)
        assert sure[0] <= unsure[0] + 1e-9
        assert unsure[1] <= sure[1] + 1e-9


@given(SCORES)
@settings(max_examples=25)
def test_an_interval_holds_its_mean_and_stays_in_range(scores: list[float]) -> None:
    low, high = mean_interval(scores, alpha=0.05)
    assert 0.0 <= low <= np.mean(scores) + 1e-6
    assert np.mean(scores) - 1e-6 <= high <= 1.0


def test_an_exhausted_list_leaves_no_doubt() -> None:
    interval = difference_interval([1, 0, 1, 1], [0, 0, 1, 0], alpha=0.0, size=4)
    assert interval == pytest.approx((0.5, 0.5))


def test_without_an_allowed_error_only_certainty_is_left() -> None:
    assert mean_interval([1.0] * 50, alpha=0.0) == (0.0, 1.0)
    assert mean_interval([1.0] * 3, alpha=0.0, size=4) == pytest.approx((0.75, 1.0))


def test_ends_only_close_in() -> None:
    rows = np.random.default_rng(2).choice([-1.0, 0.0, 1.0], size=(3, 100))
    low, high = interval_course(rows, [5, 20, 50, 100], alpha=0.05, size=120)
    assert (np.diff(low, axis=1) >= 0).all()
    assert (np.diff(high, axis=1) <= 0).all()


def test_a_list_of_fewer_than_were_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="5 samples were drawn from a list of 4"):
        mean_interval([1, 0, 1, 1, 0], alpha=0.05, size=4)
