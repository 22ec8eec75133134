"""Which choice is right is decided over the whole file."""

import pytest

from elige.evaluate.cells import Choices
from elige.evaluate.right import right_choices

FOUR = Choices(texts=("red", "green", "blue", "grey"))
ARC = Choices(texts=("red", "green", "blue", "grey"), labels=("1", "2", "3", "4"))
DIGITS = Choices(texts=("0", "1", "2", "3"))


@pytest.mark.parametrize(
    ("answers", "choices", "places"),
    [
        pytest.param([0, 3, 1], FOUR, (0, 3, 1), id="from 0"),
        pytest.param([1, 4, 2], FOUR, (0, 3, 1), id="from 1"),
        pytest.param(["0", "3"], FOUR, (0, 3), id="from 0 as text"),
        pytest.param([1.0, 0.0], FOUR, (1, 0), id="as floats"),
        pytest.param(["B", "d"], FOUR, (1, 3), id="letters"),
        pytest.param(["(B)", "D."], FOUR, (1, 3), id="letters with signs"),
        pytest.param(["B) green", "D) grey"], FOUR, (1, 3), id="letters with their texts"),
        pytest.param(["Green", " grey "], FOUR, (1, 3), id="texts"),
        pytest.param(["B", "red"], FOUR, (1, 0), id="letters, and a text among them"),
        pytest.param(["A", "red", 0, "C"], FOUR, (0, 0, 0, 2), id="letters, and a 0 among them"),
        pytest.param(["A", "red", "4"], FOUR, (0, 0, 3), id="letters, and a last number"),
        pytest.param(["A", "B", 0, 4], FOUR, (0, 1, None, None), id="numbers that disagree"),
        pytest.param([0, 1, 3, "B", "grey"], FOUR, (0, 1, 3, 1, 3), id="letters among numbers"),
        pytest.param(["1", "4"], ARC, (0, 3), id="the file's own labels"),
        pytest.param([1, 0], DIGITS, (1, 0), id="numbers of choices that are digits"),
        pytest.param([["C"], ["A"]], FOUR, (2, 0), id="lists of one"),
        pytest.param([0, 9, -1, None], FOUR, (0, None, None, None), id="outside"),
        pytest.param(["A", "Z", "F"], FOUR, (0, None, None), id="letters outside"),
        pytest.param(["A) blue", "A"], FOUR, (None, 0), id="letter and text disagree"),
    ],
)
def test_right_choices(
    answers: list[object], choices: Choices, places: tuple[int | None, ...]
) -> None:
    assert right_choices(answers, [choices] * len(answers)).places == places


def test_numbers_that_tell_no_beginning_count_from_zero_with_a_notice() -> None:
    rights = right_choices([1, 2, 3], [FOUR] * 3)
    assert (rights.places, rights.base) == ((1, 2, 3), 0)
    assert "counted from 0" in rights.notice


def test_a_given_beginning_settles_it_without_notice() -> None:
    rights = right_choices([1, 2, 3], [FOUR] * 3, base=1)
    assert (rights.places, rights.notice) == ((0, 1, 2), "")


def test_a_number_as_large_as_the_row_s_count_tells_the_beginning() -> None:
    two = Choices(texts=("a", "b"))
    rights = right_choices([1, 2, 1], [FOUR, two, FOUR])
    assert (rights.places, rights.base, rights.notice) == ((0, 1, 0), 1, "")


def test_typed_numbers_count_even_where_the_choices_are_the_same_digits() -> None:
    turned = Choices(texts=("1", "0"))
    assert right_choices([0, 1], [turned] * 2).places == (0, 1)
    assert right_choices(["0", "1"], [turned] * 2).places == (1, 0)


def test_numbers_beside_letters_that_tell_no_beginning_are_set_aside_with_a_notice() -> None:
    rights = right_choices(["A", "green", "C", 2], [FOUR] * 4)
    assert rights.places == (0, 1, 2, None)
    assert rights.notice.startswith("1 right choices are numbers beside letters or texts")


@pytest.mark.parametrize(("base", "place"), [(0, 2), (1, 1)])
def test_a_given_beginning_counts_numbers_beside_letters(base: int, place: int) -> None:
    rights = right_choices(["A", "green", "C", 2], [FOUR] * 4, base=base)
    assert (rights.places, rights.notice) == ((0, 1, 2, place), "")
