import numpy as np
import pytest

from elige.stats import bootstrap_interval, paired_bootstrap, percentile, resampled
from elige.stats.resample import Indexes, Statistic
from elige.stats.wealth import Array

GENERATOR = np.random.default_rng(3)
GOOD = (GENERATOR.random(300) < 0.8).astype(float)
POOR = (GENERATOR.random(300) < 0.6).astype(float)


def good(chosen: Indexes) -> float:
    return float(GOOD[chosen].mean())


def poor(chosen: Indexes) -> float:
    return float(POOR[chosen].mean())


def test_bootstrap_finds_a_clear_difference() -> None:
    found = paired_bootstrap(good, poor, samples=300, seed=1)
    assert found.difference == pytest.approx(GOOD.mean() - POOR.mean())
    assert 0 < found.interval[0] < found.difference < found.interval[1]
    assert found.reversed_share < 0.01


def test_bootstrap_of_equals_is_exactly_zero() -> None:
    found = paired_bootstrap(good, good, samples=300, draws=50)
    assert found.interval == (0.0, 0.0)
    assert found.reversed_share == 0.5


def test_bootstrap_repeats_with_its_seed() -> None:
    one, two = (paired_bootstrap(good, poor, samples=300, draws=50, seed=7) for _ in range(2))
    assert one == two


def test_percentile_lies_between_neighbours() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_the_interval_of_one_statistic_holds_its_value_and_narrows() -> None:
    low, high = bootstrap_interval(good, samples=300, seed=2)
    short_low, short_high = bootstrap_interval(good, samples=30, seed=2)
    assert low < GOOD.mean() < high
    assert high - low < short_high - short_low


def mean_of(row: Array) -> Statistic:
    return lambda chosen: float(row[chosen].mean())


def test_about_95_of_100_bootstrap_intervals_hold_the_truth() -> None:
    generator = np.random.default_rng(4)
    held = 0
    for seed in range(100):
        low, high = bootstrap_interval(
            mean_of(generator.normal(size=80)), samples=80, draws=300, seed=seed
        )
        held += low <= 0.0 <= high
    assert 86 <= held <= 100


def test_all_statistics_see_the_same_resamples() -> None:
    rows = resampled([good, good, poor], samples=300, draws=20)
    assert (rows[0] == rows[1]).all()
    assert (rows[0] != rows[2]).any()


def test_nothing_can_be_drawn_of_nothing() -> None:
    with pytest.raises(ValueError, match="no samples"):
        resampled([good], samples=0)
