"""Searching the index: text, filters, counts."""

import math
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from elige.catalog.search.ask import Wording, asked_of, counted, most_with_text, read
from elige.catalog.search.best import Question, best_of, count_in
from elige.catalog.search.counting import Counting
from elige.catalog.search.filters import Filter, all_of, count_of, filters_of
from elige.catalog.search.index import SearchIndex, guarded
from elige.catalog.search.notes import reading_notes, removed
from elige.catalog.search.query import SORTS, Found, Hit, Query
from elige.catalog.search.schema import FACETS, SAMPLE
from elige.catalog.search.scored import bench_key, own_notes, score_filters
from elige.catalog.small_json import loaded
from elige.errors import BadInput
from elige.text import nearest

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

# A text that so small a part of all models has at most chooses few: looking at their numbers one
# by one (110 ns each) takes less than reading which models have the digits (3 ms of 2.5 million).
_FEW_OF = 80
_MOST_SCORED = 50_000
_ASCENDING = frozenset({"price"})


def search(index: SearchIndex, query: Query) -> Found:
    """The models that `query` asks for, best first, with counts of all of them.

    An exact name comes first, then what has all the words, names before the rest, popularity as a
    mild factor. A word that hardly any model has is also sought in near spellings among names;
    where no model has all words, those that have most of them are shown. Raises `BadInput` for a
    filter's or sort's value that nothing has, and `IndexBroken` for a damaged index.
    """
    began = perf_counter()
    searcher = index.searcher
    with guarded():
        wording, by = read(query.text, searcher), _benchmark(query)
        few = _FEW_OF * most_with_text(wording, searcher) < searcher.num_docs
        filters = [*filters_of(query, searcher, few=few), *score_filters(query, by, searcher)]
        found = _found(query, wording, filters, searcher, None)
        if not found.total and len(wording.terms) > 1 and not count_of(counted(wording), searcher):
            least = max(1, (2 * len(wording.terms)) // 3)
            found = replace(_found(query, wording, filters, searcher, least), relaxed=True)
        own = own_notes([*(name for name, _ in query.min_scores), *([by] if by else [])], searcher)
        notes = [
            *found.notes,
            *own,
            *reading_notes(wording, relaxed=found.relaxed and found.total > 0),
        ]
        if not found.total:
            notes += removed(wording, filters, searcher)
        scored = bench_key(by, searcher) if by else ""
    return replace(found, notes=tuple(notes), scored=scored, seconds=perf_counter() - began)


def _found(
    query: Query,
    wording: Wording,
    filters: Sequence[Filter],
    searcher: "Searcher",
    least: int | None,
) -> Found:
    """What is found; half of the facets are counted beside the search."""
    from tantivy import Query as Asked

    ranked = counts = Asked.empty_query() if query.text.strip() else None
    if wording.terms:
        ranked, counts = asked_of(wording, least=least), counted(wording, least=least)
    asked = Question(
        wording=wording if least is None else None,
        ranked=_together(ranked, filters),
        counts=_together(counts, filters),
        likely=_likely(wording, filters, searcher),
    )
    fixed = {one.field: one.only for one in filters if one.only}
    wanted = [name for name in FACETS if name not in fixed] if query.facets else []
    counting = Counting(searcher, asked.counts, wanted, likely=asked.likely)
    try:
        hits, total, notes = _hits(query, asked, searcher)
        facets = counting.result(total)
    finally:
        counting.end()
    if counting.is_estimate:
        notes.append(f"The counts below are estimated from one model in {SAMPLE}.")
    if query.facets and total:
        facets |= {name: ((value, total),) for name, value in fixed.items() if name in FACETS}
    return Found(
        total=total,
        hits=tuple(hits),
        facets={name: facets[name] for name in FACETS if name in facets},
        seconds=0.0,
        notes=tuple(notes),
        estimated=counting.is_estimate,
    )


def _likely(wording: Wording, filters: Sequence[Filter], searcher: "Searcher") -> float:
    """About how many are found, were the filters and the rarest word independent of each other."""
    return most_with_text(wording, searcher) * math.prod(one.share for one in filters)


def _together(text: "Asked | None", filters: Sequence[Filter]) -> "Asked":
    """Who has the text and passes the filters, which count nothing for rank."""
    from tantivy import Occur
    from tantivy import Query as Asked

    must = [Asked.const_score_query(one.asked, 0.0) for one in filters if not one.barred]
    asked = all_of([*([text] if text is not None else []), *must])
    barred = [(Occur.MustNot, other) for one in filters for other in one.barred]
    return Asked.boolean_query([(Occur.Must, asked), *barred]) if barred else asked


def _hits(query: Query, asked: Question, searcher: "Searcher") -> tuple[list[Hit], int, list[str]]:
    from tantivy import Order

    field, way = _sort(query)
    if field == "score":
        return _by_score(query, way, asked.counts, searcher)
    limit, offset = max(1, query.limit), max(0, query.offset)
    if field == "relevance" and query.text.strip():
        best = best_of(asked, searcher, offset + limit)
        addresses, total = best.addresses[offset:], best.total
    else:
        name = "popularity" if field == "relevance" else field
        order = Order.Asc if way == "asc" else Order.Desc
        found = searcher.search(
            asked.counts, limit, order_by_field=name, offset=offset, order=order
        )
        addresses, total = [address for _, address in found.hits], count_in(found)
    return [hit_at(searcher, address) for address in addresses[: query.limit]], total, []


def _sort(query: Query) -> tuple[str, str]:
    """The field to sort by, and 'asc', 'desc' or the benchmark."""
    name, _, rest = query.sort.partition(":")
    if name == "score" and rest:
        return name, rest
    if name not in SORTS or rest not in {"", "asc", "desc"}:
        known = ", ".join((*SORTS, "score:BENCHMARK"))
        hint = f"{nearest(name, SORTS)} Known: {known}.".strip()
        raise BadInput(f"--sort {query.sort!r} is not known.", hint=hint)
    return name, rest or ("asc" if name in _ASCENDING else "desc")


def _benchmark(query: Query) -> str:
    """The benchmark that is sorted by, '' for none."""
    field, name = _sort(query)
    return name if field == "score" else ""


def _by_score(
    query: Query, said: str, counts: "Asked", searcher: "Searcher"
) -> tuple[list[Hit], int, list[str]]:
    name = bench_key(said, searcher)
    found = searcher.search(counts, _MOST_SCORED, order_by_field="popularity")
    hits = [hit_at(searcher, address) for _, address in found.hits]
    hits.sort(key=lambda hit: (-hit.facts["scores"][name], hit.model))
    note = f"Only models with a score of {name} are listed."
    return hits[query.offset :][: query.limit], len(hits), [note]


def hit_at(searcher: "Searcher", address: object) -> Hit:
    """The model at an address of the index."""
    facts = loaded(bytes(searcher.doc(address)["shown"][0]))  # type: ignore[arg-type]  # an address
    return Hit(model=facts.pop("model"), facts=facts)
