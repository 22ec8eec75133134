"""Costs as an object of JSON."""

from decimal import Decimal
from typing import Any  # JSON-like values have no better static type

from elige.catalog.offers import STALE_DAYS, Market, Priced, Standing, Workload
from elige.catalog.self_hosting import (
    BREAK_EVEN_FORMULA,
    CAPACITY_FORMULA,
    PRICE_FORMULA,
)
from elige.workbench.cost import Cost, Costs, SelfHosted

BLEND_FORMULA = "(input * input price + output * output price) / (input + output)"
_GROUPS = {
    Standing.FREE: "free",
    Standing.DEPRECATED: "deprecated",
    Standing.TOO_SHORT: "too_short",
    Standing.BATCH: "batch_only",
    Standing.UNKNOWN: "unknown",
}


def cost_facts(found: Costs) -> dict[str, Any]:
    """All that is known: prices in US dollars per million tokens, totals in US dollars.

    Unknown numbers are null.
    """
    return {
        "workload": _use(found.use),
        "unit": "US dollars per million tokens; totals in US dollars",
        "blended_formula": BLEND_FORMULA,
        "stale_after_days": STALE_DAYS,
        "models": [_cost(one, found.use) for one in found.models],
        "proprietary": [_cost(one, found.use) for one in found.beside],
        "proprietary_rule": found.rule or None,
        "broken": [{"where": one.where, "why": one.why} for one in found.broken],
    }


def _use(use: Workload) -> dict[str, Any]:
    return {
        "input": use.input,
        "output": use.output,
        "requests": use.requests,
        "input_tokens": use.read,
        "output_tokens": use.written,
        "assumed_ratio": use.is_assumed,
    }


def _cost(one: Cost, use: Workload) -> dict[str, Any]:
    market = one.market
    middle = market.median
    facts: dict[str, Any] = {
        "asked": one.asked,
        "model": one.model,
        "weights": one.weights or None,
        "offers": [_offer(each) for each in market.counted],
        "cheapest": _offer(market.cheapest) if market.cheapest else None,
        "of_maker": _offer(one.of_maker) if one.of_maker else None,
        "median": None if middle is None else _median(middle, market, use),
    }
    for standing, name in _GROUPS.items():
        facts[name] = [_offer(each) for each in market.offers if each.standing is standing]
    if one.self_hosted is not None:
        facts["self_hosted"] = _self_hosted(one.self_hosted, use)
    return facts


def _median(middle: Decimal, market: Market, use: Workload) -> dict[str, Any]:
    return {
        "blended": float(middle),
        "total": float(middle * use.tokens / 1_000_000),
        "offers": len(market.counted),
    }


def _offer(one: Priced) -> dict[str, Any]:
    offer = one.offer
    return {
        "provider": offer.provider,
        "hosted": offer.hosted,
        "source": one.source,
        "dated": offer.dated or None,
        "days": one.days,
        "stale": one.is_stale,
        "input": _money(offer.input),
        "output": _money(offer.output),
        "cached_input": _money(offer.cached_input),
        "batch_input": _money(offer.batch_input),
        "batch_output": _money(offer.batch_output),
        "context": offer.context,
        "is_free": offer.is_free,
        "is_deprecated": offer.is_deprecated,
        "blended": _money(one.blended),
        "total": _money(one.total),
        "batch_total": _money(one.batch_total),
        "link": offer.link or None,
    }


def _self_hosted(own: SelfHosted, use: Workload) -> dict[str, Any]:
    machine, speed = own.machine, own.speed
    if machine is None or speed is None:
        return {"why_not": own.why_not}
    return {
        "per_hour": float(machine.per_hour),
        "tokens_per_second": {
            "value": float(machine.tokens_per_second),
            "kind": speed.kind.value,
            "source": speed.source,
            "checked": speed.checked or None,
            "precision": own.precision or None,
        },
        "per_million": float(machine.per_million),
        "per_million_formula": PRICE_FORMULA,
        "hours": float(machine.hours(use)),
        "total": float(machine.cost(use)),
        "per_month": float(machine.per_month),
        "capacity_a_month": machine.capacity_a_month,
        "capacity_formula": CAPACITY_FORMULA,
        "break_even_formula": BREAK_EVEN_FORMULA,
        "break_even": [
            {
                "against": one.against,
                "price": float(one.price),
                "tokens_a_month": one.tokens_a_month,
                "reachable": one.is_reachable,
            }
            for one in own.break_even
        ],
    }


def _money(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
