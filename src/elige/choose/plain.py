"""A verdict as plain data, for JSON and for the store; and back."""

from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any  # JSON-like values have no better static type

from elige.records import Allowance, Considered, RacePoint, Standing, Status, Verdict

_MONEY = ("cost", "cost_per_1000")
_THOUGHT_OF = ("proposed", "not_raced")
_PAIRS = ("interval", "difference_interval")


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    """The verdict as an object of JSON: tuples become lists, money numbers, states words.

    `winner` is null as long as nothing is proven; `leader` is who is ahead.
    """
    facts = asdict(verdict)
    facts["leader"] = verdict.winner or None
    facts["winner"] = verdict.winner if verdict.decided else None
    facts["within"] = list(verdict.within)
    facts["candidates"] = [standing_facts(one) for one in verdict.candidates]
    facts["sentences"] = list(verdict.sentences)
    facts["notices"] = list(verdict.notices)
    for name in _THOUGHT_OF:
        facts[name] = [asdict(one) for one in getattr(verdict, name)]
    facts["course"] = [asdict(point) for point in verdict.course]
    facts["budget"] = [asdict(one) | _amounts(one) for one in verdict.budget]
    return facts


def standing_facts(standing: Standing) -> dict[str, Any]:
    """One candidate's place as an object of JSON."""
    facts = asdict(standing)
    facts["status"] = standing.status.value
    for name in _PAIRS:
        facts[name] = None if facts[name] is None else list(facts[name])
    for name in _MONEY:
        facts[name] = None if facts[name] is None else float(facts[name])
    return facts


def verdict_from(facts: dict[str, Any]) -> Verdict:
    """The verdict that `verdict_facts` wrote down; keys it does not know are passed over."""
    known = {field.name for field in fields(Verdict)}
    kept = {key: value for key, value in facts.items() if key in known}
    kept["winner"] = facts.get("leader") or ""
    for name in ("within", "sentences", "notices"):
        kept[name] = tuple(kept.get(name, ()))
    kept["candidates"] = tuple(_standing(one) for one in kept["candidates"])
    kept["course"] = tuple(RacePoint(**point) for point in kept.get("course", ()))
    kept["budget"] = tuple(_allowance(one) for one in kept.get("budget", ()))
    for name in _THOUGHT_OF:
        kept[name] = tuple(Considered(**one) for one in kept.get(name, ()))
    return Verdict(**kept)


def _amounts(one: Allowance) -> dict[str, int | float]:
    kind = int if one.unit == "evaluations" else float
    return {"limit": kind(one.limit), "spent": kind(one.spent)}


def _allowance(facts: dict[str, Any]) -> Allowance:
    amounts = {name: Decimal(str(facts[name])) for name in ("limit", "spent")}
    return Allowance(**(facts | amounts))


def _standing(facts: dict[str, Any]) -> Standing:
    known = {field.name for field in fields(Standing)}
    kept = {key: value for key, value in facts.items() if key in known}
    kept["status"] = Status(kept["status"])
    for name in _PAIRS:
        if kept.get(name) is not None:
            low, high = kept[name]
            kept[name] = (low, high)
    for name in _MONEY:
        if kept.get(name) is not None:
            kept[name] = Decimal(str(kept[name]))
    return Standing(**kept)
