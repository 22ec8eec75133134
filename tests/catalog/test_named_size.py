"""The size in a model's name against the parameters that are stated: only clear contradictions."""

import pytest

from elige.catalog.cards import card_of
from elige.catalog.named_size import contrary_size, size_doubt
from elige.catalog.sources import installed
from elige.catalog.starter.source import Starter
from elige.records import Card, Column, Entry, Place


def card(model: str, parameters: int | None) -> Card:
    values = {} if parameters is None else {Column.PARAMETERS: parameters}
    return card_of(model, [(Entry(source="s", key="k", model=model, values=values), "")], {})


@pytest.mark.parametrize(
    ("model", "parameters", "named"),
    [
        pytest.param("a/b-7B", 70_000_000_000, "7B", id="ten times as many"),
        pytest.param("a/b-70b-chat", 6_700_000_000, "70B", id="a tenth"),
        pytest.param("a/b-7B-AWQ", 1_100_000_000, "7B", id="packed weights"),
        pytest.param("a/b-135M", 1_350_000_000, "135M", id="millions"),
        pytest.param("a/b-8x7B", 7_000_000_000_000, "8X7B", id="experts"),
        pytest.param("a/b-7B-to-13B", 70_000_000_000, "13B and 7B", id="neither of two"),
    ],
)
def test_a_contradiction_is_named(model: str, parameters: int, named: str) -> None:
    assert contrary_size(card(model, parameters)) == named
    assert size_doubt(card(model, parameters)).startswith(f"The name says {named}: ")


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        pytest.param("a/b-7B", 7_241_732_096, id="the same"),
        pytest.param("a/b-0.6B", 751_632_384, id="embeddings not counted"),
        pytest.param("a/b-1B", 1_484_916_736, id="rounded down"),
        pytest.param("a/b-8x7B", 46_702_792_704, id="experts share a part"),
        pytest.param("a/b-30B-A3B", 30_532_122_624, id="the active ones beside"),
        pytest.param("a/b-17B-128E", 401_583_781_376, id="active ones of many experts"),
        pytest.param("a/b-E4B", 7_849_978_192, id="effective ones"),
        pytest.param("a/b-7B-1M", 7_615_616_512, id="context beside"),
        pytest.param("a/b-1M", 9_000_000_000, id="context alone"),
        pytest.param("a/b-7B-to-13B", 13_000_000_000, id="one of two"),
        pytest.param("a7b/thing", 70_000_000_000, id="an author's name"),
        pytest.param("a/b-4bit-v0.1", 70_000_000_000, id="bits and versions"),
        pytest.param("a/b", 70_000_000_000, id="no size in the name"),
        pytest.param("a/b-7B", None, id="nothing stated"),
    ],
)
def test_what_can_be_is_not_doubted(model: str, parameters: int | None) -> None:
    assert contrary_size(card(model, parameters)) == size_doubt(card(model, parameters)) == ""


def test_no_model_that_ships_contradicts_its_name() -> None:
    entries = [one for one in Starter().read(Place()) if isinstance(one, Entry)]
    cards = [card_of(one.model, [(one, "")], installed()) for one in entries]
    assert {one.model: contrary_size(one) for one in cards if contrary_size(one)} == {}
