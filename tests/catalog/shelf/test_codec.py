"""Entries as bytes and back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from catalog.shelf.toy import ENTRIES, MEASURED, entry
from hypothesis import given

from elige.catalog.shelf.codec import Damaged, decoded, encoded, kin, kin_of
from elige.catalog.shelf.codec_bytes import VERSION
from elige.catalog.shelf.codec_runs import run_rows, runs_of
from elige.records import Column, Entry, Offer, RunResult

RUN = RunResult(
    run="r", dated="2026", candidate="c", ran="m", task="t", data="d", asked="a", metric="exact",
    samples=1, planned=2,
)  # fmt: skip
# An entry of format 1, as it was first written: it must stay readable for good.
_FIRST = bytes.fromhex("018b56f22f4ad7f70585a6924e353c131b21020494309294626b6301")


@given(ENTRIES)
def test_an_entry_comes_back_as_it_went_in(one: Entry) -> None:
    back = decoded(one.source, one.key, encoded(one))
    assert back == one
    assert {c: type(v) for c, v in back.values.items()} == {
        c: type(v) for c, v in one.values.items()
    }


@given(MEASURED)
def test_what_a_run_showed_comes_back(one: RunResult) -> None:
    held = replace(entry("a"), measured=(one,))
    assert decoded("toy", "a", encoded(held)) == held


def test_what_a_newer_elige_kept_of_a_run_is_passed_over() -> None:
    (row,) = run_rows([RUN])
    assert runs_of([row | {"mood": "good"}]) == (RUN,)


@given(ENTRIES)
def test_kin_is_told_by_the_bytes_as_by_the_entry(one: Entry) -> None:
    assert kin(encoded(one)) == kin_of(one)


def test_a_price_keeps_its_digits() -> None:
    offer = Offer(provider="p", hosted="h", input=Decimal("0.10"), output=None)
    back = decoded("toy", "a", encoded(replace(entry("a"), offers=(offer,))))
    assert (str(back.offers[0].input), back.offers[0].output) == ("0.10", None)


def test_the_prices_of_batches_come_back() -> None:
    offer = Offer(provider="p", hosted="h", input=None, output=None, batch_input=Decimal("0.5"))
    back = decoded("toy", "a", encoded(replace(entry("a"), offers=(offer,))))
    assert back.offers == (offer,)


def test_a_column_that_is_not_known_here_is_passed_over() -> None:
    odd = Entry(source="toy", key="a", model="a", values={"shoe_size": 44, Column.LAYERS: 2})  # type: ignore[dict-item]
    assert decoded("toy", "a", encoded(odd)).values == {Column.LAYERS: 2}


def test_what_no_json_holds_is_refused() -> None:
    odd = Entry(source="toy", key="a", model="a", values={Column.NAME: object()})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="object"):
        encoded(odd)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes((VERSION + 1,)) + encoded(entry("a"))[1:], id="a later format"),
        pytest.param(bytes((VERSION,)) + b"\xff\xff\xff", id="no block"),
        pytest.param(encoded(entry("a" * 400, name="b" * 400))[:-9], id="cut short"),
    ],
)
def test_other_bytes_are_named_as_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        decoded("toy", "a", data)


def test_the_first_format_is_still_read() -> None:
    assert decoded("toy", "k", _FIRST) == entry("Org/Model", key="k", layers=2, tags=("a", "b"))
