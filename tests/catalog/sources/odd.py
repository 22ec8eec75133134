"""Files as no source should have them, and what must hold of whatever is read of them."""

import codecs
import copy
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from elige.catalog.shelf.codec import decoded, encoded
from elige.catalog.sources.reading import day, text
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, Offer, Place, PublishedScore, Source

# Values that no field of any source can mean, by what they are.
VALUES: Mapping[str, object] = {
    "null": None,
    "yes": True,
    "negative": -5,
    "huge": 10**30,
    "endless": 10**400,
    "beyond a float": 1e308,
    "not a number": math.nan,
    "infinite": math.inf,
    "no letter": "",
    "a word": "wörd",
    "a word for nothing": "N/A",
    "orders to a terminal": "\x1b]0;x\x07\x1b[31m\u202ebad\u200b\x00\ud800",
    "no digits of ours": "９\u0669",
    "a list": [],
    "an object": {},
    "lists in lists": [[[None]], [{"a": [1]}]],
    "an object in an object": {"a": {"b": {"c": -1}}},
    "a run of letters": "x" * 5_000,
}
_WORDS = {Column.LANGUAGES, Column.DATASETS, Column.TAGS, Column.FORMATS, Column.COLLECTIONS}
_WORDS |= {Column.MODALITIES_IN, Column.MODALITIES_OUT}
_NUMBERS = {Column.PARAMETERS, Column.ACTIVE_PARAMETERS, Column.CONTEXT, Column.MAX_OUTPUT}
_NUMBERS |= {Column.VOCABULARY, Column.LAYERS, Column.HIDDEN, Column.HEADS, Column.KV_HEADS}
_NUMBERS |= {Column.HEAD_DIM, Column.DOWNLOADS, Column.LIKES, Column.SIZE_BYTES, Column.MOF_CLASS}
_FLAGS = {Column.REASONING, Column.TOOL_CALL, Column.DEPRECATED}
_DATES = {Column.RELEASED, Column.UPDATED, Column.KNOWLEDGE_CUTOFF}


def with_each(tree: object, value: object) -> Iterator[tuple[str, object]]:
    """The tree with `value` at each place in it, one at a time, and where that is."""
    for path in _paths(tree):
        yield "/".join(map(str, path)), _with(tree, path, value)


def spoilt(data: bytes) -> dict[str, bytes]:
    """The file as it comes out of broken downloads, other programs and other encodings."""
    found = {f"cut after {part}/7": data[: len(data) * part // 7] for part in range(7)}
    found |= {f"without its first {count}": data[count:] for count in (1, 2, 7)}
    found |= {
        "with a mark": codecs.BOM_UTF8 + data,
        "in UTF-16": data.decode("utf-8").encode("utf-16"),
        "with a byte that is no letter": data.replace(b"e", b"\xe9", 1),
        "full of them": data.replace(b"e", b"\xe9"),
        "with noughts": data.replace(b"a", b"\x00"),
        "twice": data + data,
        "a page of the web": b"<!doctype html><title>404</title>",
        "a list": b"[]",
        "a list of lists": b"[[[]]]",
        "an object": b"{}",
        "a number": b"7",
        "a word": b'"x"',
        "nested": b"[" * 100_000,
        "nothing": b"null",
        "blank": b" \n\n",
        "bytes": bytes(range(256)) * 4,
    }
    return found


def read(one: Source, path: Path) -> list[Entry | Broken]:
    """What is read, and that nothing of it is wrong; nothing where the file is refused."""
    try:
        found = list(one.read(Place(path=path, fetched="2026-11-26")))
    except BadInput as error:
        assert error.hint
        assert "\n" not in str(error)
        return []
    for record in found:
        sound(record)
    return found


def sound(record: Entry | Broken) -> None:
    """That a record is named where it is broken, and else holds nothing that cannot be."""
    if isinstance(record, Broken):
        assert record.where and record.why
        return
    for name in (record.model, record.key, *record.names):
        assert text(name) == name, name
    assert decoded(record.source, record.key, encoded(record)) == record
    for column, value in record.values.items():
        _sound_value(column, value)
    for relation in record.relations:
        assert text(relation.parent) == relation.parent
    for offer in record.offers:
        _sound_offer(offer)
    for result in record.results:
        _sound_result(result)


def prices(found: Iterable[Entry | Broken]) -> set[Decimal | None]:
    """Every price that is asked."""
    offers = [offer for one in found if isinstance(one, Entry) for offer in one.offers]
    return {
        price for one in offers for price in (one.input, one.output, one.cached_input)
    }  # fmt: skip


def dumped(tree: object) -> bytes:
    """The tree as JSON; what is beyond JSON is written as Python's own writer does."""
    return json.dumps(tree).encode()


def _sound_value(column: Column, value: object) -> None:
    if column in _WORDS:
        assert isinstance(value, tuple) and value
        assert all(isinstance(one, str) and one and one.isprintable() for one in value), value
    elif column in _NUMBERS:
        assert isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**54
    elif column in _FLAGS:
        assert isinstance(value, bool)
    elif column is Column.OSAI_SCORE:
        assert isinstance(value, float) and 0 <= value <= 1
    else:
        assert isinstance(value, str) and text(value) == value, (column, value)
        assert column not in _DATES or day(f"{value}-01-01"[:10])


def _sound_offer(one: Offer) -> None:
    for price in (one.input, one.output, one.cached_input, one.batch_input, one.batch_output):
        assert price is None or (0 <= price < 10**6 and price.is_finite())
        assert price != 0 or one.is_free
    assert one.context is None or one.context > 0
    assert one.provider and one.hosted
    assert text(one.provider) == one.provider and text(one.hosted) == one.hosted
    assert not one.link or one.link.startswith(("https://", "http://"))
    assert not one.dated or day(one.dated)


def _sound_result(one: PublishedScore) -> None:
    assert one.benchmark and math.isfinite(one.value) and abs(one.value) < 1e10
    assert one.low is None or one.low <= one.value
    assert one.high is None or one.high >= one.value
    assert one.samples is None or one.samples >= 0
    for words in (one.benchmark, one.version, one.setting, one.metric):
        assert words == "" or words.isprintable()
    assert not one.link or one.link.startswith(("https://", "http://"))


def _paths(tree: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if above:
        yield above
    inner: list[tuple[str | int, object]] = []
    if isinstance(tree, dict | list):
        inner += tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in inner:
        yield from _paths(value, (*above, key))


def _with(tree: object, path: tuple[str | int, ...], value: object) -> object:
    made = copy.deepcopy(tree)
    place = made
    for key in path[:-1]:
        place = place[key]  # type: ignore[index]  # a path of `_paths` is there
    place[path[-1]] = value  # type: ignore[index]
    return made
