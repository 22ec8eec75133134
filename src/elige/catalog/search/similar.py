"""Models like another one, each with what they have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elige.catalog.search.filters import all_of, any_term
from elige.catalog.search.find import hit_at
from elige.catalog.search.index import SearchIndex, guarded
from elige.catalog.search.query import Hit
from elige.catalog.search.schema import key, schema
from elige.catalog.search.words import compact, folded

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

# What counts how much: kin before family, both before what half of all models share.
_KIN, _SIBLING, _FAMILY, _DOMAIN, _SIZE, _LANGUAGE, _TASK = 8.0, 6.0, 4.0, 3.0, 2.0, 1.0, 1.0
_MANY_LANGUAGES = 4
# Sizes within this factor are alike.
_FACTOR = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A similar model, and why it is one, what counts most first."""

    hit: Hit
    why: tuple[str, ...]


def find_hit(index: SearchIndex, name: str) -> Hit | None:
    """The model called `name` (without case), by its full name or its exact last part."""
    from tantivy import Query as Asked

    searcher = index.searcher
    with guarded():
        for field, value in (("key", key(name)), ("exact", compact(name))):
            if value and not value.startswith("\x00"):
                asked = Asked.term_query(schema(), field, value, "basic")
                found = searcher.search(asked, 1, order_by_field="popularity").hits
                if found:
                    return hit_at(searcher, found[0][1])
    return None


def similar(index: SearchIndex, one: Hit, *, limit: int = 10) -> tuple[Likeness, ...]:
    """What `one` was made of, then the models that have most in common with it, popular ones first.

    Of models as popular lineage counts most, then family, domain, size, languages and task;
    popularity multiplies that by 1 to 6. What is not known of a model counts for nothing. Parents
    go before all others, however few people load them, but fill no more than half of the list.
    """
    searcher = index.searcher
    with guarded():
        first = _found(_parents(one), [one.model], searcher, max(1, limit // 2))
        known = [one.model, *(hit.model for hit in first)]
        hits = [*first, *_found([*_alike(one)], known, searcher, limit)][:limit]
    return tuple(Likeness(hit=hit, why=tuple(_why(one, hit))) for hit in hits)


def _found(
    alike: Sequence[tuple["Asked", float]], without: Sequence[str], searcher: "Searcher", limit: int
) -> list[Hit]:
    """The best `limit` of whom any of `alike` holds, by their weights; not those in `without`."""
    from tantivy import Occur
    from tantivy import Query as Asked

    if not alike:
        return []
    some = [(Occur.Should, Asked.const_score_query(asked, weight)) for asked, weight in alike]
    barred = any_term("key", [key(name) for name in without])
    asked = Asked.boolean_query([(Occur.Must, Asked.boolean_query(some)), (Occur.MustNot, barred)])
    found = searcher.search(asked, limit, weight_by_field="popularity").hits
    return [hit_at(searcher, address) for _, address in found]


def _parents(one: Hit) -> list[tuple["Asked", float]]:
    parents = [key(parent) for parent in one.facts.get("parents", ())]
    return [(any_term("key", parents), _KIN)] if parents else []


def _alike(one: Hit) -> Iterator[tuple["Asked", float]]:
    facts = one.facts
    parents = [folded(parent)[:100] for parent in facts.get("parents", ())]
    if parents:
        yield any_term("parent", parents), _SIBLING
        yield from _parents(one)
    yield any_term("parent", [folded(one.model)[:100]]), _KIN
    if facts.get("family"):
        yield any_term("family", [folded(facts["family"])[:100]]), _FAMILY
    for domain in facts.get("domains", ()):
        yield any_term("domain", [domain]), _DOMAIN
    parameters = one.number("parameters")
    if parameters:
        from elige.catalog.search.ranges import between

        low, high = int(parameters / _FACTOR), int(parameters * _FACTOR)
        # On its own, size says nothing.
        if facts.get("family") or facts.get("task"):
            yield between("parameters", low, high), _SIZE
    languages = facts.get("languages", ())
    for code in languages if len(languages) <= _MANY_LANGUAGES else ():
        yield any_term("language", [folded(code)[:100]]), _LANGUAGE
    if facts.get("task"):
        yield all_of([any_term("task", [folded(facts["task"])[:100]])]), _TASK


def _why(one: Hit, other: Hit) -> Iterator[str]:
    yield from _lineage(one, other)
    mine, its = one.facts, other.facts
    if mine.get("family") and _same(mine.get("family"), its.get("family")):
        yield f"family {its['family']}"
    both = [name for name in mine.get("domains", ()) if name in its.get("domains", ())]
    if both:
        yield f"made for {', '.join(both)}"
    sizes = one.number("parameters"), other.number("parameters")
    if sizes[0] and sizes[1] and 1 / _FACTOR <= sizes[1] / sizes[0] <= _FACTOR:
        yield f"{sizes[1] / 1e9:.3g}B parameters"
    shared = [code for code in mine.get("languages", ()) if code in its.get("languages", ())]
    if shared:
        more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""
        yield f"languages {', '.join(shared[:3])}{more}"
    if mine.get("task") and _same(mine.get("task"), its.get("task")):
        yield f"task {its['task']}"


def _lineage(one: Hit, other: Hit) -> Iterator[str]:
    mine = {parent.casefold() for parent in one.facts.get("parents", ())}
    its = {parent.casefold(): parent for parent in other.facts.get("parents", ())}
    if other.model.casefold() in mine:
        yield "its parent"
    if one.model.casefold() in its:
        yield "derived from it"
    for parent in sorted(mine & set(its))[:1]:
        yield f"also derived from {its[parent]}"


def _same(mine: object, its: object) -> bool:
    return folded(str(mine)) == folded(str(its))
