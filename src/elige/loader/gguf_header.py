"""Reads the header of a GGUF file without trusting a single number in it.

Layout: docs/gguf.md of ggml. Everything is little-endian: magic, version, number of tensors,
number of metadata pairs, the pairs, one description for each tensor, padding, the tensors.
"""

import hashlib
import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any  # metadata values are numbers, texts and lists

from elige.errors import BadInput

MAGIC = b"GGUF"
VERSIONS = (2, 3)
_FIXED = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MOST_PAIRS, _MOST_TENSORS, _MOST_DIMENSIONS, _LONGEST_KEY = 100_000, 1_000_000, 8, 65_535
_KEPT_ITEMS, _KEPT_NUMBERS = 64, 4096
_TEMPLATE = "tokenizer.chat_template"


@dataclass(frozen=True, slots=True)
class Items:
    """A metadata array by its length and kind; short ones keep their values."""

    length: int
    kind: int
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorPlace:
    """One tensor: `shape` as ggml counts it (fastest dimension first), `start` in the file."""

    name: str
    shape: tuple[int, ...]
    kind: int
    start: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What the header says. `tokenizer` is the hash of all tokenizer metadata but the template."""

    version: int
    metadata: dict[str, Any] = field(repr=False)
    tensors: tuple[TensorPlace, ...] = field(repr=False)
    tokenizer: str

    @property
    def architecture(self) -> str:
        """The architecture's name, as llama.cpp calls it."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def context_length(self) -> int | None:
        """Tokens of context, None when the file does not say."""
        return self.number("context_length") or None

    def number(self, key: str) -> int:
        """The architecture's whole number under `key` (of a list the greatest), 0 if absent."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        values = value.values if isinstance(value, Items) else (value,)
        return max((item for item in values if type(item) is int and item > 0), default=0)

    @property
    def chat_template(self) -> str:
        """The chat template, '' when there is none."""
        value = self.metadata.get(_TEMPLATE, "")
        return value if isinstance(value, str) else ""

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(prod(tensor.shape) for tensor in self.tensors)


def read_header(path: Path) -> GgufHeader:
    """The header of the GGUF file at `path`, checked against the file's length.

    Raises `BadInput` with one line for a file that is no GGUF, cut short or nonsense.
    """
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if size < 24 or stream.read(4) != MAGIC:
            raise BadInput(
                f"{path.name} is no GGUF file: it does not begin with the letters GGUF.",
                hint="Check that the download finished and is not a web page.",
            )
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            cursor = _Cursor(content, size, path.name)
            try:
                return _header(cursor)
            except (UnicodeDecodeError, ValueError, OverflowError, struct.error) as error:
                raise cursor.refused(f"its header cannot be read ({error})") from error


class _Cursor:
    """A place in the file that moves forward and never past the end."""

    def __init__(self, content: mmap.mmap, size: int, name: str) -> None:
        self._content = content
        self._size = size
        self._name = name
        self.place = 4

    def refused(self, why: str) -> BadInput:
        return BadInput(
            f"{self._name} is damaged: {why}.", hint="Download the file again, or use another one."
        )

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        start = self.skip(count)
        return self._content[start : start + count]

    def skip(self, count: int) -> int:
        """Move on by `count` bytes; where it was before."""
        start = self.place
        if count < 0 or start + count > self._size:
            raise self.refused("the file ends inside its header")
        self.place = start + count
        return start

    def number(self, code: str) -> Any:  # noqa: ANN401 - whatever the code says
        """One number of the struct code."""
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def text(self) -> str:
        """A string with its length in front."""
        return self.take(self.number("Q")).decode("utf-8")

    def between(self, start: int, end: int) -> bytes:
        """Bytes already passed."""
        return self._content[start:end]

    @property
    def size(self) -> int:
        """The whole file's length."""
        return self._size


