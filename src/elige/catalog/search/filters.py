"""Filters: what was asked as queries on the index; an unknown value is told, never no result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elige.catalog.licence import identify
from elige.catalog.licence_terms import USES
from elige.catalog.search.domains import (
    domain_named,
    known_domains,
    language_code,
    nearest_language,
)
from elige.catalog.search.query import OPENNESS, Query
from elige.catalog.search.ranges import between, range_of
from elige.catalog.search.schema import schema
from elige.catalog.search.words import folded
from elige.errors import BadInput
from elige.text import nearest

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

# The query's attribute, the index's field, the option by which people know it.
_TEXTS = (
    ("tasks", "task", "--task"),
    ("domains", "domain", "--domain"),
    ("collections", "collection", "--collection"),
    ("languages", "language", "--language"),
    ("families", "family", "--family"),
    ("authors", "author", "--author"),
    ("licences", "licence", "--licence"),
    ("formats", "format", "--format"),
    ("weights", "weights", "--weights"),
)
# Fields of which a model has one value.
_SINGLE = frozenset({"task", "family", "author", "licence"})
# Where a source calls it otherwise: `mistralai` on the hub is Mistral AI.
_ALSO = {"author": "maker"}
# Shown of the values there are, where none is near what was asked.
SHOWN = 12
MANY = 100_000


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, as the user said it and as the index reads it.

    `only` is the one value that its field `field` can still have, '' where there are several.
    About that `share` of all models passes. `barred` are those that do not, where they are fewer.
    """

    said: str
    asked: "Asked"
    field: str = ""
    only: str = ""
    share: float = 1.0
    barred: "tuple[Asked, ...]" = ()


def filters_of(query: Query, searcher: "Searcher", *, few: bool = False) -> list[Filter]:
    """Every filter of `query`. Raises `BadInput` for a value that nothing has, with a near one.

    `few` says that they choose among few models, whose numbers are then looked at one by one.
    """
    return [
        *_text_filters(query, searcher),
        *_permissions(query, searcher),
        *_ranges(query, searcher, few=few),
    ]


def _share(field: str, values: Sequence[str], searcher: "Searcher") -> float:
    """At most that part of all models has one of `values`."""
    found = sum(searcher.doc_freq(field, value) for value in values)
    return min(1.0, found / max(1, searcher.num_docs))


def _text_filters(query: Query, searcher: "Searcher") -> Iterator[Filter]:
    for attribute, field, flag in _TEXTS:
        said: Sequence[str] = getattr(query, attribute)
        if said:
            values = [_known(field, flag, text, searcher) for text in said]
            told = f"{flag} {' '.join(said)}"
            share = _share(field, values, searcher)
            other = _ALSO.get(field, "")
            if other and (also := _share(other, values, searcher)):
                either = any_of([any_term(field, values), any_term(other, values)])
                yield Filter(told, either, field, share=min(1.0, share + also))
                continue
            only = values[0] if len(values) == 1 and field in _SINGLE else ""
            yield Filter(told, any_term(field, values), field, only, share)


def _known(field: str, flag: str, said: str, searcher: "Searcher") -> str:
    """The value as the index writes it. Raises `BadInput` where no model has it."""
    value = _normal(field, said)
    also = _ALSO.get(field, field)
    if value and (searcher.doc_freq(field, value) or searcher.doc_freq(also, value)):
        return value
    if field == "domain" and value in known_domains():
        return value  # known, though no model has it yet
    there = [name for name, _ in searcher.terms_with_prefix(field, "", limit=MANY)]
    near = nearest_language(said) if field == "language" else nearest(value, there)
    first = f"There are: {', '.join(there[:SHOWN])}{', ...' if len(there) > SHOWN else ''}."
    raise BadInput(
        f"No model in the catalogue has {flag} {said!r}.",
        hint=near or (first if there else "No model's is known; see elige models sync."),
    )


def _normal(field: str, said: str) -> str:
    if field == "licence":
        return identify(said).key[:100]
    if field == "language":
        return language_code(said)
    plain = folded(said.strip())[:100]
    if field == "task":
        return plain.replace(" ", "-").replace("_", "-")
    return domain_named(plain) if field == "domain" else plain


def _permissions(query: Query, searcher: "Searcher") -> Iterator[Filter]:
    for use in query.may:
        if use not in USES:
            raise BadInput(f"--may {use!r} is not known.", hint=_hint(use, USES))
        share = _share("may", [use], searcher)
        yield Filter(f"--may {use}", any_term("may", [use]), share=share)
    if query.openness:
        if query.openness not in OPENNESS:
            hint = _hint(query.openness, OPENNESS)
            raise BadInput(f"--openness {query.openness!r} is not known.", hint=hint)
        asked = any_term("openness", [query.openness])
        share = _share("openness", [query.openness], searcher)
        yield Filter(f"--openness {query.openness}", asked, share=share)
    if not query.with_deprecated:
        from tantivy import Query as Asked

        term = Asked.term_query(schema(), "deprecated", False)
        yield Filter("--no-deprecated", term)


def _hint(said: str, known: Sequence[str]) -> str:
    return f"{nearest(said, known)} Known: {', '.join(known)}.".strip()


def _ranges(query: Query, searcher: "Searcher", *, few: bool) -> Iterator[Filter]:
    low, high = query.parameters
    if low is not None or high is not None:
        found = range_of("parameters", low, high, searcher, few=few)
        said = f"--params {_short(low)}-{_short(high)}"
        yield Filter(said, found.asked, share=found.share, barred=found.barred)
    if query.fits is not None:
        found = range_of("memory", None, query.fits, searcher, few=few)
        yield Filter("--fits", found.asked, share=found.share, barred=found.barred)
    if query.min_context is not None:
        yield Filter(
            f"--context {query.min_context}", between("context", query.min_context, None, few=few)
        )
    if query.max_price is not None:
        said = f"--max-price {query.max_price}"
        yield Filter(said, between("price", None, float(query.max_price)))


def _short(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count / 1e9:g}B" if count >= 1e9 else f"{count / 1e6:g}M"


def any_term(field: str, values: Iterable[str]) -> "Asked":
    """Models that have one of `values`."""
    from tantivy import Query as Asked

    terms = [Asked.term_query(schema(), field, value, "basic") for value in values]
    return any_of(terms)


def any_of(asked: Sequence["Asked"]) -> "Asked":
    """Models for which one of `asked` holds."""
    from tantivy import Occur
    from tantivy import Query as Asked

    if len(asked) == 1:
        return asked[0]
    return Asked.boolean_query([(Occur.Should, one) for one in asked])


def all_of(asked: Sequence["Asked"]) -> "Asked":
    """Models for which all of `asked` hold; every model for none. They count nothing for rank."""
    from tantivy import Occur
    from tantivy import Query as Asked

    from elige.catalog.search.schema import META_KEY

    if not asked:
        meta = Asked.term_query(schema(), "key", META_KEY)
        return Asked.boolean_query([(Occur.Must, Asked.all_query()), (Occur.MustNot, meta)])
    return Asked.boolean_query([(Occur.Must, one) for one in asked])


def count_of(asked: "Asked", searcher: "Searcher") -> int:
    """How many models `asked` holds for."""
    count: int = searcher.search(asked, 1).count  # type: ignore[attr-defined]  # the stub lacks it
    return count
