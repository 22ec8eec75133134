"""Text and hashes: the canonical form of a value, and numbers as people read them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

_UNITS = ("B", "KB", "MB", "GB", "TB")


def canonical(value: object) -> str:
    """JSON with sorted keys and no spare space, so that equal values give equal text.

    Dataclasses become objects, tuples lists, decimals and paths strings, enums their values.
    """
    return _CANONICAL.encode(value)


def digest(value: object) -> str:
    """Hex SHA-256 of the canonical form of `value`."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_many(values: Iterable[object]) -> str:
    """Hex SHA-256 of the canonical forms of `values`, a line each; never all in memory at once."""
    found = hashlib.sha256()
    for value in values:
        found.update(canonical(value).encode("utf-8", "surrogatepass"))
        found.update(b"\n")
    return found.hexdigest()


def file_digest(path: Path) -> str:
    """Hex SHA-256 of the bytes of the file at `path`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def human_bytes(count: int) -> str:
    """`count` bytes in decimal units: 1500000 is '1.5 MB'."""
    size = float(count)
    for unit in _UNITS[:-1]:
        if abs(size) < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} {_UNITS[-1]}"


def human_seconds(seconds: float) -> str:
    """`seconds` as people say it: '4.2 s', '3 min 20 s', '2 h 5 min'."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def one_line(value: object) -> str:
    """The text of `value` without line breaks, shortened to what a person still reads."""
    text = " ".join(str(value).split())
    return text if len(text) <= 500 else f"{text[:500]}…"


def printable(text: str) -> str:
    """`text` from outside on one line, with '?' for letters that would steer a terminal."""
    shown = (letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    return "".join(shown)


def sentence(text: str) -> str:
    """`text` with a capital and a full stop; a name in front that is no word is left as it is."""
    if text.partition(" ")[0].isalpha():
        text = f"{text[0].upper()}{text[1:]}"
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def nearest(name: str, known: Iterable[str]) -> str:
    """'Did you mean X?' for the known name nearest to `name`, or '' when none is near."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {near[0]}?" if near else ""


def _plain(value: object) -> Any:  # noqa: ANN401 - the hook of json.dumps returns anything
    if is_dataclass(value) and not isinstance(value, type):
        # What stands inside comes here in turn: `asdict` would copy all of it first.
        return {name: getattr(value, name) for name in _names(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (Decimal, Path)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_CANONICAL = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
)
