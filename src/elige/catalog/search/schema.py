"""The fields of the index and how a model becomes a document of it."""

import json
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any  # documents hold texts, numbers and lists of them

from elige.catalog.licence_terms import USES
from elige.catalog.search import described as d
from elige.catalog.search.domains import domain_texts, domains_in
from elige.catalog.search.words import compact, folded, name_words, words
from elige.records import Column

if TYPE_CHECKING:
    from tantivy import Schema

# Raised whenever documents change their shape: an index of another number is built anew.
FORMAT = 2
META_KEY = "\x00meta"
_MOST_TAGS, _MOST_NAMES, _MOST_WORDS = 60, 20, 300
_LONG, _MOST_LETTERS = 100, 300

# Texts to filter by; those in FACETS are counted too.
FILTERS = (
    *("task", "family", "author", "licence", "language", "domain", "size"),
    *("may", "openness", "weights", "format", "collection", "bench", "parent"),
)
FACETS = ("task", "licence", "family", "language", "domain", "author", "size")
COUNTS = ("parameters", "active", "context", "memory", "downloads", "likes", "released", "updated")
PRICES = ("price", "price_in", "price_out")


@cache
def schema() -> "Schema":
    """The fields: words to be found, whole texts to filter by, numbers in columns."""
    from tantivy import SchemaBuilder

    made = SchemaBuilder()
    for name in ("key", "exact"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("name", "text"):
        made.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in FILTERS:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in FACETS)
    for name in COUNTS:
        made.add_unsigned_field(name, fast=True)
    for name in (*PRICES, "popularity"):
        made.add_float_field(name, fast=True)
    made.add_json_field("score", fast=True, tokenizer_name="raw", index_option="basic")
    made.add_boolean_field("deprecated", indexed=True)
    made.add_bytes_field("shown", stored=True)
    return made.build()


def document(one: d.Described) -> dict[str, Any]:
    """The fields of a model; what is not known is left out."""
    facts = _facts(one)
    author = one.text(Column.AUTHOR) or one.model.rpartition("/")[0]
    names = _names(one, facts)
    found: dict[str, Any] = {
        "key": key(one.model),
        "exact": _exact(one),
        "name": names,
        "text": f"{names} {_told(one, author)}",
        "popularity": d.popularity(one),
        "shown": json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode("ascii"),
    }
    for name in ("task", "family", "weights"):
        if facts.get(name):
            found[name] = folded(facts[name][:_LONG])
    for source, name in _LISTS:
        if facts.get(source):
            found[name] = [folded(value[:_LONG]) for value in facts[source]]
    if author:
        found["author"] = folded(author[:_LONG])
    found["licence"] = facts["licence"]
    found["may"] = [use for use, letter in zip(USES, facts["may"], strict=True) if letter in "yc"]
    found["size"] = d.size_class(facts.get("parameters")) or "unknown"
    for name in (*COUNTS, *PRICES):
        if name in facts:
            found[name] = facts[name] if name in COUNTS else float(facts[name])
    if "scores" in facts:
        found["score"] = {score_path(name): value for name, value in facts["scores"].items()}
        found["bench"] = list(facts["scores"])
    found["deprecated"] = facts.get("deprecated", False)
    return found


_LISTS = (
    ("languages", "language"),
    ("domains", "domain"),
    ("openness", "openness"),
    ("formats", "format"),
    ("collections", "collection"),
    ("parents", "parent"),
)


def key(model: str) -> str:
    """A model's key in the index: names count without case."""
    return model.casefold().encode("utf-8", "replace").decode("utf-8")[:500]


def score_path(name: str) -> str:
    """A benchmark's name as a path that no query syntax can break."""
    return f"b{zlib.crc32(name.encode('utf-8', 'replace')):08x}"


def day(text: str) -> int | None:
    """An ISO date as a number: '2024-03-01T10:00' is 20240301; a month or year counts from 0."""
    digits = text[:10].replace("-", "")
    if len(digits) not in {4, 6, 8} or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits.ljust(8, "0"))


def _facts(one: d.Described) -> dict[str, Any]:
    """What is shown of a model, under the names by which the index knows it."""
    languages = tuple(value.lower() for value in one.texts(Column.LANGUAGES)[:_MOST_TAGS])
    stated = one.text(Column.LICENCE)
    found: dict[str, Any] = {
        "model": one.model,
        "sources": one.sources,
        "licence": d.licence_key(stated),
        "licence_stated": stated[:_LONG],
        "may": d.may_letters(stated),
        "task": one.text(Column.TASK),
        "family": one.text(Column.FAMILY) or one.text(Column.ARCHITECTURE),
        "weights": one.text(Column.WEIGHTS),
        "description": one.text(Column.DESCRIPTION)[:_MOST_LETTERS],
        "languages": languages,
        "domains": domains_in(domain_texts(one.model, one.values, one.relations), languages),
        "openness": d.openness(one),
        "formats": one.texts(Column.FORMATS)[:_MOST_TAGS],
        "collections": one.texts(Column.COLLECTIONS)[:_MOST_TAGS],
        "parents": tuple(relation.parent for relation in one.relations[:_MOST_NAMES]),
        "scores": d.best_scores(one.results) if one.results else {},
    }
    if one.values.get(Column.DEPRECATED) is True:
        found["deprecated"] = True
    found |= _numbers(one)
    return {name: value for name, value in found.items() if value not in ("", (), {}, None)}


def _numbers(one: d.Described) -> dict[str, Any]:
    parameters = one.number(Column.PARAMETERS) or None
    found: dict[str, Any] = {
        "parameters": parameters,
        "active": one.number(Column.ACTIVE_PARAMETERS) or parameters,
        "context": one.number(Column.CONTEXT),
        "downloads": one.number(Column.DOWNLOADS),
        "likes": one.number(Column.LIKES),
        "released": day(one.text(Column.RELEASED)),
        "updated": day(one.text(Column.UPDATED)),
    }
    if parameters:
        kept = d.kv_bytes_per_token(one)
        found["memory"] = d.memory_need(parameters, kept)
        found["kv"] = kept or None
    price = d.cheapest(one.offers) if one.offers else None
    if price is not None:
        found["price"] = str(price.blended)
        found["price_in"], found["price_out"] = str(price.input), str(price.output)
    return found


def _names(one: d.Described, facts: dict[str, Any]) -> str:
    """The words of all names; without the author, who is no part of a model's name."""
    texts = [one.model.rpartition("/")[2], one.text(Column.NAME), *one.names[:_MOST_NAMES]]
    return " ".join(dict.fromkeys(word for text in texts if text for word in name_words(text)))


def _told(one: d.Described, author: str) -> str:
    texts = (
        author,
        one.text(Column.TASK),
        one.text(Column.FAMILY),
        *one.texts(Column.TAGS)[:_MOST_TAGS],
        *one.texts(Column.LANGUAGES)[:_MOST_TAGS],
        one.text(Column.DESCRIPTION),
    )
    return " ".join(
        list(dict.fromkeys(words(" ".join(text[:_MOST_LETTERS] for text in texts))))[:_MOST_WORDS]
    )


def _exact(one: d.Described) -> list[str]:
    names = (one.model, one.model.rpartition("/")[2], one.text(Column.NAME), *one.names)
    return list(dict.fromkeys(compact(name) for name in names[:_MOST_NAMES] if name))
