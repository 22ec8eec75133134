"""Agreement of two raters: known values, and laws that hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.stats import agreement
from elige.stats.agreement import kappa, spearman

GRADES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
PAIRS = st.lists(st.tuples(GRADES, GRADES), min_size=2, max_size=40)


def sides(
    pairs: list[tuple[float, float]],
) -> tuple["np.ndarray[tuple[int], np.dtype[np.float64]]", ...]:
    return tuple(np.asarray(side, dtype=float) for side in zip(*pairs, strict=True))


def test_kappa_of_cohens_table() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: 70 % agree, 50 % by chance.
    pairs = [(1.0, 1.0)] * 20 + [(1.0, 0.0)] * 5 + [(0.0, 1.0)] * 10 + [(0.0, 0.0)] * 15
    found = agreement(pairs, graded=False)
    assert (found.rate, found.chance, found.kappa) == pytest.approx((0.7, 0.5, 0.4))
    assert found.kappa_interval is not None
    low, high = found.kappa_interval
    assert 0.1 < low < 0.4 < high < 0.66  # 0.4 ± 1.96 · 0.13, by Fleiss' standard error


def test_a_small_disagreement_weighs_less_in_grades() -> None:
    near = [(0.0, 0.25), (1.0, 0.75), (0.5, 0.5), (0.25, 0.25)]
    far = [(0.0, 1.0), (1.0, 0.0), (0.5, 0.5), (0.25, 0.25)]
    first, second = agreement(near, graded=True), agreement(far, graded=True)
    assert first.rate == second.rate
    assert first.kappa is not None and second.kappa is not None
    assert first.kappa > 0.7 > 0.0 > second.kappa


def test_one_side_that_never_differs_tells_nothing() -> None:
    found = agreement([(1.0, 1.0)] * 9, graded=True)
    assert (found.rate, found.kappa, found.kappa_interval, found.spearman) == (
        1.0,
        None,
        None,
        None,
    )
    assert "cannot tell" in found.belief


@pytest.mark.parametrize(
    ("pairs", "belief"),
    [
        ([(1.0, 1.0), (0.0, 0.0)] * 50, "good enough"),
        ([(1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)] * 50, "not good enough"),
        ([(1.0, 1.0), (0.0, 0.0), (1.0, 0.0)] * 4, "with care"),
    ],
    ids=["the same", "by chance", "few"],
)
def test_belief_follows_kappas_interval(pairs: list[tuple[float, float]], belief: str) -> None:
    assert belief in agreement(pairs, graded=False).belief


@given(PAIRS)
def test_kappa_is_at_most_one_and_has_no_sides(pairs: list[tuple[float, float]]) -> None:
    first, second = sides(pairs)
    for weighted in (False, True):
        found = kappa(first, second, weighted=weighted)
        swapped = kappa(second, first, weighted=weighted)
        assert (found is None) == (swapped is None)
        if found is not None and swapped is not None:
            assert found <= 1.0 + 1e-12
            assert found == pytest.approx(swapped)


@given(PAIRS)
def test_ranks_correlate_as_with_average_ranks(pairs: list[tuple[float, float]]) -> None:
    first, second = sides(pairs)
    found = spearman(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert found is None
        return
    ranks = [
        [(side < x).sum() + ((side == x).sum() + 1) / 2 for x in side] for side in (first, second)
    ]
    assert found == pytest.approx(np.corrcoef(np.asarray(ranks))[0, 1])
