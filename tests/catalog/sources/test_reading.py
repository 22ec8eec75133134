"""Values made clean: what a stranger writes comes out as plain letters and plain numbers."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.sources.json_files import flaw, parsed
from elige.catalog.sources.reading import (
    day,
    hub_name,
    link,
    partial_day,
    said,
    text,
    text_of,
    texts,
    whole,
)
from elige.catalog.sources.score_cell import fraction_of, month_of, number_of, percent_of
from elige.records import Column


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        pytest.param("a \x1b[1;31mred\x1b[0m b", "a red b", id="colours"),
        pytest.param("\x1b]0;title\x07name", "name", id="the window's title"),
        pytest.param("\x1b]8;;https://x\x1b\\here\x1b]8;;\x1b\\", "here", id="a link"),
        pytest.param("\x9b2Ja\x1bcb", "ab", id="a cleared screen"),
        pytest.param("a\x1bP1$r\x1b\\b\x1b(Bc", "abc", id="other orders"),
        pytest.param("a\x1b", "a", id="half an order"),
        pytest.param("invoice\u202egnp.exe", "invoicegnp.exe", id="letters turned round"),
        pytest.param("a\u2066b\u2069\u200e\u061cc", "abc", id="other marks of direction"),
        pytest.param("ze\u200bro\u200d\u2060\ufeff", "zero", id="no width"),
        pytest.param("a\U000e0041\U000e007f\u00adb", "ab", id="tags and soft hyphens"),
        pytest.param("\u3164\u2800\u115f", "", id="fillers"),
        pytest.param("a\r\nb\u2028c\td\x00e", "a b c d e", id="lines"),
        pytest.param("a\ud800b\ue000c", "a b c", id="no letters"),
        pytest.param("日本語\u3000モデル", "日本語 モデル", id="wide letters"),
        pytest.param("naïve – “quoted” 🦙", "naïve – “quoted” 🦙", id="what can be seen stays"),
    ],
)
def test_only_what_can_be_seen_is_left_of_a_text(written: str, seen: str) -> None:
    assert text(written) == seen
    assert texts([written, written]) == ((seen,) if seen else ())


@given(st.text() | st.text("\x1b[]\x9b;m0\x07\\ a\u202e"))
def test_a_text_is_one_line_that_can_be_printed_and_stays_as_it_is(written: str) -> None:
    line = text(written)
    assert line.isprintable() and line == line.strip() and len(line) <= 400
    assert text(line) == line


def test_words_for_nothing_say_nothing_but_are_languages_in_a_list() -> None:
    assert [text(one) for one in ("N/A", "None", "-", "TBD", "nan", "unknown")] == [""] * 6
    assert texts(["nan", "na", "none", "", 3, None, "en"]) == ("nan", "na", "en")
    assert texts({"a": 1}) == texts(None) == ()
    assert len(texts([str(number) for number in range(9_999)])) == 1_000


def test_a_cell_may_hold_a_number_and_never_a_list() -> None:
    assert [text_of(one) for one in (3, Decimal("1.5"), True, date(2026, 1, 2))] == [
        "3", "1.5", "True", "2026-01-02"
    ]  # fmt: skip
    assert [text_of(one) for one in (None, float("nan"), [1], {"a": 1}, b"x")] == [""] * 5


@pytest.mark.parametrize(
    "value",
    [Decimal("1e999999999"), Decimal("nan"), Decimal("sNaN"), 10**400, 1e308, float("inf"),
     "1_000", "９", "1e999", "9" * 5000, "", "-0.5", [], {}, None, True],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_count_is_none_at_once(value: object) -> None:
    assert whole(value) is None


def test_counts_are_read_in_any_notation() -> None:
    assert [whole(one) for one in (" 7 ", "7.0", "1e3", Decimal("4096.0"), 7.0)] == [
        7, 7, 1000, 4096, 7
    ]  # fmt: skip
    assert (whole(0), whole(0, least=1)) == (0, None)


def test_a_number_that_nobody_means_is_left_out() -> None:
    told = said({Column.LAYERS: 10**9, Column.DOWNLOADS: 0, Column.REASONING: False})
    assert told == {Column.DOWNLOADS: 0, Column.REASONING: False}


def test_days_are_those_of_models() -> None:
    late = datetime(2025, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert [day(one) for one in (late, "2025-01-02T10:00:00Z", date(2025, 1, 2))] == [
        "2024-12-31", "2025-01-02", "2025-01-02"
    ]  # fmt: skip
    end = datetime.max.replace(tzinfo=timezone(timedelta(hours=-9)))
    for none in ("0001-01-01", "9999-12-31", "2025-02-30", "2025-01-023", "x", 7, None, end):
        assert day(none) == ""
    assert day(datetime(1970, 1, 1, tzinfo=UTC)) == "1970-01-01"


def test_a_day_may_be_known_in_part() -> None:
    told = ("2024", "2024-05", "2024-05-31", date(2024, 5, 31))
    assert [partial_day(one) for one in told] == ["2024", "2024-05", "2024-05-31", "2024-05-31"]
    for none in ("2024-13", "2024-05-32", "soon", "0000", 2024, None):
        assert partial_day(none) == ""
    assert (month_of("2023/10"), month_of("2023-10-40"), month_of("2023-13")) == ("2023-10", "", "")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.org", "https://", "x", "http://a b"]
)
def test_only_addresses_of_the_web_are_links(address: str) -> None:
    assert link(address) == ""
    assert link("https://x.org/" + "y" * 500) == ""
    assert link("https://x.org/a?b#c") == "https://x.org/a?b#c"


def test_a_name_with_letters_that_cannot_be_seen_is_none() -> None:
    assert (
        hub_name("org/mo\u200bdel") == hub_name("org/\u3164") == hub_name("org/mo\u202edel") == ""
    )


@pytest.mark.parametrize("cell", ["-nan", "1_0", "1e16", "inf", "٣٫٥", [1], {"a": 1}, True])
def test_a_cell_that_is_no_number_is_told(cell: object) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number_of(cell)


def test_numbers_of_thousands_of_digits_and_deep_nesting_are_told_or_left() -> None:
    many = "9" * 5_000
    assert parsed(f'{{"a": {many}, "b": -{many}}}') == {"a": float("inf"), "b": float("-inf")}
    assert parsed("[1e99999999999999999999, 1.10]", exact=True)[1] == Decimal("1.10")
    with pytest.raises(ValueError, match="nested too deep"):
        parsed("[" * 200_000)


def test_a_key_that_stands_there_twice_spoils_what_it_stands_in() -> None:
    assert flaw(parsed('{"a": [{"b": 1, "b": 2}]}')) == "'b' stands there twice and says two things"
    assert flaw(parsed('{"a": [{"b": 1, "b": 1}]}')) == ""


def test_shares_have_their_bounds_for_values_and_nothing_beyond() -> None:
    assert (percent_of("0"), percent_of("100"), fraction_of("0"), fraction_of("1")) == (
        0,
        100,
        0,
        1,
    )
    for read, beyond in ((percent_of, "100.1"), (percent_of, "-0.1"), (fraction_of, "1.01")):
        with pytest.raises(ValueError, match="between 0 and"):
            read(beyond)
