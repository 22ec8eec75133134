"""JSON from strangers, packed or not, within limits; what cannot be trusted in it is named."""

import codecs
import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any  # JSON has no narrower type

from elige.catalog.sources.packed import bytes_of, stream_of, too_large
from elige.errors import BadInput
from elige.records import Broken
from elige.text import one_line

# A document is held in memory, some six times as large as it is; lines come one by one.
MOST_BYTES = 500_000_000
MOST_IN_LINES = 20_000_000_000
LONGEST_LINE = 10_000_000
_DIGITS = 40
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What bytes that are no UTF-8 become (PEP 383), so that they spoil one record and not the file.
_NO_UTF8 = re.compile("[\udc80-\udcff]")


class Doubled(dict[str, Any]):
    """An object with keys that stand there twice and say two things."""

    twice: frozenset[str] = frozenset()


def twice_in(value: object) -> frozenset[str]:
    """The keys of an object that stand there twice and say two things."""
    return value.twice if isinstance(value, Doubled) else frozenset()


def flaw(record: object) -> str:
    """Why a record, or anything in it, cannot be trusted; '' where it can."""
    open_ = [record]
    while open_:
        one = open_.pop()
        if isinstance(one, Doubled):
            return f"{min(one.twice)!r} stands there twice and says two things"
        if isinstance(one, dict):
            open_ += one
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one
        elif isinstance(one, str) and not one.isascii() and _NO_UTF8.search(one):
            return "it is no text in UTF-8"
    return ""


def parsed(text: str, *, exact: bool = False) -> Any:  # noqa: ANN401 - JSON
    """What a JSON text holds; its fractions are `Decimal` with `exact`. Raises `ValueError`."""
    try:
        return (_EXACT if exact else _PLAIN).decode(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def decoded(raw: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16; bytes that are neither make `flaw` speak."""
    if raw.startswith(_UTF16):
        return raw.decode("utf-16", "replace")
    return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def document_at(path: Path, hint: str, *, exact: bool = False) -> Any:  # noqa: ANN401 - JSON
    """What the JSON file at `path` holds. Raises `BadInput` where it cannot be read, or is none."""
    raw = bytes_of(path, most=MOST_BYTES)
    if not raw.strip():
        raise BadInput(f"{path} is empty.", hint=hint)
    try:
        return parsed(decoded(raw), exact=exact)
    except ValueError as error:
        raise BadInput(f"{path} is no JSON: {one_line(error)[:200]}.", hint=hint) from error


def records_at(path: Path, hint: str) -> Iterator[tuple[str, object]]:
    """Every record of a JSON file, or of one with a record a line, and where it stands.

    A record that cannot be read is a `Broken`. Raises `BadInput` for a file without records.
    """
    head = _first_line(path)
    if _is_record(head):
        yield from _lines(path)
        return
    try:
        found = document_at(path, hint)
    except BadInput:
        if not head.startswith(b"{") or head == b"{":
            raise
        yield from _lines(path)  # the first line is broken, others may be whole
        return
    if not isinstance(found, list | dict):
        raise BadInput(f"{path.name} holds no records.", hint=hint)
    if isinstance(found, dict):
        yield path.name, found
        return
    for at, one in enumerate(found, 1):
        yield f"{path.name}, record {at}", one


def record_of(text: str, where: str) -> object:
    """The record that a line or a cell holds, or a `Broken`."""
    try:
        return parsed(text)
    except ValueError as error:
        return Broken(where=where, why=f"no JSON: {one_line(error)[:200]}")


def _first_line(path: Path) -> bytes:
    with stream_of(path) as stream:
        for _ in range(1000):
            line = stream.readline(LONGEST_LINE)
            if not line or line.strip():
                return line.removeprefix(codecs.BOM_UTF8).strip()
    return b""


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(parsed(decoded(line)), dict)
    except ValueError:
        return False


def _lines(path: Path) -> Iterator[tuple[str, object]]:
    size = at = 0
    is_rest = False
    with stream_of(path) as stream:
        while line := stream.readline(LONGEST_LINE):
            size += len(line)
            if size > MOST_IN_LINES:
                raise too_large(path, MOST_IN_LINES)
            at += not is_rest
            is_whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
            where = f"{path.name}, line {at}"
            if not is_rest and not is_whole:
                yield where, Broken(where=where, why=f"longer than {LONGEST_LINE:,} bytes")
            elif not is_rest and line.strip():
                yield where, record_of(decoded(line), where)
            is_rest = not is_whole


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = frozenset(key for key, value in pairs if value != found[key])
    if not twice:
        return found
    doubled = Doubled(found)
    doubled.twice = twice
    return doubled


def _integer(text: str) -> int | float:
    """Python refuses to read thousands of digits; nobody means them."""
    if len(text) <= _DIGITS:
        return int(text)
    return -math.inf if text.startswith("-") else math.inf


def _fraction(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent beyond anything
        return math.inf


_PLAIN = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer)
_EXACT = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction)
