from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.stats import holm, mcnemar_exact, paired_test, sign_flip

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=8)
few = st.lists(st.integers(-4, 4).map(lambda n: n / 4), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        pytest.param(0, 0, 1.0, id="nobody differs"),
        pytest.param(5, 5, 1.0, id="even"),
        pytest.param(0, 5, 2 / 2**5, id="all one way"),
        pytest.param(2, 8, 2 * (1 + 10 + 45) / 2**10, id="mixed"),
    ],
)
def test_mcnemar_is_twice_the_binomial_tail(first: int, second: int, p: float) -> None:
    assert mcnemar_exact(first, second) == pytest.approx(p)
    assert mcnemar_exact(second, first) == pytest.approx(p)


@given(few)
def test_few_differences_are_tried_with_every_sign(differences: list[float]) -> None:
    seen = abs(sum(differences))
    sums = [
        abs(sum(sign * abs(one) for sign, one in zip(signs, differences, strict=True)))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    share = sum(one >= seen - 1e-9 for one in sums) / len(sums)
    assert sign_flip(differences) == pytest.approx(share)


def test_many_differences_are_drawn_and_agree_with_mcnemar() -> None:
    differences = [1.0] * 14 + [-1.0] * 6 + [0.0] * 50
    assert sign_flip(differences) == pytest.approx(mcnemar_exact(14, 6), abs=0.01)
    assert 0 < sign_flip([1.0] * 500) < 0.001


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=30), st.data())
def test_right_and_wrong_are_told_by_mcnemar(first: list[float], data: st.DataObject) -> None:
    same = st.lists(st.sampled_from([0.0, 1.0]), min_size=len(first), max_size=len(first))
    second = data.draw(same)
    found = paired_test(first, second)
    assert found.test == "exact McNemar"
    assert found.difference == pytest.approx(np.mean(first) - np.mean(second))


def test_weights_decide_the_difference() -> None:
    found = paired_test([1.0, 0.0], [0.0, 0.0], weights=[0.9, 0.1])
    assert (found.difference, found.test) == (0.9, "paired sign flips")


@pytest.mark.parametrize("pair", [([], []), ([1.0], [1.0, 0.0])], ids=["empty", "unequal"])
def test_lists_that_are_no_pairs_are_refused(pair: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match="one length"):
        paired_test(*pair)


def test_equals_are_called_different_no_more_often_than_said() -> None:
    generator = np.random.default_rng(1)
    pairs = generator.random((400, 2, 25))
    wrong = np.mean([paired_test(a.tolist(), b.tolist()).p <= 0.05 for a, b in pairs])
    assert wrong <= 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5


def test_holm_gives_what_its_author_counts() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


@given(p_values)
def test_holm_lies_between_none_and_bonferroni(values: list[float]) -> None:
    adjusted = holm(values)
    bounds = [(p, min(1.0, len(values) * p)) for p in values]
    assert all(low <= q <= high for q, (low, high) in zip(adjusted, bounds, strict=True))
    order = sorted(range(len(values)), key=lambda place: values[place])
    assert [adjusted[place] for place in order] == sorted(adjusted)
