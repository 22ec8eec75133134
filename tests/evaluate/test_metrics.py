"""Confusion matrix, F1 and counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.evaluate.metrics import (
    confusion_matrix,
    mean,
    part_values,
)
from elige.records import Score

PAIRS = [("cat", "cat"), ("cat", "dog"), ("dog", "dog"), ("dog", "dog"), ("cat", ""), ("dog", "?")]
_PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["a", "b", "c", ""])))


def test_the_matrix_counts_unparsed_in_a_column_of_its_own() -> None:
    matrix = confusion_matrix(PAIRS, ("cat", "dog"))
    assert matrix.counts == ((1, 1, 1), (0, 2, 1))
    assert (matrix.total, matrix.unparsed, matrix.accuracy) == (6, 2, 0.5)


def test_precision_recall_and_f1_of_a_class() -> None:
    cat, dog = confusion_matrix(PAIRS, ("cat", "dog")).classes
    assert (cat.precision, cat.recall, cat.f1, cat.support) == (1.0, 1 / 3, 0.5, 3)
    assert (dog.precision, dog.recall, dog.support) == (2 / 3, 2 / 3, 3)
    assert dog.f1 == pytest.approx(2 / 3)


def test_macro_f1_leaves_out_a_class_that_never_came_up() -> None:
    matrix = confusion_matrix(PAIRS, ("cat", "dog", "fish"))
    assert matrix.macro_f1 == pytest.approx((0.5 + 2 / 3) / 2)
    assert (matrix.classes[2].precision, matrix.classes[2].recall) == (None, None)


def test_labels_that_were_not_given_follow_in_the_order_met() -> None:
    assert confusion_matrix([("b", "a"), ("a", "a")]).labels == ("b", "a")


def test_nothing_gives_zeros() -> None:
    matrix = confusion_matrix([], ("a", "b"))
    assert (matrix.total, matrix.accuracy, matrix.macro_f1) == (0, 0.0, 0.0)


@given(_PAIRS)
def test_totals_and_bounds(pairs: list[tuple[str, str]]) -> None:
    matrix = confusion_matrix(pairs, "abc")
    right = sum(target == predicted for target, predicted in pairs)
    assert matrix.total == len(pairs)
    assert matrix.accuracy == (right / len(pairs) if pairs else 0.0)
    assert 0.0 <= matrix.macro_f1 <= 1.0


@given(_PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs: list[tuple[str, str]], random: object) -> None:
    assert confusion_matrix(pairs, "abc") == confusion_matrix(pairs[::-1], "abc")


@given(_PAIRS)
def test_macro_f1_does_not_depend_on_the_order_of_labels(pairs: list[tuple[str, str]]) -> None:
    one, other = confusion_matrix(pairs, "abc"), confusion_matrix(pairs, "cba")
    assert one.macro_f1 == pytest.approx(other.macro_f1)


def test_means() -> None:
    scores = [Score(1.0, parts=(("a", 1.0), ("b", 0.0))), Score(0.0, parts=(("a", 0.0),))]
    assert (mean(scores), mean([])) == (0.5, None)
    assert part_values(scores) == {"a": [1.0, 0.0], "b": [0.0]}
