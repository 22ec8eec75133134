"""One card from what several sources say of a model."""

from collections.abc import Iterable, Mapping

from elige.records import Card, Column, Entry, Fact, FactKind, Source
from elige.records.card import Relation
from elige.records.run_result import RunResult

_TRUST = {kind: rank for rank, kind in enumerate(FactKind)}


def card_of(
    model: str, entries: Iterable[tuple[Entry, str]], sources: Mapping[str, Source]
) -> Card:
    """The card of `model`, from entries and the ISO date on which each was read.

    All values stay; the most trustworthy stand first, then the ones checked last. A source that
    is not installed any more counts as declaring.
    """
    found = list(entries)
    facts: dict[Column, list[Fact]] = {}
    for entry, fetched in found:
        for column, value in entry.values.items():
            facts.setdefault(column, []).append(_fact(entry, column, value, fetched, sources))
    return Card(
        model=model,
        facts={column: tuple(_by_trust(facts[column])) for column in Column if column in facts},
        relations=tuple(_once(one for entry, _ in found for one in entry.relations)),
        offers=tuple((entry.source, one) for entry, _ in found for one in entry.offers),
        results=tuple((entry.source, one) for entry, _ in found for one in entry.results),
        sources=tuple(dict.fromkeys(entry.source for entry, _ in found)),
        measured=tuple(_newest(one for entry, _ in found for one in entry.measured)),
    )


def _fact(
    entry: Entry, column: Column, value: object, fetched: str, sources: Mapping[str, Source]
) -> Fact:
    origin, source = entry.origins.get(column), sources.get(entry.source)
    kind = FactKind.DECLARED if source is None else source.kinds.get(column, source.kind)
    if origin is None:
        return Fact(value=value, kind=kind, source=entry.source, checked=fetched)
    return Fact(
        value=value,
        kind=origin.kind or kind,
        source=origin.source,
        checked=origin.checked or fetched,
    )


def _by_trust(facts: Iterable[Fact]) -> list[Fact]:
    latest = sorted(facts, key=lambda fact: fact.checked, reverse=True)
    return sorted(latest, key=lambda fact: _TRUST[fact.kind])


def _newest(results: Iterable[RunResult]) -> list[RunResult]:
    """The newest first, of one day in the order of runs and names."""
    ordered = sorted(results, key=lambda one: (one.run, one.candidate))
    return sorted(ordered, key=lambda one: one.dated, reverse=True)


def _once(relations: Iterable[Relation]) -> list[Relation]:
    """Each parent and kind once, the best known first."""
    ranked = sorted(relations, key=lambda one: _TRUST[one.how])
    found: dict[tuple[str, str], Relation] = {}
    for one in ranked:
        found.setdefault((one.parent.casefold(), one.kind), one)
    return list(found.values())
