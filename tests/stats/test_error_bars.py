"""Standard errors and intervals where samples come in clusters or are asked repeatedly."""

from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.stats import clustered_stderr, error_bars, t_cdf, t_quantile, wilson_interval

SCORES = st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=2, max_size=30)


@pytest.mark.parametrize(
    ("freedom", "value"),
    [
        pytest.param(1, 12.7062, id="1"),
        pytest.param(2, 4.3027, id="2"),
        pytest.param(9, 2.2622, id="9"),
        pytest.param(30, 2.0423, id="30"),
        pytest.param(20_000, 1.9600, id="as good as normal"),
    ],
)
def test_t_quantile_as_in_the_tables(freedom: int, value: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(value, abs=1e-4)
    assert t_quantile(0.025, freedom) == pytest.approx(-value, abs=1e-4)


@given(st.integers(1, 60), st.floats(-20, 20))
def test_the_distribution_is_symmetric_and_nears_the_normal_one(freedom: int, at: float) -> None:
    assert t_cdf(at, freedom) + t_cdf(-at, freedom) == pytest.approx(1.0)
    assert abs(t_cdf(at, freedom) - NormalDist().cdf(at)) <= 0.26 / freedom


@given(SCORES)
def test_clusters_of_one_give_the_usual_standard_error(scores: list[float]) -> None:
    found = clustered_stderr(scores, range(len(scores)))
    assert found == pytest.approx(float(np.std(scores, ddof=1)) / sqrt(len(scores)))


@given(SCORES, st.integers(2, 5))
def test_copies_of_every_row_tell_nothing_new(scores: list[float], copies: int) -> None:
    labels = list(range(len(scores))) * copies
    once = clustered_stderr(scores, range(len(scores)))
    assert clustered_stderr(scores * copies, labels) == pytest.approx(once)


def test_clustered_stderr_by_hand() -> None:
    # deviations from 0.5 sum to 1.0 and -1.0 in the two clusters: sqrt(2/1 * 2) / 4
    assert clustered_stderr([1.0, 1.0, 0.0, 0.0], "aabb") == pytest.approx(0.5)
    assert clustered_stderr([1.0, 0.0], "aa") is None


def test_unrelated_right_and_wrong_answers_have_wilson_s_interval() -> None:
    found = error_bars([1.0] * 30 + [0.0] * 10)
    assert (found.interval, found.method) == (wilson_interval(30, 40), "Wilson")
    assert not found.is_clustered


@pytest.mark.parametrize("scores", [[1.0] * 40, [1.0, 0.0] * 20], ids=["all right", "half right"])
def test_identical_rows_are_discounted(scores: list[float]) -> None:
    plain = error_bars(scores)
    doubled = error_bars(scores * 2, [*range(40)] * 2)
    assert doubled.interval == pytest.approx(plain.interval, abs=0.02)
    assert doubled.simple_stderr == pytest.approx((plain.stderr or 0.0) / sqrt(2), rel=0.02)


@given(SCORES, st.data())
def test_an_interval_lies_around_its_mean_within_0_and_1(
    scores: list[float], data: st.DataObject
) -> None:
    some = st.lists(st.integers(0, 9), min_size=len(scores), max_size=len(scores))
    found = error_bars(scores, data.draw(some))
    low, high = found.interval
    assert 0.0 <= low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= high <= 1.0


def test_few_clusters_are_told_to_be_unreliable() -> None:
    few = error_bars([1.0, 0.0, 1.0, 1.0], [0, 0, 1, 1])
    assert few.is_shaky
    assert few.interval[1] - few.interval[0] > 0.9
    assert error_bars([1.0, 0.5], [0, 0]).interval == (0.0, 1.0)


@pytest.mark.parametrize("right_or_wrong", [True, False], ids=["Wilson", "Student"])
def test_clustered_intervals_hold_the_truth_as_often_as_they_say(*, right_or_wrong: bool) -> None:
    """20 passages of 5 samples, whose chance of being right is the passage's own."""
    chance, held, simple = np.random.default_rng(3), 0, 0
    labels = [passage for passage in range(20) for _ in range(5)]
    for _ in range(400):
        skill = np.repeat(chance.beta(1.2, 0.8, 20), 5)  # 0.6 on the average
        scores = (chance.random(100) < skill).astype(float)
        if not right_or_wrong:
            scores = 0.1 + 0.8 * scores
        truth = 0.6 if right_or_wrong else 0.1 + 0.8 * 0.6
        low, high = error_bars(scores.tolist(), labels).interval
        held += low <= truth <= high
        mean, half = scores.mean(), 1.96 * scores.std() / 10
        simple += mean - half <= truth <= mean + half
    assert 0.92 <= held / 400 <= 0.985
    assert simple / 400 < 0.85
