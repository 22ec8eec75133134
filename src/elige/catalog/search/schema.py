"""The fields of the index and how a model becomes a document of it."""

import zlib
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any  # documents hold texts, numbers and lists of them

from elige.catalog.licence_terms import USES
from elige.catalog.remembered import Remembered
from elige.catalog.search import described as d
from elige.catalog.search.called import exact_names, name_starts, name_text
from elige.catalog.search.domains import domain_texts, domains_in
from elige.catalog.search.scores import best_scores, own_scores
from elige.catalog.search.words import folded, words
from elige.catalog.small_json import dumped
from elige.records import Column

if TYPE_CHECKING:
    from tantivy import Schema

# Raised whenever documents change their shape: an index of another number is built anew.
FORMAT = 9
META_KEY = "\x00meta"
_MOST_TAGS, _MOST_PARENTS = 60, 20
_LONG, _MOST_LETTERS = 100, 300

# Texts to filter by; those in FACETS are counted too.
FILTERS = (
    *("task", "family", "author", "licence", "language", "domain", "size"),
    *("may", "openness", "weights", "format", "collection", "bench", "parent", "maker"),
)
FACETS = ("task", "licence", "family", "language", "domain", "author", "size")
COUNTS = ("parameters", "active", "context", "memory", "downloads", "likes", "released", "updated")
# Counts with so many values that ranges of them are found by their first three digits.
ROUGH = ("parameters", "memory")
# One in so many models, by its name, stands for all where very many are counted.
SAMPLE = 8
SAMPLED, POPULAR = "s", "p"
# From a thousand downloads on; one model in fifty.
POPULAR_FROM = 9.0
PRICES = ("price", "price_in", "price_out")


@cache
def schema() -> "Schema":
    """The fields: words to be found, whole texts to filter by, numbers in columns."""
    from tantivy import SchemaBuilder

    made = SchemaBuilder()
    for name in ("key", "exact", "start"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("name", "text"):
        made.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in FILTERS:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in FACETS)
    for name in COUNTS:
        made.add_unsigned_field(name, fast=True, indexed=name == "context")
    for name in ROUGH:
        made.add_unsigned_field(f"{name}_rough", indexed=True)
    made.add_text_field("mark", tokenizer_name="raw", index_option="basic")
    for name in (*PRICES, "popularity"):
        made.add_float_field(name, fast=True)
    made.add_json_field("score", fast=True, tokenizer_name="raw", index_option="basic")
    made.add_boolean_field("deprecated", indexed=True)
    made.add_bytes_field("shown", stored=True)
    return made.build()


def document(one: d.Described, may: str = "") -> dict[str, Any]:
    """The fields of a model; what is not known is left out.

    `may` are the letters that hold with its ancestors' licences, where they are known.
    """
    facts = _facts(one)
    if may and may != facts["may"]:
        facts["may_own"], facts["may"] = facts["may"], may
    names, by = name_text(one), _makers(one)
    found: dict[str, Any] = {
        "key": key(one.model),
        "exact": exact_names(one),
        "name": names,
        "text": " ".join(dict.fromkeys(f"{names} {_told(one, facts, by)}".split())),
        "popularity": d.popularity(facts.get("downloads", 0), facts.get("likes", 0), d.hosts(one)),
        "shown": dumped(facts),
        "licence": facts["licence"],
        "may": _PERMITTED[facts["may"]],
        "size": d.size_class(facts.get("parameters")) or "unknown",
        "deprecated": "deprecated" in facts,
    }
    found |= {name: _VALUES[text] for name, text in by.items()}
    for name in _PLAIN:
        if name in facts:
            found[name] = _VALUES[facts[name]]
    for source, name in _LISTS:
        if source in facts:
            found[name] = [_VALUES[value] for value in facts[source]]
    found |= _columns(facts)
    marks = [] if zlib.crc32(found["key"].encode()) % SAMPLE else [SAMPLED]
    is_popular = found["popularity"] >= POPULAR_FROM
    if is_popular:
        marks.append(POPULAR)
    # What nobody loads and was made of another is not what is meant by how its name begins.
    if is_popular or not one.relations:
        found["start"] = name_starts(one.model)
    if marks:
        found["mark"] = marks
    return found


def as_json(fields: Mapping[str, Any]) -> str:
    """Fields as the index reads them fastest."""
    return dumped(fields).decode()


def _makers(one: d.Described) -> dict[str, str]:
    """Whose it is: the first part of its name, and what sources call them, where that differs."""
    stated = one.text(Column.AUTHOR)
    author = one.model.rpartition("/")[0] or stated
    found = {"author": author} if author else {}
    if stated != author and stated and _VALUES[stated] != _VALUES[author]:
        found["maker"] = stated
    return found


