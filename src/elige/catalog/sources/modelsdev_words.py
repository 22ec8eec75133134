"""What one file of models.dev says: an offer, and values of the model."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import inf
from typing import Any  # what TOML and JSON hold has no narrower type

from elige.catalog.sources.money import pair_of, price_of
from elige.catalog.sources.reading import (
    link,
    mapping,
    name_of,
    partial_day,
    said,
    text,
    texts,
    whole,
)
from elige.records import Column, Offer, PublishedScore, Value

# Plans at a price a month: their tokens are listed at nought, which is no price of a token.
_PLAN = re.compile(r"(?:^|-)(?:coding|token)-plan|for-coding|(?:coding|token|code) plan", re.I)
_PLANS = frozenset({"github-copilot", "gitlab"})
_LOCAL = re.compile(r"://(?:localhost|127\.|0\.0\.0\.0|\[::1\])", re.I)
_HUB_PAGE = re.compile(r"https?://(?:www\.)?huggingface\.co/([^/\s]+)/", re.I)
_HIGHEST_SCORE = 10**9
_PERCENT = re.compile(r"percent|pass@|resolve|rate|accuracy", re.I)
_HUB = re.compile(r"https?://(?:www\.)?huggingface\.co/([^/\s]+/[^/\s?#]+)/?", re.I)


def offer_of(
    host: str, facts: Mapping[str, Any], hosted: str, row: Mapping[str, Any], dated: str
) -> Offer:
    """What `host` asks for `hosted`: the price of the shortest texts where it goes by length.

    Raises `ValueError` for a price that is none.
    """
    cost = mapping(row.get("cost"))
    inward, outward, free = pair_of(
        price_of(cost.get("input")),
        price_of(cost.get("output")),
        may_be_free=not is_of_a_plan(host, facts),
    )
    cached = (price_of(cost.get(name)) for name in ("cache_read", "cached_input", "cache_input"))
    return Offer(
        provider=text(host),
        hosted=name_of(hosted),
        input=inward,
        output=outward,
        cached_input=_first(cached),
        context=whole(mapping(row.get("limit")).get("context"), least=1),
        is_free=free,
        is_deprecated=row.get("status") == "deprecated",
        dated=dated,
        link=link(facts.get("doc")),
    )


def _first(prices: Any) -> Decimal | None:  # noqa: ANN401 - an iterator
    return next((price for price in prices if price), None)


def is_of_a_plan(host: str, facts: Mapping[str, Any]) -> bool:
    """Whether nought is no price there: the host is a monthly plan, or this very machine."""
    names = (host, text(facts.get("name")))
    return (
        host in _PLANS
        or any(_PLAN.search(name) for name in names)
        or _LOCAL.search(text(facts.get("api"))) is not None
    )


def values_of(row: Mapping[str, Any]) -> dict[Column, Value]:
    """What the file says of the model; what is not well formed is left out."""
    limit, kinds = mapping(row.get("limit")), mapping(row.get("modalities"))
    told: dict[Column, Value | None] = {
        Column.NAME: text(row.get("name")),
        Column.DESCRIPTION: text(row.get("description"))[:300],
        Column.FAMILY: text(row.get("family")),
        Column.MODALITIES_IN: texts(kinds.get("input")),
        Column.MODALITIES_OUT: texts(kinds.get("output")),
        Column.LICENCE: text(row.get("license")),
        Column.CONTEXT: whole(limit.get("context"), least=1),
        Column.MAX_OUTPUT: whole(limit.get("output"), least=1),
        Column.RELEASED: partial_day(row.get("release_date")),
        Column.UPDATED: partial_day(row.get("last_updated")),
        Column.KNOWLEDGE_CUTOFF: partial_day(row.get("knowledge")),
    }
    found = said(told)
    for column, name in ((Column.REASONING, "reasoning"), (Column.TOOL_CALL, "tool_call")):
        if isinstance(row.get(name), bool):
            found[column] = row[name]
    if isinstance(row.get("open_weights"), bool):
        found[Column.WEIGHTS] = "open" if row["open_weights"] else "closed"
    return found


def results_of(row: Mapping[str, Any]) -> Iterator[PublishedScore]:
    """The benchmark results in a model's own file; what has no name or no number is left out.

    A result that the maker's page on the hub states is self-reported; of others nobody says it.
    """
    told = row.get("benchmarks")
    weights = weights_of(row).partition("/")[0].casefold()
    for one in told if isinstance(told, list) else []:
        facts = mapping(one)
        name, score = text(facts.get("name")), _number(facts.get("score"))
        if not name or score is None:
            continue
        source, metric = link(facts.get("source")), text(facts.get("metric"))
        page = _HUB_PAGE.match(source)
        own = page is not None and bool(weights) and page[1].casefold() == weights
        setting = (text(facts.get(key)) for key in ("variant", "dataset", "harness"))
        yield PublishedScore(
            benchmark=name,
            value=score,
            version=text(facts.get("version")),
            setting=", ".join(filter(None, setting)),
            metric=metric,
            unit="percent" if _PERCENT.search(metric) else "points",
            self_reported=True if own else None,
            dated=partial_day(facts.get("date")),
            link=source,
        )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    found = float(value) if not isinstance(value, int) or abs(value) < _HIGHEST_SCORE else inf
    return found if abs(found) < _HIGHEST_SCORE else None  # no NaN, nothing endless


def weights_of(row: Mapping[str, Any]) -> str:
    """The hub's id of the first weights that the file links to; ''."""
    told = row.get("weights")
    for one in told if isinstance(told, list) else []:
        found = _HUB.fullmatch(text(mapping(one).get("url")))
        if found:
            return found[1]
    return ""
