"""Bounds of numbers as queries on the index, exact and quick among millions."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # bounds are whole numbers or fractions

from elige.catalog.search.described import SIZES, parameters_within, size_class
from elige.catalog.search.schema import PRICES, ROUGH, rough, schema

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

_LARGEST = (1 << 63) - 1
# Of a class of sizes without an end, what lies below this factor of its beginning is about all.
_OPEN_END = 10


@dataclass(frozen=True, slots=True)
class Range:
    """Who lies within the bounds: `asked`, about that `share` of all models.

    `barred` finds all the others, those of which nothing is known too, where they are the fewer.
    """

    asked: "Asked"
    share: float = 1.0
    barred: "tuple[Asked, ...]" = ()


def between(field: str, low: Any, high: Any, *, few: bool = False) -> "Asked":  # noqa: ANN401 - see the import
    """Models whose `field` lies within the bounds, None being no bound.

    `few` says that it chooses among few models, whose numbers are looked at one by one.
    """
    from tantivy import FieldType
    from tantivy import Query as Asked

    if field in PRICES:
        return Asked.range_query(schema(), field, FieldType.Float, low, high)
    low, high = _held(low), _held(high)
    if field in ROUGH and not few:
        return _between_roughly(field, low, high)
    indexed = field == "context" and not few
    return Asked.range_query(
        schema(), field, FieldType.Unsigned, low, high, use_inverted_index=indexed
    )


def range_of(
    field: str, low: int | None, high: int | None, searcher: "Searcher", *, few: bool
) -> Range:
    """The same of a field in ROUGH, with the others where they are the fewer."""
    low, high = _held(low), _held(high)
    asked, share = between(field, low, high, few=few), _share(field, low, high, searcher)
    if few or share <= 1 / 2 or _is_empty(low, high):
        return Range(asked, share)
    return Range(asked, share, (_text("size", "unknown"), *_outside(field, low, high)))


def _held(bound: int | None) -> int | None:
    return None if bound is None else min(max(0, bound), _LARGEST)


def _is_empty(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and low > high


def _between_roughly(field: str, low: int | None, high: int | None) -> "Asked":
    """The same by the first three digits, without those that share a bound's but lie outside.

    A column is read value by value, 2.5 million of them; of the digits there are a few thousand.
    """
    from tantivy import FieldType, Occur
    from tantivy import Query as Asked

    if _is_empty(low, high):
        return Asked.empty_query()
    first, last = (None if bound is None else rough(bound) for bound in (low, high))
    inside = Asked.range_query(
        schema(), f"{field}_rough", FieldType.Unsigned, first, last, use_inverted_index=True
    )
    beside = [(Occur.MustNot, one) for one in _beside(field, low, high)]
    return Asked.boolean_query([(Occur.Must, inside), *beside])


def _beside(field: str, low: int | None, high: int | None) -> "list[Asked]":
    """Who shares a bound's first digits and lies outside."""
    found = []
    if low is not None and rough(low) != low:
        found.append(_with_digits(field, rough(low), None, low - 1))
    if high is not None and rough(high + 1) == rough(high):
        found.append(_with_digits(field, rough(high), high + 1, None))
    return found


def _with_digits(field: str, digits: int, low: int | None, high: int | None) -> "Asked":
    from tantivy import FieldType, Occur
    from tantivy import Query as Asked

    sharing = Asked.term_query(schema(), f"{field}_rough", digits, "basic")
    part = Asked.range_query(schema(), field, FieldType.Unsigned, low, high)
    return Asked.boolean_query([(Occur.Must, sharing), (Occur.Must, part)])


def _outside(field: str, low: int | None, high: int | None) -> "list[Asked]":
    """Who has a value that lies outside."""
    from tantivy import FieldType
    from tantivy import Query as Asked

    kind, digits = FieldType.Unsigned, f"{field}_rough"
    found = _beside(field, low, high)
    if low is not None and rough(low):
        below = rough(low) - 1
        found.append(
            Asked.range_query(schema(), digits, kind, None, below, use_inverted_index=True)
        )
    if high is not None:
        above = rough(high) + 1
        found.append(
            Asked.range_query(schema(), digits, kind, above, None, use_inverted_index=True)
        )
    return found


def _text(field: str, value: str) -> "Asked":
    from tantivy import Query as Asked

    return Asked.term_query(schema(), field, value, "basic")


def _share(field: str, low: int | None, high: int | None, searcher: "Searcher") -> float:
    """About which part of all models lies inside, from how many have each class of sizes."""
    bounds = (parameters_within(one) if field == "memory" else one for one in (low, high))
    first, last = bounds
    found, begin = 0.0, 1
    for end in (*SIZES, SIZES[-1] * _OPEN_END):
        there = searcher.doc_freq("size", size_class(begin))
        found += there * _overlap((begin, end), (first or 1, last or SIZES[-1] * _OPEN_END))
        begin = end
    return found / max(1, searcher.num_docs)


def _overlap(whole: tuple[int, int], part: tuple[int, int]) -> float:
    """How much of the interval `whole` lies in `part`, counted in powers."""
    low, high = max(whole[0], part[0], 1), min(whole[1], part[1])
    return max(0.0, math.log(max(high, low) / low) / math.log(whole[1] / whole[0]))