def _header(cursor: _Cursor) -> GgufHeader:
    version = cursor.number("I")
    if version not in VERSIONS:
        raise BadInput(
            f"The GGUF file has version {version}; versions 2 and 3 can be read.",
            hint="Convert the model again with a current llama.cpp.",
        )
    tensor_count, pair_count = cursor.number("Q"), cursor.number("Q")
    if tensor_count > _MOST_TENSORS or pair_count > _MOST_PAIRS:
        raise cursor.refused(f"it claims {tensor_count} tensors and {pair_count} metadata pairs")
    metadata, tokenizer = _pairs(cursor, pair_count)
    raw = list(_descriptions(cursor, tensor_count))
    tensors = tuple(_placed(cursor, raw, metadata.get("general.alignment", 32)))
    if not isinstance(metadata.get("general.architecture"), str):
        raise cursor.refused("it does not name its architecture")
    return GgufHeader(version=version, metadata=metadata, tensors=tensors, tokenizer=tokenizer)


def _pairs(cursor: _Cursor, count: int) -> tuple[dict[str, Any], str]:
    metadata: dict[str, Any] = {}
    tokenizer = hashlib.sha256()
    for _ in range(count):
        start = cursor.place
        key = cursor.text()
        if len(key) > _LONGEST_KEY or key in metadata:
            raise cursor.refused(f"its metadata key {key[:40]!r} is too long or stands twice")
        metadata[key] = _value(cursor, cursor.number("I"))
        if key.startswith("tokenizer.") and key != _TEMPLATE:
            tokenizer.update(cursor.between(start, cursor.place))
    return metadata, tokenizer.hexdigest()


def _value(cursor: _Cursor, kind: int, *, depth: int = 0) -> Any:  # noqa: ANN401 - see above
    if kind in _FIXED:
        return cursor.number(_FIXED[kind])
    if kind == _STRING:
        return cursor.text()
    if kind != _ARRAY or depth > 2:
        raise cursor.refused(f"its metadata holds a value of the unknown kind {kind}")
    inner, length = cursor.number("I"), cursor.number("Q")
    if length <= (_KEPT_NUMBERS if inner in _FIXED else _KEPT_ITEMS):
        kept = tuple(_value(cursor, inner, depth=depth + 1) for _ in range(length))
        return Items(length, inner, kept)
    if inner in _FIXED:
        cursor.skip(length * struct.calcsize("<" + _FIXED[inner]))
    else:
        _skip_items(cursor, inner, length, depth)
    return Items(length, inner)


def _skip_items(cursor: _Cursor, kind: int, length: int, depth: int) -> None:
    if length > cursor.size:  # each item takes at least a byte
        raise cursor.refused(f"one of its lists claims {length} items")
    for _ in range(length):
        if kind == _STRING:
            cursor.skip(cursor.number("Q"))
        else:
            _value(cursor, kind, depth=depth + 1)


def _descriptions(cursor: _Cursor, count: int) -> Iterator[tuple[str, tuple[int, ...], int, int]]:
    for _ in range(count):
        name = cursor.text()
        dimensions = cursor.number("I")
        if dimensions > _MOST_DIMENSIONS:
            raise cursor.refused(f"its tensor {name[:40]!r} claims {dimensions} dimensions")
        shape = tuple(cursor.number("Q") for _ in range(dimensions))
        yield name, shape, cursor.number("I"), cursor.number("Q")


def _placed(
    cursor: _Cursor, raw: list[tuple[str, tuple[int, ...], int, int]], alignment: object
) -> Iterator[TensorPlace]:
    from gguf.constants import GGML_QUANT_SIZES  # pulls numpy in; only readers need it

    sizes = {int(kind): size for kind, size in GGML_QUANT_SIZES.items()}
    if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
        raise cursor.refused(f"its alignment {alignment!r} is no power of two")
    data = -(-cursor.place // alignment) * alignment
    for name, shape, kind, offset in raw:
        if kind not in sizes:
            raise cursor.refused(f"its tensor {name[:40]!r} has the unknown type {kind}")
        block, block_bytes = sizes[kind]
        size = prod(shape) // block * block_bytes
        if data + offset + size > cursor.size:
            short = data + offset + size - cursor.size
            raise cursor.refused(f"it is at least {short} bytes too short for {name[:60]!r}")
        yield TensorPlace(name=name, shape=shape, kind=kind, start=data + offset, size_bytes=size)
