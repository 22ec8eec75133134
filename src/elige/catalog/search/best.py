"""The best of very many, without ranking each of them.

Finding models and taking the most popular of them takes a third of the time of ranking them all.
So only those are ranked that can be among the best, and the others' rank is known or bounded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elige.catalog.search.ask import (
    IN_NAME,
    START,
    Wording,
    in_name,
    most_with_text,
    popular_or_called,
)
from elige.catalog.search.filters import all_of
from elige.catalog.search.schema import POPULAR_FROM

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher, SearchResult

# Among fewer, ranking all of them is as quick.
_LEAST = 50_000
# At most one in so many has a word in its name.
_FEW_NAMED = 4
# The most that a word found once adds to a rank, in units of its rarity: BM25 with k1 = 1.2 and
# b = 0.75 for a name without any length (Robertson and Zaragoza 2009, section 3.5; so Tantivy).
_MOST_PER_RARITY = (1.2 + 1) / (1 + 1.2 * (1 - 0.75))
# The ranks are sums of 32-bit numbers.
_SLACK = 1.001


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as it ranks and as it only finds, and about how many it finds.

    `wording` is what all of them have, None where some of the words suffice.
    """

    wording: Wording | None
    ranked: "Asked"
    counts: "Asked"
    likely: float


@dataclass(frozen=True, slots=True)
class Best:
    """The addresses of the best models, best first, and how many were found."""

    addresses: Sequence[object]
    total: int


def best_of(question: Question, searcher: "Searcher", limit: int) -> Best:
    """The best `limit` of the models found.

    Of words that hardly any model has, and so are sought in other spellings, nothing is known
    beforehand: then all are ranked.
    """
    wording = question.wording
    if wording and wording.terms and not wording.slips and question.likely >= _LEAST:
        named = sum(searcher.doc_freq("name", term) for term in wording.terms)
        if named * _FEW_NAMED < most_with_text(wording, searcher):
            return _few_named(wording, question, searcher, limit)
        best = _popular(wording, question, searcher, limit)
        if best:
            found = searcher.search(question.counts, 1, order_by_field="popularity")
            return Best(best, count_in(found))
    found = searcher.search(question.ranked, limit, weight_by_field="popularity")
    return Best([address for _, address in found.hits], count_in(found))


def _few_named(wording: Wording, question: Question, searcher: "Searcher", limit: int) -> Best:
    """The best where hardly any name has a word.

    A model without one ranks by its popularity alone, and behind all that are as popular and have
    one. So the best are among the best of those with one and the most popular of all.
    """
    with_one = all_of([question.ranked, in_name(wording)])
    named = searcher.search(with_one, limit, count=False, weight_by_field="popularity")
    popular = searcher.search(question.counts, limit, order_by_field="popularity")
    found: dict[tuple[int, int], tuple[float, object]] = {}
    for popularity, address in popular.hits:
        rank = len(wording.terms) * _weight(popularity)
        found[address.segment_ord, address.doc] = rank, address
    for rank, address in named.hits:
        found[address.segment_ord, address.doc] = rank, address
    order = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return Best([address for _, (_, address) in order[:limit]], count_in(popular))


def _popular(
    wording: Wording, question: Question, searcher: "Searcher", limit: int
) -> list[object]:
    """The best of the popular ones and those called exactly so; none if others can be better."""
    known = all_of([question.ranked, popular_or_called(wording)])
    found = searcher.search(known, limit, count=False, weight_by_field="popularity").hits
    if len(found) < limit or found[-1][0] <= _most_of_others(wording, searcher):
        return []
    return [address for _, address in found]


def _most_of_others(wording: Wording, searcher: "Searcher") -> float:
    """What the rank of a model that is not popular, nor called so exactly, cannot pass."""
    models = searcher.num_docs
    most = START
    for term in wording.terms:
        having = min(models, searcher.doc_freq("name", term))
        rarity = math.log(1 + (models - having + 0.5) / (having + 0.5))
        most += 1 + IN_NAME * _MOST_PER_RARITY * rarity
    return most * _weight(POPULAR_FROM) * _SLACK


def _weight(popularity: float) -> float:
    """What `weight_by_field` multiplies a rank by."""
    return math.log2(2 + popularity)


def count_in(found: "SearchResult") -> int:
    """How many models a search found."""
    count: int = found.count  # type: ignore[attr-defined]  # the stub lacks it
    return count
