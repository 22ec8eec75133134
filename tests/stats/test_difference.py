from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from elige.stats import difference_bars, e_value, mcnemar_exact, sign_flip, tango_interval

counts = st.integers(0, 40)
scores = st.lists(st.tuples(*[st.sampled_from([0.0, 0.25, 1.0])] * 2), min_size=2, max_size=60)


@given(counts, counts, counts)
def test_tango_lacks_zero_exactly_where_mcnemar_without_correction_does(
    ahead: int, behind: int, alike: int
) -> None:
    samples = ahead + behind + alike
    assume(samples > 0)
    low, high = tango_interval(ahead, behind, samples)
    statistic = (ahead - behind) / sqrt(ahead + behind) if ahead + behind else 0.0
    z = NormalDist().inv_cdf(0.975)
    assume(abs(abs(statistic) - z) > 1e-6)
    assert (low > 0.0 or high < 0.0) == (abs(statistic) > z)
    assert -1.0 <= low <= (ahead - behind) / samples <= high <= 1.0


@given(counts, counts, st.integers(1, 40))
def test_tango_turns_with_the_sides(ahead: int, behind: int, alike: int) -> None:
    samples = ahead + behind + alike
    low, high = tango_interval(ahead, behind, samples)
    assert tango_interval(behind, ahead, samples) == pytest.approx((-high, -low), abs=1e-9)


def test_tango_without_any_difference_has_a_width() -> None:
    square = NormalDist().inv_cdf(0.975) ** 2
    edge = square / (20 + square)
    assert tango_interval(0, 0, 20) == pytest.approx((-edge, edge), abs=1e-6)


def test_tango_covers_the_difference_as_often_as_it_says() -> None:
    generator, covered, true = np.random.default_rng(1), 0, 0.25 - 0.10
    for _ in range(1500):
        ahead, behind, _ = generator.multinomial(60, [0.25, 0.10, 0.65])
        low, high = tango_interval(int(ahead), int(behind), 60)
        covered += low <= true <= high
    assert 0.93 <= covered / 1500 <= 0.97


def test_right_and_wrong_of_unrelated_samples_gets_mcnemar() -> None:
    bars = difference_bars([1, 1, 1, 0, 0], [0, 0, 0, 1, 0])
    assert bars.difference == pytest.approx(0.4)
    assert (bars.ahead, bars.behind) == (3, 1)
    assert bars.mcnemar == mcnemar_exact(3, 1) == pytest.approx(bars.permutation)


def test_clusters_are_flipped_whole_and_widen_the_interval() -> None:
    first, second = [1.0] * 24 + [0.0] * 12, [0.0] * 24 + [1.0] * 12
    clusters = [place // 4 for place in range(36)]
    alone, tied = difference_bars(first, second), difference_bars(first, second, clusters)
    assert tied.mcnemar is None and tied.clusters == 9
    assert tied.permutation == pytest.approx(sign_flip([4.0] * 6 + [-4.0] * 3))
    assert tied.interval[0] < alone.interval[0] and tied.interval[1] > alone.interval[1]
    assert tied.method == "Student's t over clusters"


def test_one_cluster_tells_nothing() -> None:
    assert difference_bars([1, 1], [0, 0], ["a", "a"]).interval == (-1.0, 1.0)


@given(scores)
def test_the_interval_holds_the_difference(pairs: list[tuple[float, float]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    bars = difference_bars(first, second)
    assert bars.difference == pytest.approx(np.mean(np.subtract(first, second)))
    assert bars.interval[0] - 1e-9 <= bars.difference <= bars.interval[1] + 1e-9
    assert bars.ahead + bars.behind <= bars.samples


@pytest.mark.parametrize("size", [None, 64], ids=["future", "list"])
def test_the_e_value_is_at_most_one_on_average_without_a_difference(size: int | None) -> None:
    generator = np.random.default_rng(3)
    held = np.array([1.0, -1.0, 0.0, 0.0] * 16)
    values = []
    for _ in range(3000):
        row = generator.permutation(held)[:40] if size else generator.choice(held, 40)
        values.append(e_value(np.maximum(row, 0), np.maximum(-row, 0), size=size))
    assert np.mean(values) <= 1.0 + 3 * np.std(values) / sqrt(len(values))
    assert np.mean(np.array(values) >= 20.0) <= 0.05


@given(scores)
def test_the_e_value_does_not_care_who_comes_first(pairs: list[tuple[float, float]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert e_value(first, second) == pytest.approx(e_value(second, first))
    assert e_value(first, first) == 1.0


def test_the_e_value_grows_with_what_is_seen() -> None:
    assert e_value([], []) == 1.0
    assert e_value([1] * 10, [0] * 10) < e_value([1] * 20, [0] * 20)
    assert e_value([1] * 20, [0] * 20) > 100


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param([], [], id="none"), pytest.param([1.0], [0.0, 1.0], id="lengths")],
)
def test_lists_that_are_no_pairs_are_refused(first: list[float], second: list[float]) -> None:
    with pytest.raises(ValueError):
        difference_bars(first, second)
