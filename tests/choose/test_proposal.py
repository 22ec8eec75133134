"""Proposing candidates: who cannot be raced and why, who is taken and in which order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from elige.choose.limits import KnownFacts, Limits
from elige.choose.proposal import Nearness, Option, Terms, propose
from elige.records import Card, Column, Fact, FactKind, RunResult, Value
from elige.records.card import PublishedScore

TODAY = "2026-11-26"


def card(model: str, **values: Value) -> Card:
    facts = {
        Column(name): (Fact(value=value, kind=FactKind.DECLARED, source="test"),)
        for name, value in values.items()
    }
    return Card(model=model, facts=facts)


def option(model: str, commercial: str = "yes", **values: Value) -> Option:
    return Option(ref=model, model=model, commercial=commercial, card=card(model, **values))


FORBIDS = KnownFacts(may={"commercial": ("no", "its licence is for research")})


@pytest.mark.parametrize(
    ("one", "limits", "why"),
    [
        pytest.param(
            Option(ref="a/b", model="a/b", closed="the hub is offline"),
            Limits(),
            "the hub is offline",
            id="closed",
        ),
        pytest.param(option("a/b", deprecated=True), Limits(), "deprecated", id="given up"),
        pytest.param(
            option("a/b", task="text-to-image"), Limits(), "task is text-to-image", id="no text"
        ),
        pytest.param(
            Option(ref="a/b", model="a/b", known=KnownFacts(memory=9 * 10**9, free=10**9)),
            Limits(),
            "9.0 GB of memory",
            id="too large",
        ),
        pytest.param(
            Option(ref="a/b", model="a/b", known=FORBIDS),
            Limits(may=("commercial",)),
            "commercial use is not allowed",
            id="licence",
        ),
        pytest.param(
            Option(ref="a/b", model="a/b"),
            Limits(may=("commercial",)),
            "cannot be shown",
            id="unknown licence",
        ),
    ],
)
def test_what_cannot_be_raced_is_named_with_its_reason(
    one: Option, limits: Limits, why: str
) -> None:
    found = propose([one, option("good/one")], Terms(limits=limits.__class__(), today=TODAY))
    if limits == Limits():
        assert found.refs == ("good/one",)
    found = propose([one], Terms(limits=limits, today=TODAY))
    assert not found.refs and why in found.not_raced[0].why


def test_an_unknown_task_bars_nobody() -> None:
    assert propose([Option(ref="a", model="a")], Terms(today=TODAY)).refs == ("a",)


def test_near_free_and_fresh_models_come_first() -> None:
    far = Option(ref="far", model="far", nearness=Nearness.HUB, commercial="yes")
    old = option("old", released="2021-01-01")
    new = option("new", released="2026-08-01")
    bound = option("bound", commercial="no", released="2026-11-01")
    found = propose([far, bound, old, new], Terms(today=TODAY))
    assert found.refs == ("new", "old", "bound", "far")
    assert "less than a year ago" in found.proposed[0].why


def test_two_of_a_family_are_enough_of_a_proposal() -> None:
    options = [option(f"q/{n}", family="qwen") for n in range(4)] + [option("m/1", family="m")]
    found = propose(options, Terms(today=TODAY))
    assert found.refs == ("m/1", "q/0", "q/1")
    assert "2 of its family (qwen)" in found.not_raced[0].why


def test_a_search_keeps_its_order_and_its_families() -> None:
    options = [option(f"q/{n}", family="qwen") for n in (3, 1, 2, 0)]
    found = propose(options, Terms(today=TODAY, ordered=True, count=3))
    assert found.refs == ("q/3", "q/1", "q/2")
    assert found.not_raced[0].why == "3 models that can be raced stand before it in the search"


def test_one_model_is_not_raced_twice() -> None:
    twice = [Option(ref="x", model="a/x"), Option(ref="x", model="b/x")]
    found = propose(twice, Terms(ordered=True))
    assert found.refs == ("x",) and "same as x" in found.not_raced[0].why


def test_a_price_that_is_unknown_is_no_price_of_nothing() -> None:
    free = Option(ref="free", model="free", price=Decimal(0))
    unknown = Option(ref="a", model="a")
    found = propose([unknown, free], Terms(today=TODAY))
    assert found.refs == ("free", "a")
    assert "$0 for a million" in found.proposed[0].why and "$" not in found.proposed[1].why


def measured(place: str = "", score: float = 0.5, samples: int = 50) -> RunResult:
    return RunResult(
        run="r",
        dated="2026-11-20",
        candidate="c",
        ran="m",
        task="sums",
        data="d",
        asked="a",
        metric="score",
        samples=samples,
        planned=50,
        score=score,
        place=place,
        is_race=bool(place),
    )


def with_results(name: str, *own: RunResult, published: tuple[PublishedScore, ...] = ()) -> Option:
    results = tuple(("somewhere", one) for one in published)
    return Option(ref=name, model=name, card=replace(card(name), measured=own, results=results))


def test_own_runs_come_before_published_scores_and_are_told_first() -> None:
    published = (PublishedScore(benchmark="mmlu", value=0.9),)
    found = propose(
        [
            with_results("a/nothing"),
            with_results("b/published", published=published),
            with_results("c/own", measured(score=0.62), published=published),
            with_results("d/beaten", measured("beaten", samples=20)),
        ],
        Terms(today=TODAY),
    )
    assert found.refs == ("c/own", "b/published", "a/nothing", "d/beaten")
    own, beaten = found.proposed[0].why, found.proposed[3].why
    assert "measured here: 62.0 on sums (evaluated, 50 samples, 2026-11-20)" in own
    assert own.index("measured here") < own.index("published mmlu")
    assert "(race: beaten, stopped early, 20 of 50 samples" in beaten
