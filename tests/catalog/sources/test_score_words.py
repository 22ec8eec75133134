"""Cells and words of score lists."""

import pytest

from elige.catalog.sources.score_cell import date_in, month_of, number_of
from elige.catalog.sources.score_words import Taken, benchmark_key, taken


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("95,3 %", 95.3, id="decimal comma"),
        pytest.param("1.234,5", 1234.5, id="comma after points"),
        pytest.param("1,234.5", 1234.5, id="point after commas"),
        pytest.param("1\u202f234", 1234, id="narrow space"),
        pytest.param("NaN", None, id="NaN"),
        pytest.param("–", None, id="dash"),
        pytest.param(float("nan"), None, id="float NaN"),
        pytest.param(0, 0, id="zero is a number"),
    ],
)
def test_numbers_as_people_write_them(cell: object, value: float | None) -> None:
    assert number_of(cell) == value


def test_a_comma_parts_thousands_only_where_said() -> None:
    assert number_of("1,470", grouped=True) == 1470
    assert number_of("1,470") == 1.47


@pytest.mark.parametrize("cell", ["ten", "1e999", "5/10", "12 34 x"])
def test_other_words_are_no_numbers(cell: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number_of(cell)


def test_days_and_months() -> None:
    assert date_in("board_2025-05-09.csv") == "2025-05-09"
    assert date_in("board_20250509.csv") == "2025-05-09"
    assert date_in("9999-99-99 no day 20251399") == ""
    assert [month_of("2023/4"), month_of("2023-04-01"), month_of("soon")] == [
        "2023-04", "2023-04-01", ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "how"),
    [
        pytest.param("Standard evaluation", Taken(), id="says nothing"),
        pytest.param("GPQA benchmark evaluation", Taken(), id="only the name"),
        pytest.param("Accuracy", Taken(metric="accuracy"), id="metric"),
        pytest.param("zero-shot CoT", Taken(setting="0-shot, chain of thought"), id="zero"),
        pytest.param("0-shot, Chain-of-Thought", Taken(setting="0-shot, chain of thought"),
                     id="the same in other words"),
        pytest.param("pass @1", Taken(metric="pass@1"), id="pass"),
        pytest.param("Cons@64", Taken(metric="cons@64"), id="consensus"),
        pytest.param("Diamond, Pass@1", Taken(version="diamond", metric="pass@1"), id="diamond"),
        pytest.param("v6 (Aug 24-May 25) Pass@1",
                     Taken(version="v6", setting="aug 24 may 25", metric="pass@1"), id="version"),
        pytest.param("Pass@1, Thinking mode", Taken(setting="thinking", metric="pass@1"), id="on"),
        pytest.param("Pass@1, Non-Thinking mode", Taken(setting="no thinking", metric="pass@1"),
                     id="off"),
        pytest.param("Score, Reasoning", Taken(setting="thinking", metric="accuracy"), id="bare"),
        pytest.param("parallel test-time compute", Taken(setting="parallel test time compute"),
                     id="not understood stays"),
        pytest.param("Graduate-level reasoning", Taken(setting="graduate level reasoning"),
                     id="a subject is no mode"),
    ],
)  # fmt: skip
def test_words_say_how_a_score_was_taken(words: str, how: Taken) -> None:
    assert taken(words, known="gpqa GPQA") == how


def test_benchmarks_have_stable_keys() -> None:
    assert benchmark_key("Humanity's Last Exam") == benchmark_key("humanity's-last-exam")
    assert benchmark_key("BIG-Bench Hard") == "bbh"
    assert benchmark_key("ai2-reasoning-challenge-(arc)") == "arc-challenge"
