"""The fields of the index and how a model becomes a document of it."""

import zlib
from functools import cache
from typing import TYPE_CHECKING  # documents hold texts, numbers and lists of them

if TYPE_CHECKING:
    from tantivy import Schema

# Raised whenever documents change their shape: an index of another number is built anew.
FORMAT = 10
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
