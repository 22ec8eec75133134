"""What a search finds and counts, against counting the models one by one in plain Python."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from catalog.search.cards import entry, indexed, more, offer
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.catalog.search import Found, Query, SearchIndex, search
from elige.catalog.search.described import SIZE_CLASSES, SIZES
from elige.records import Entry
from elige.records.card import PublishedScore

WORDS = ("alpha", "beta", "gamma")
SPOKEN = {"es": "spanish", "fr": "french", "zh": "chinese"}
ALLOWED = {"apache-2.0", "mit", "llama3.1"}  # commercially, under conditions too
SIZED = (None, 500_000_000, 2_000_000_000, 7_000_000_000, 70_000_000_000)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A model as plainly as it can be written down; None and '' are unknown."""

    name: str
    author: str
    task: str
    family: str
    licence: str
    languages: tuple[str, ...]
    parameters: int | None
    context: int | None
    price: Decimal | None
    score: float | None


def made(random: Random, number: int) -> Made:
    words = random.sample(WORDS, k=random.randint(1, 3))
    return Made(
        name=f"{'-'.join(words)}-n{number}",
        author=random.choice(("one", "two", "three")),
        task=random.choice(("text-generation", "text-to-speech", "")),
        family=random.choice(("llama", "qwen3", "")),
        licence=random.choice(("apache-2.0", "mit", "llama3.1", "")),
        languages=tuple(random.sample(("en", *SPOKEN), k=random.randint(0, 3))),
        parameters=random.choice(SIZED),
        context=random.choice((None, 2048, 131_072)),
        price=random.choice((None, Decimal("0.1"), Decimal("2"))),
        score=random.choice((None, 0.3, 0.7)),
    )


MODELS = [made(Random(number), number) for number in range(400)]


def as_entry(one: Made) -> Entry:
    known: dict[str, Any] = {
        "task": one.task,
        "family": one.family,
        "licence": one.licence,
        "languages": one.languages,
        "parameters": one.parameters,
        "context": one.context,
    }
    values = {name: value for name, value in known.items() if value not in ("", (), None)}
    price = str(one.price)
    return more(
        entry(f"{one.author}/{one.name}", **values),
        offers=[offer(price, price), replace(offer("0", "0"), is_free=True)] if one.price else [],
        results=[PublishedScore(benchmark="b", value=one.score)] if one.score else [],
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return indexed(tmp_path_factory.mktemp("facets"), [as_entry(one) for one in MODELS])


def keeps(query: Query, one: Made) -> bool:
    """Whether a model is asked for; what is not known of it is outside."""
    low, high = query.parameters
    size, price, score = one.parameters, one.price, one.score
    return (
        set(query.text.split()) <= set(one.name.split("-"))
        and (not query.tasks or one.task in query.tasks)
        and (not query.families or one.family in query.families)
        and (not query.licences or one.licence in query.licences)
        and (not query.authors or one.author in query.authors)
        and (not query.languages or bool(set(one.languages) & set(query.languages)))
        and (not query.may or one.licence in ALLOWED)
        and (low is None or (size is not None and size >= low))
        and (high is None or (size is not None and size <= high))
        and (query.min_context is None or (one.context or 0) >= query.min_context)
        and (query.max_price is None or (price is not None and price <= query.max_price))
        and all(score is not None and score >= least for _, least in query.min_scores)
    )


def counted(kept: list[Made]) -> dict[str, dict[str, int]]:
    """Every facet, by hand."""
    return {
        "task": Counter(one.task for one in kept if one.task),
        "licence": Counter(one.licence or "unknown" for one in kept),
        "family": Counter(one.family for one in kept if one.family),
        "language": Counter(code for one in kept for code in one.languages),
        "domain": Counter(domain for one in kept for domain in domains(one)),
        "author": Counter(one.author for one in kept),
        "size": Counter(size(one) for one in kept),
    }


def domains(one: Made) -> list[str]:
    own = set(one.languages) - {"en"}
    return [SPOKEN[code] for code in own] if len(own) == 1 else []


def size(one: Made) -> str:
    if one.parameters is None:
        return "unknown"
    return SIZE_CLASSES[sum(one.parameters >= end for end in SIZES)]


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


QUERIES = st.builds(
    Query,
    text=st.sampled_from(("", "alpha", "gamma beta")),
    tasks=some("text-generation", "text-to-speech"),
    families=some("llama", "qwen3"),
    licences=some("apache-2.0", "mit", "llama3.1"),
    authors=some("one", "two", "three"),
    languages=some("en", *SPOKEN),
    may=st.sampled_from(((), ("commercial",))),
    parameters=st.tuples(
        st.sampled_from((None, 1_000_000_000)), st.sampled_from((None, 8_000_000_000))
    ),
    min_context=st.sampled_from((None, 4096)),
    max_price=st.sampled_from((None, Decimal("0.5"))),
    min_scores=st.sampled_from(((), (("b", 0.5),))),
    limit=st.just(len(MODELS)),
)


@settings(deadline=None, max_examples=200)
@given(query=QUERIES)
def test_whatever_is_asked_the_models_and_all_counts_are_those_counted_by_hand(
    index: SearchIndex, query: Query
) -> None:
    found = search(index, query)
    kept = [one for one in MODELS if keeps(query, one)]
    assert found.total == len(kept)
    assert {hit.model for hit in found.hits} == {f"{one.author}/{one.name}" for one in kept}
    if kept:
        assert facets(found) == counted(kept)


def facets(found: Found) -> dict[str, dict[str, int]]:
    for name, values in found.facets.items():
        amounts = [count for _, count in values]
        assert amounts == sorted(amounts, reverse=True), name
    return {name: dict(values) for name, values in found.facets.items()}
