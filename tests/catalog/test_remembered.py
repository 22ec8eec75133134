"""Answers kept for the next who asks the same."""

import pytest

from elige.catalog.remembered import Remembered


def test_a_function_is_asked_once_for_each_and_anew_after_all_were_forgotten() -> None:
    asked: list[int] = []

    def square(number: int) -> int:
        asked.append(number)
        return number * number

    kept = Remembered(square, 2)
    assert [kept[one] for one in (1, 2, 1, 2, 3, 1)] == [1, 4, 1, 4, 9, 1]
    assert asked == [1, 2, 3, 1]
    assert len(kept) <= 2


def test_what_fails_is_not_kept() -> None:
    kept = Remembered[str, int](int, 5)
    for _ in range(2):
        with pytest.raises(ValueError, match="no number"):
            kept["no number"]
    assert not kept