def _columns(facts: dict[str, Any]) -> dict[str, Any]:
    """The numbers, and what finds them."""
    found: dict[str, Any] = {name: facts[name] for name in COUNTS if name in facts}
    for name in ROUGH:
        if name in found:
            found[f"{name}_rough"] = _ROUGH[found[name]]
    if "price" in facts:
        found |= {name: float(facts[name]) for name in PRICES}
    if "scores" in facts:
        found["score"] = {score_path(name): value for name, value in facts["scores"].items()}
        found["bench"] = list(facts["scores"])
    return found


_PLAIN = ("task", "family", "weights")
_PERMITTED = {
    "".join(letters): [use for use, letter in zip(USES, letters, strict=True) if letter in "yc"]
    for letters in product("ycun", repeat=len(USES))
}


# A text as it is filtered by.
_VALUES = Remembered[str, str](lambda text: folded(text[:_LONG]), 50_000)


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


def rough(count: int) -> int:
    """The first three digits of a count, the rest zero."""
    step: int = 10 ** max(0, len(str(count)) - 3)
    return count // step * step


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
    values = one.values
    stated = one.text(Column.LICENCE)
    found: dict[str, Any] = {
        "model": one.model,
        "sources": one.sources,
        "licence": d.licence_key(stated, one.licence),
        "may": d.own_letters(one.licence),
    }
    if stated:
        found["licence_stated"] = stated[:_LONG]
    _take_over(one, found)
    texts = domain_texts(one.model, values, one.relations)
    if domains := domains_in(texts, found.get("languages", ())):
        found["domains"] = domains
    if openness := d.openness(one):
        found["openness"] = openness
    if one.relations:
        found["parents"] = tuple(relation.parent for relation in one.relations[:_MOST_PARENTS])
    if values.get(Column.DEPRECATED) is True:
        found["deprecated"] = True
    _derive(one, found)
    return found


def _take_over(one: d.Described, found: dict[str, Any]) -> None:
    """Add the columns that are shown as they are."""
    values = one.values
    for column, name in _TEXTS:
        value = values.get(column)
        if value and isinstance(value, str):
            found.setdefault(name, value[:_MOST_LETTERS])
    for column, name in _MANY:
        if values.get(column) and (several := one.texts(column)):
            found[name] = several[:_MOST_TAGS]
    for column, name in _NUMBERS:
        number = d.count(values.get(column))
        if number is not None:
            found[name] = number
    if "languages" in found:
        found["languages"] = tuple(code.lower() for code in found["languages"])


_TEXTS = (
    (Column.TASK, "task"),
    (Column.FAMILY, "family"),
    (Column.ARCHITECTURE, "family"),  # where no family is told
    (Column.WEIGHTS, "weights"),
    (Column.DESCRIPTION, "description"),
)
_MANY = (
    (Column.LANGUAGES, "languages"),
    (Column.FORMATS, "formats"),
    (Column.COLLECTIONS, "collections"),
)
_NUMBERS = (
    (Column.PARAMETERS, "parameters"),
    (Column.ACTIVE_PARAMETERS, "active"),
    (Column.CONTEXT, "context"),
    (Column.DOWNLOADS, "downloads"),
    (Column.LIKES, "likes"),
)


# Whoever makes something of a model gives it the parent's size, and most were changed on few days.
_ROUGH = Remembered(rough, 50_000)
_DAYS = Remembered(day, 20_000)
_MEMORY = Remembered[tuple[int, int], int](lambda needed: d.memory_need(*needed), 50_000)


def _derive(one: d.Described, found: dict[str, Any]) -> None:
    """Add the dates, the memory needed, the cheapest price and the best scores."""
    for column, name in ((Column.RELEASED, "released"), (Column.UPDATED, "updated")):
        moment = _DAYS[one.text(column)]
        if moment is not None:
            found[name] = moment
    parameters = found.get("parameters", 0)
    if parameters:
        found.setdefault("active", parameters)
        kept = d.kv_bytes_per_token(one)
        found["memory"] = _MEMORY[parameters, kept]
        if kept:
            found["kv"] = kept
    else:
        found.pop("parameters", None)
    if one.offers and (price := d.cheapest(one.offers)):
        found["price"] = str(price.blended)
        found["price_in"], found["price_out"] = str(price.input), str(price.output)
    scores = best_scores(one.results) if one.results else {}
    if one.measured:
        scores |= own_scores(one.measured)
    if scores:
        found["scores"] = scores


def _told(one: d.Described, facts: dict[str, Any], makers: dict[str, str]) -> str:
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
    lambda texts: " ".join([_TOLD[text] for text in texts[:_MOST_TAGS]]), 50_000
)
