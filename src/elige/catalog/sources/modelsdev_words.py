"""What one file of models.dev says: an offer, and values of the model."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any  # what TOML and JSON hold has no narrower type

from elige.catalog.sources.money import (
    count_of,
    keys_of,
    pair_of,
    price_of,
    word_of,
    words_of,
)
from elige.records import Column, Offer, Value

# Plans at a price a month: their tokens are listed at nought, which is no price of a token.
_PLAN = re.compile(r"(?:^|-)(?:coding|token)-plan|for-coding|(?:coding|token|code) plan", re.I)
_PLANS = frozenset({"github-copilot", "gitlab"})
_LOCAL = re.compile(r"://(?:localhost|127\.|0\.0\.0\.0|\[::1\])", re.I)
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")
_HUB = re.compile(r"https?://(?:www\.)?huggingface\.co/([^/\s]+/[^/\s?#]+)/?", re.I)


def offer_of(
    host: str, facts: Mapping[str, Any], hosted: str, row: Mapping[str, Any], dated: str
) -> Offer:
    """What `host` asks for `hosted`: the price of the shortest texts where it goes by length.

    Raises `ValueError` for a price that is none.
    """
    cost = keys_of(row.get("cost"))
    inward, outward, free = pair_of(
        price_of(cost.get("input")),
        price_of(cost.get("output")),
        may_be_free=not is_of_a_plan(host, facts),
    )
    cached = (price_of(cost.get(name)) for name in ("cache_read", "cached_input", "cache_input"))
    return Offer(
        provider=word_of(host),
        hosted=word_of(hosted),
        input=inward,
        output=outward,
        cached_input=_first(cached),
        context=count_of(keys_of(row.get("limit")).get("context")),
        is_free=free,
        is_deprecated=row.get("status") == "deprecated",
        dated=dated,
        link=word_of(facts.get("doc")),
    )


def _first(prices: Any) -> Decimal | None:  # noqa: ANN401 - an iterator
    return next((price for price in prices if price), None)


def is_of_a_plan(host: str, facts: Mapping[str, Any]) -> bool:
    """Whether nought is no price there: the host is a monthly plan, or this very machine."""
    names = (host, word_of(facts.get("name")))
    return (
        host in _PLANS
        or any(_PLAN.search(name) for name in names)
        or _LOCAL.search(word_of(facts.get("api"))) is not None
    )


def values_of(row: Mapping[str, Any]) -> dict[Column, Value]:
    """What the file says of the model; what is not well formed is left out."""
    limit, kinds = keys_of(row.get("limit")), keys_of(row.get("modalities"))
    told: dict[Column, Value | None] = {
        Column.NAME: word_of(row.get("name")),
        Column.DESCRIPTION: word_of(row.get("description"))[:300],
        Column.FAMILY: word_of(row.get("family")),
        Column.MODALITIES_IN: words_of(kinds.get("input")),
        Column.MODALITIES_OUT: words_of(kinds.get("output")),
        Column.LICENCE: word_of(row.get("license")),
        Column.CONTEXT: count_of(limit.get("context")),
        Column.MAX_OUTPUT: count_of(limit.get("output")),
        Column.RELEASED: _date(row.get("release_date")),
        Column.UPDATED: _date(row.get("last_updated")),
        Column.KNOWLEDGE_CUTOFF: _date(row.get("knowledge")),
    }
    found = {column: value for column, value in told.items() if value}
    for column, name in ((Column.REASONING, "reasoning"), (Column.TOOL_CALL, "tool_call")):
        if isinstance(row.get(name), bool):
            found[column] = row[name]
    if isinstance(row.get("open_weights"), bool):
        found[Column.WEIGHTS] = "open" if row["open_weights"] else "closed"
    return found


def _date(value: object) -> str:
    text = word_of(value)
    return text if _DATE.fullmatch(text) else ""


def weights_of(row: Mapping[str, Any]) -> str:
    """The hub's id of the first weights that the file links to; ''."""
    told = row.get("weights")
    for one in told if isinstance(told, list) else []:
        found = _HUB.fullmatch(word_of(keys_of(one).get("url")))
        if found:
            return found[1]
    return ""
