"""How models become documents of the index, several at once: step by step, as in `facts`."""

import zlib
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any  # documents hold texts, numbers and lists of them

from elige.catalog.licence_terms import USES
from elige.catalog.remembered import Remembered
from elige.catalog.search import described as d
from elige.catalog.search.called import exact_names, name_starts, name_text
from elige.catalog.search.facts import Facts, facts_of
from elige.catalog.search.schema import (
    COUNTS,
    POPULAR,
    POPULAR_FROM,
    PRICES,
    ROUGH,
    SAMPLE,
    SAMPLED,
    key,
    rough,
    score_path,
)
from elige.catalog.search.words import folded, words
from elige.catalog.small_json import dumped
from elige.records import Column

# So many models at once: with more, what is made of them leaves the caches itself.
AT_ONCE = 32
_MOST_TAGS, _LONG, _MOST_LETTERS = 60, 100, 300

Document = dict[str, Any]


def document(one: d.Described, may: str = "") -> Document:
    """The fields of a model; what is not known is left out.

    `may` are the letters that hold with its ancestors' licences, where they are known.
    """
    return documents([one], [may])[0]


def documents(block: Sequence[d.Described], may: Sequence[str]) -> list[Document]:
    """The same of several, with the letters of each."""
    every = facts_of(block)
    for facts, letters in zip(every, may, strict=True):
        if letters and letters != facts["may"]:
            facts["may_own"], facts["may"] = facts["may"], letters
    names = [name_text(one) for one in block]
    exact = [exact_names(one) for one in block]
    makers = [_makers(one) for one in block]
    told = [_told(*of) for of in zip(block, every, makers, strict=True)]
    texts = [_once(name, text) for name, text in zip(names, told, strict=True)]
    shown = [dumped(facts) for facts in every]
    made = [_begun(*of) for of in zip(block, every, strict=True)]
    for found, *more in zip(made, names, exact, texts, shown, strict=True):
        found["name"], found["exact"], found["text"], found["shown"] = more
    for found, of, facts in zip(made, makers, every, strict=True):
        _add_filters(found, of, facts)
    for found, facts in zip(made, every, strict=True):
        _add_columns(found, facts)
    for found, one in zip(made, block, strict=True):
        _mark(found, one)
    return made


def as_json(fields: Mapping[str, Any]) -> str:
    """Fields as the index reads them fastest."""
    return dumped(fields).decode()


def _begun(one: d.Described, facts: Facts) -> Document:
    return {
        "key": key(one.model),
        "popularity": d.popularity(facts.get("downloads", 0), facts.get("likes", 0), d.hosts(one)),
        "licence": facts["licence"],
        "may": _PERMITTED[facts["may"]],
        "size": d.size_class(facts.get("parameters")) or "unknown",
        "deprecated": "deprecated" in facts,
    }


_PERMITTED = {
    "".join(letters): [use for use, letter in zip(USES, letters, strict=True) if letter in "yc"]
    for letters in product("ycun", repeat=len(USES))
}


def _makers(one: d.Described) -> dict[str, str]:
    """Whose it is: the first part of its name, and what sources call them, where that differs."""
    stated = one.text(Column.AUTHOR)
    author = one.model.rpartition("/")[0] or stated
    found = {"author": author} if author else {}
    if stated != author and stated and _VALUES[stated] != _VALUES[author]:
        found["maker"] = stated
    return found


def _add_filters(found: Document, makers: Mapping[str, str], facts: Facts) -> None:
    """Add the texts to filter by."""
    for name, text in makers.items():
        found[name] = _VALUES[text]
    for name in _PLAIN:
        if name in facts:
            found[name] = _VALUES[facts[name]]
    for source, name in _LISTS:
        if source in facts:
            found[name] = [_VALUES[value] for value in facts[source]]


_PLAIN = ("task", "family", "weights")
_LISTS = (
    ("languages", "language"),
    ("domains", "domain"),
    ("openness", "openness"),
    ("formats", "format"),
    ("collections", "collection"),
    ("parents", "parent"),
)
# A text as it is filtered by.
_VALUES = Remembered[str, str](lambda text: folded(text[:_LONG]), 50_000)


def _add_columns(found: Document, facts: Facts) -> None:
    """Add the numbers, and what finds them."""
    for name in COUNTS:
        if name in facts:
            found[name] = facts[name]
    for name in ROUGH:
        if name in found:
            found[f"{name}_rough"] = _ROUGH[found[name]]
    if "price" in facts:
        found |= {name: float(facts[name]) for name in PRICES}
    if "scores" in facts:
        found["score"] = {score_path(name): value for name, value in facts["scores"].items()}
        found["bench"] = list(facts["scores"])


_ROUGH = Remembered(rough, 50_000)


def _mark(found: Document, one: d.Described) -> None:
    """Add whether it stands for others in a sample, is popular, and how its name may begin.

    What nobody loads and was made of another is not what is meant by how its name begins.
    """
    marks = [] if zlib.crc32(found["key"].encode()) % SAMPLE else [SAMPLED]
    is_popular = found["popularity"] >= POPULAR_FROM
    if is_popular:
        marks.append(POPULAR)
    if is_popular or not one.relations:
        found["start"] = name_starts(one.model)
    if marks:
        found["mark"] = marks


def _once(names: str, told: str) -> str:
    """The words of both, each once."""
    return " ".join(dict.fromkeys(f"{names} {told}".split()))


def _told(one: d.Described, facts: Facts, makers: Mapping[str, str]) -> str:
    kept = _TOLD
    texts = (
        *[kept[text] for text in makers.values()],
        kept[facts.get("task", "")],
        kept[facts.get("family", "")],
        _TOLD_LISTS[one.texts(Column.TAGS)],
        _TOLD_LISTS[facts.get("languages", ())],
    )
    told = " ".join(texts)
    description = facts.get("description")
    return f"{told} {' '.join(words(description))}" if description else told


# The words of a text, and a space between them.
_TOLD = Remembered[str, str](lambda text: " ".join(words(text[:_MOST_LETTERS])), 100_000)
_TOLD_LISTS = Remembered[tuple[str, ...], str](
    lambda texts: " ".join([_TOLD[text] for text in texts[:_MOST_TAGS]]), 10_000
)
