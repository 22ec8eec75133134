"""The market's chart: what is in it, who is on its front, and that names do not overlap."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from elige.catalog.listed import Listed
from elige.catalog.market import MarketPoint, market_points, score_keys
from elige.catalog.market_chart import ChartWords, best_at_each_price, market_svg
from elige.catalog.published import score_key
from elige.errors import BadInput
from elige.records import Card, Column, Entry, Fact, FactKind, Offer, PublishedScore
from elige.workbench.models_market import market_facts, models_market, write_market

SCORE = PublishedScore(benchmark="gpqa", value=0.5)
WORDS = ChartWords(title="A <title>", score="GPQA", notes=["Scores: us"])


def card(name: str, value: float, price: str, weights: str = "open") -> Card:
    score = PublishedScore(benchmark="gpqa", value=value)
    offer = Offer(
        provider="p", hosted=name, input=Decimal(price), output=Decimal(price), dated="2026-07-01"
    )
    return Card(
        model=f"a/{name}",
        facts={Column.WEIGHTS: (Fact(value=weights, kind=FactKind.DECLARED, source="s"),)},
        offers=(("s", offer),),
        results=(("s", score),),
    )


def points(*cards: Card) -> tuple[MarketPoint, ...]:
    return market_points(cards, score_key(SCORE), today="2026-07-02")


def test_models_without_price_or_score_are_left_out() -> None:
    bare = Card(model="a/bare", facts={}, results=(("s", SCORE),))
    found = points(card("one", 0.5, "2"), bare, Card(model="a/none", facts={}))
    assert [(one.model, one.price, one.is_open) for one in found] == [("a/one", Decimal(2), True)]


def test_of_equal_scores_the_cheaper_stands_first_and_gated_weights_count_as_open() -> None:
    found = points(card("a", 0.5, "2"), card("b", 0.5, "1", "gated"), card("c", 0.6, "9", "closed"))
    assert [(one.title, one.is_open) for one in found] == [("c", False), ("b", True), ("a", True)]


def test_front_is_who_nobody_beats_for_less() -> None:
    cards = [card("a", 0.5, "1"), card("b", 0.4, "2"), card("c", 0.9, "3", "closed")]
    found = points(*cards, card("d", 0.5, "2"), card("e", 0.9, "4"))
    assert [one.title for one in best_at_each_price(found)] == ["a", "c"]


def test_ways_of_taking_a_benchmark_are_counted_apart() -> None:
    other = PublishedScore(benchmark="gpqa", value=0.5, version="diamond")
    cards = [
        card("a", 0.5, "1"),
        card("b", 0.6, "1"),
        Card(model="x", facts={}, results=(("s", other),)),
    ]
    assert list(score_keys(cards, "gpqa").values()) == [2, 1]


def test_names_in_the_chart_do_not_overlap() -> None:
    cards = [card(f"model-{n}-with-a-name", 0.5 + n % 3 / 100, f"{1 + n / 50}") for n in range(12)]
    svg = market_svg(points(*cards), WORDS)
    found = re.findall(
        r'<text class="open[^"]*" text-anchor="(\w+)" x="([\d.]+)" y="([\d.]+)">([^<]+)<', svg
    )
    assert len(found) >= 6
    boxes = []
    for anchor, x, y, name in found:
        wide = 6.5 * len(name)
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        boxes.append((left, float(y), left + wide, float(y) + 14))
    for at, one in enumerate(boxes):
        for two in boxes[:at]:
            apart = one[0] >= two[2] or two[0] >= one[2] or one[1] >= two[3] or two[1] >= one[3]
            assert apart, (one, two)


def test_chart_says_where_numbers_come_from_and_keeps_signs_harmless() -> None:
    svg = market_svg(points(card("<b>", 0.5, "1"), card("c", 0.6, "2", "closed")), WORDS)
    assert "Scores: us" in svg
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg
    assert "prefers-color-scheme: dark" in svg


def test_chart_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        market_svg([], WORDS)


def test_shown_chart_is_the_page_s_table() -> None:
    docs = Path(__file__).parent.parent.parent / "docs"
    rows = re.findall(r"^\| [\w.-]+/", (docs / "market.md").read_text("utf-8"), re.MULTILINE)
    assert (docs / "market.svg").read_text("utf-8").count('class="dot') == len(rows)


def test_market_of_a_catalogue_takes_the_way_most_models_share(tmp_path: Path) -> None:
    read = [card("a", 0.5, "1"), card("b", 0.6, "2")]
    entries = [
        Entry(
            source="s",
            key=one.model,
            model=one.model,
            offers=[offer for _, offer in one.offers],
            results=[score for _, score in one.results],
        )
        for one in read
    ]
    listed = Listed([(one, "2026-07-01") for one in entries], {})
    shown = models_market(listed, "gpqa", version=None, setting=None, today="2026-07-02")
    assert [one["model"] for one in market_facts(shown)["points"]] == ["a/b", "a/a"]
    write_market(shown, tmp_path / "x.svg")
    assert "Prices: s, 2026-07-01" in (tmp_path / "x.svg").read_text("utf-8")
    with pytest.raises(BadInput, match="No model has both"):
        models_market(listed, "gpqa", version="diamond", setting=None, today="2026-07-02")


def test_a_benchmark_is_named_in_any_letters_and_other_ways_are_told() -> None:
    other = replace(SCORE, version="diamond")
    read = [card("a", 0.5, "1"), card("b", 0.6, "2")]
    entries = [
        Entry(
            source="s",
            key=one.model,
            model=one.model,
            offers=[offer for _, offer in one.offers],
            results=[score for _, score in one.results] + ([other] if one is read[0] else []),
        )
        for one in read
    ]
    listed = Listed([(one, "2026-07-01") for one in entries], {})
    shown = models_market(listed, "GPQA", version=None, setting=None, today="2026-07-02")
    (told,) = market_facts(shown)["others"]
    assert (told["version"], told["models"]) == ("diamond", 1)
    with pytest.raises(BadInput, match="'gpqaa' is known") as error:
        models_market(listed, "gpqaa", version=None, setting=None, today="2026-07-02")
    assert error.value.hint == "Did you mean gpqa?"
