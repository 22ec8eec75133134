import pytest

from elige.stats import median_interval, upper_limit, wilson_interval


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none"),
        pytest.param(5, 10, 0.2366, 0.7634, id="half"),
        pytest.param(81, 263, 0.2553, 0.3662, id="Newcombe 1998, table I"),
    ],
)
def test_wilson_interval(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(hits, trials) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("hits", "trials", "limit"),
    [
        pytest.param(0, 300, 1 - 0.05 ** (1 / 300), id="none of 300"),
        pytest.param(1, 10, 0.3942, id="one of ten"),
        pytest.param(50, 1000, 0.0629, id="fifty of a thousand"),
        pytest.param(4, 4, 1.0, id="all"),
    ],
)
def test_upper_limit(hits: int, trials: int, limit: float) -> None:
    assert upper_limit(hits, trials) == pytest.approx(limit, abs=1e-4)


def test_no_trials_say_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert upper_limit(0, 0) == 1.0


def test_more_hits_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="3 hits in 2 trials"):
        upper_limit(3, 2)


def test_the_medians_interval_is_of_two_ranks_and_covers_as_it_says() -> None:
    assert median_interval([3.0, 1.0, 2.0, 5.0, 4.0]) is None
    assert median_interval([6.0, 1.0, 2.0, 5.0, 4.0, 3.0]) == (1.0, 6.0)
    # P(Bin(20, 1/2) <= 5) is 0.0207, and with 6 it is 0.0577: the sixth from either end.
    assert median_interval([float(at) for at in range(20)]) == (5.0, 14.0)


def test_of_many_values_the_medians_interval_is_nearly_the_exact_one() -> None:
    row = [float(at) for at in range(2_000)]
    low, high = median_interval(row) or (0.0, 0.0)
    assert low == pytest.approx(955, abs=1) and low + high == 1_999
