"""Searching the index: text, filters, counts."""

import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING

from elige.catalog.search.ask import Wording, asked_of, counted, read
from elige.catalog.search.filters import Filter, all_of, any_term, bench_key, count_of, filters_of
from elige.catalog.search.index import SearchIndex, guarded
from elige.catalog.search.notes import reading_notes, removed
from elige.catalog.search.query import SORTS, Found, Hit, Query
from elige.catalog.search.schema import FACETS, SAMPLE
from elige.errors import BadInput
from elige.text import nearest

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

_FACET_VALUES = 10
# Where more are found, a sample is counted; its counts of 100,000 and more are right to 2 %.
_MANY = 250_000
# A text that so small a part of all models has at most chooses few.
_FEW_OF = 25
_MOST_SCORED = 50_000
# About half of the counting, models having several languages: counted in another thread.
_SLOW = frozenset({"language", "domain", "author"})
_ASCENDING = frozenset({"price"})
_BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="elige-facets")


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
        wording = read(query.text, searcher)
        few = _FEW_OF * _at_most(wording, [], searcher) < searcher.num_docs
        filters = [*filters_of(query, searcher, few=few), *_scored(query, searcher)]
        least = None
        hits, total, facets, notes = _found(query, wording, filters, searcher, None)
        if not total and len(wording.terms) > 1 and not count_of(counted(wording), searcher):
            least = max(1, (2 * len(wording.terms)) // 3)
            hits, total, facets, notes = _found(query, wording, filters, searcher, least)
        notes += reading_notes(wording, relaxed=least is not None and total > 0)
        if not total:
            notes += removed(wording, filters, searcher)
    return Found(
        total=total,
        hits=tuple(hits),
        facets=facets,
        seconds=perf_counter() - began,
        notes=tuple(notes),
        relaxed=least is not None,
        estimated=total > _MANY and query.facets,
    )


Counts = dict[str, tuple[tuple[str, int], ...]]


def _found(
    query: Query,
    wording: Wording,
    filters: Sequence[Filter],
    searcher: "Searcher",
    least: int | None,
) -> tuple[list[Hit], int, Counts, list[str]]:
    """Hits, their number, the facets and notes; half of the facets counted beside the search."""
    from tantivy import Query as Asked

    ranked = counts = Asked.empty_query() if query.text.strip() else None
    if wording.terms:
        ranked, counts = asked_of(wording, least=least), counted(wording, least=least)
    narrowed = [one.asked for one in filters]
    to_count = _together(counts, narrowed)
    fixed = {one.field: one.only for one in filters if one.only}
    wanted = [name for name in FACETS if name not in fixed] if query.facets else []
    counting = _Counting(searcher, to_count, wanted)
    may_be_many = _at_most(wording, filters, searcher) > _MANY
    if not may_be_many:
        counting.begin()
    try:
        hits, total, notes = _hits(query, _together(ranked, narrowed), to_count, searcher)
        if total > _MANY and wanted:
            facets = _sampled(searcher, to_count, wanted)
            notes.append(f"The counts below are estimated from one model in {SAMPLE}.")
        else:
            facets = counting.rest()
    finally:
        counting.end()
    if query.facets and total:
        facets |= {name: ((value, total),) for name, value in fixed.items() if name in FACETS}
    return hits, total, {n: facets[n] for n in FACETS if n in facets}, notes


class _Counting:
    """Facets counted by two threads, the slower half of them beside the search where it began."""

    def __init__(self, searcher: "Searcher", asked: "Asked", names: Sequence[str]) -> None:
        self._searcher, self._asked = searcher, asked
        self._beside = [name for name in names if name in _SLOW]
        self._here = [name for name in names if name not in _SLOW]
        self._running: Future[Counts] | None = None

    def begin(self) -> None:
        """Start with the slower half."""
        if self._running is None and self._beside:
            self._running = _BESIDE.submit(_facets, self._searcher, self._asked, self._beside)

    def rest(self) -> Counts:
        """All of them."""
        self.begin()
        found = _facets(self._searcher, self._asked, self._here)
        return found | (self._running.result() if self._running else {})

    def end(self) -> None:
        """Wait for what still runs: the next search is not to be slowed by it."""
        if self._running is not None:
            self._running.exception()


def _at_most(wording: Wording, filters: Sequence[Filter], searcher: "Searcher") -> int:
    """A number that the models found cannot pass: the rarest word's or value's."""
    known = [searcher.doc_freq("text", term) for term in wording.terms if term not in wording.slips]
    known += [searcher.doc_freq(one.field, one.only) for one in filters if one.only]
    return min(known, default=searcher.num_docs)


def _sampled(searcher: "Searcher", asked: "Asked", names: Sequence[str]) -> Counts:
    """About how many of the models found have each value, from those in the sample."""
    found = _facets(searcher, all_of([any_term("sample", ["s"]), asked]), names)
    return {
        name: tuple((value, count * SAMPLE) for value, count in values)
        for name, values in found.items()
    }


def _together(text: "Asked | None", filters: Sequence["Asked"]) -> "Asked":
    from tantivy import Query as Asked

    silent = [Asked.const_score_query(one, 0.0) for one in filters]
    return all_of([*([text] if text is not None else []), *silent])


def _hits(
    query: Query, ranked: "Asked", counts: "Asked", searcher: "Searcher"
) -> tuple[list[Hit], int, list[str]]:
    from tantivy import Order

    field, way = _sort(query)
    if field == "score":
        return _by_score(query, way, counts, searcher)
    limit, offset = max(1, query.limit), max(0, query.offset)
    if field == "relevance" and query.text.strip():
        found = searcher.search(ranked, limit, offset=offset, weight_by_field="popularity")
    else:
        name = "popularity" if field == "relevance" else field
        order = Order.Asc if way == "asc" else Order.Desc
        found = searcher.search(counts, limit, order_by_field=name, offset=offset, order=order)
    hits = [hit_at(searcher, address) for _, address in found.hits[: query.limit]]
    total: int = found.count  # type: ignore[attr-defined]  # the stub lacks it
    return hits, total, []


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


def _scored(query: Query, searcher: "Searcher") -> list[Filter]:
    """Who sorts by a benchmark asks for those that have a score of it."""
    field, way = _sort(query)
    if field != "score":
        return []
    return [Filter(f"--sort {query.sort}", any_term("bench", [bench_key(way, searcher)]))]


def _by_score(
    query: Query, said: str, counts: "Asked", searcher: "Searcher"
) -> tuple[list[Hit], int, list[str]]:
    name = bench_key(said, searcher)
    found = searcher.search(counts, _MOST_SCORED, order_by_field="popularity")
    hits = [hit_at(searcher, address) for _, address in found.hits]
    hits.sort(key=lambda hit: (-hit.facts["scores"][name], hit.model))
    note = f"Only models with a published score of {name} are listed."
    return hits[query.offset :][: query.limit], len(hits), [note]


def hit_at(searcher: "Searcher", address: object) -> Hit:
    """The model at an address of the index."""
    facts = json.loads(bytes(searcher.doc(address)["shown"][0]))  # type: ignore[arg-type]  # an address
    return Hit(model=facts.pop("model"), facts=facts)


def _facets(searcher: "Searcher", asked: "Asked", names: Sequence[str]) -> Counts:
    if not names:
        return {}
    wanted = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in names}
    found = searcher.aggregate(asked, wanted)
    return {
        name: tuple((one["key"], one["doc_count"]) for one in found[name]["buckets"])
        for name in names
    }
