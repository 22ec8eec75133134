"""`models show`: everything that is known of one model, with where each value comes from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any  # JSON-like values have no better static type

from elige.catalog.licence_card import CardLicence, card_licence
from elige.catalog.licence_report import lineage_facts
from elige.catalog.lineage import parents_of
from elige.catalog.named_size import size_doubt
from elige.catalog.offers import Market, market_of, usual_workload
from elige.catalog.openness import Openness, openness_facts
from elige.catalog.openness.together import openness_of
from elige.catalog.own_results import by_weight, result_facts
from elige.catalog.published import Published, published_of
from elige.config import today
from elige.errors import BadInput
from elige.records import Card, Fact, Relation
from elige.workbench.bench import Workbench
from elige.workbench.named import card_named, not_known
from elige.workbench.own_runs import gather_runs

_LONG = {"mof", "osai", "licence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card with what follows from it: openness, licence along the lineage, market, scores."""

    card: Card
    openness: Openness
    licence: CardLicence
    parents: tuple[Relation, ...]
    children: int
    market: Market
    published: tuple[Published, ...]


def show_model(bench: Workbench, asked: str) -> Shown:
    """The card of the model `asked`; raises `NotFound` where nothing is known of it."""
    name = asked.partition("@")[0].strip()
    if not name:
        raise BadInput("No model is named.", hint="For example: elige models show allenai/OLMo-7B")
    gather_runs(bench)
    catalogue = bench.catalogue
    card = card_named(catalogue, asked)
    if card is None:
        raise not_known(bench, name)
    return Shown(
        card=card,
        openness=openness_of(card),
        licence=card_licence(card, catalogue),
        parents=tuple(parents_of(card.model, catalogue)),
        children=len(catalogue.children(card.model)),
        market=market_of(card.offers, usual_workload(), today=today()),
        published=published_of(card),
    )


def shown_facts(shown: Shown) -> dict[str, Any]:
    """All of it as JSON: every value with its kind, source and date, the most trustworthy first."""
    card = shown.card
    cheapest = shown.market.cheapest
    return {
        "model": card.model,
        "sources": list(card.sources),
        "facts": {
            str(column): [_fact(one) for one in facts] for column, facts in card.facts.items()
        },
        "measured": [result_facts(one) for one in by_weight(card.measured)],
        "differ": [str(column) for column in card.facts if card.differ(column)],
        "doubts": {"parameters": doubt} if (doubt := size_doubt(card)) else {},
        "openness": _openness(shown.openness),
        "licence": {
            "stated": shown.licence.own.stated or None,
            "id": shown.licence.own.licence.key,
            **lineage_facts(shown.licence),
        },
        "parents": [_relation(one) for one in shown.parents],
        "children": shown.children,
        "offers": {
            "known": len(card.offers),
            "counted": len(shown.market.counted),
            "cheapest_per_million": None if cheapest is None else _money(cheapest.blended),
            "cheapest_host": None if cheapest is None else cheapest.offer.provider,
            "cheapest_seen": None if cheapest is None else cheapest.offer.dated or None,
            "median_per_million": _money(shown.market.median),
            "mix": "3 tokens read for each one written",
        },
        "scores": [_published(one) for one in shown.published],
    }


def _openness(found: Openness) -> dict[str, Any]:
    """The grading without every component of it, which `openness` shows."""
    return {key: value for key, value in openness_facts(found).items() if key not in _LONG}


def _fact(fact: Fact) -> dict[str, Any]:
    value = list(fact.value) if isinstance(fact.value, tuple) else fact.value
    return {
        "value": value,
        "kind": str(fact.kind),
        "source": fact.source,
        "checked": fact.checked or None,
    }


def _relation(one: Relation) -> dict[str, Any]:
    return {
        "parent": one.parent,
        "kind": str(one.kind),
        "how": str(one.how),
        "why": one.why or None,
    }


def _published(one: Published) -> dict[str, Any]:
    return {
        "benchmark": one.key.benchmark,
        "version": one.key.version or None,
        "setting": one.key.setting or None,
        "metric": one.key.metric or None,
        "differ": one.differ,
        "results": [
            {
                "value": reading.score.value,
                "unit": reading.score.unit,
                "low": reading.score.low,
                "high": reading.score.high,
                "self_reported": reading.score.self_reported,
                "source": reading.source,
                "dated": reading.score.dated or None,
                "link": reading.score.link or None,
            }
            for reading in one.readings
        ],
    }


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
