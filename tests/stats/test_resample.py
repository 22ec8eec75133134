import numpy as np
import pytest

from elige.stats import paired_bootstrap, percentile
from elige.stats.resample import Indexes

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
