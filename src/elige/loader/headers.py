"""Reads the headers of safetensors files: names, kinds and shapes of tensors, no weight."""

import json
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any  # headers are JSON

from elige.errors import BadInput

_LONGEST_HEADER = 100_000_000  # safetensors' own limit
# What reading a header raises that is none.
_NO_HEADER = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError),
    OverflowError,
)
_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64,
    "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "C64": 64, "E8M0": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTensor:
    """One tensor of a safetensors file; `kind` as the format calls it: F32, BF16, U8, ..."""

    name: str
    kind: str
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """Bytes it takes in the file."""
        return self.count * _BITS.get(self.kind, 8) // 8


def read_tensors(shard: Path) -> list[StoredTensor]:
    """Every tensor of the file, whose length is checked against them.

    Raises `BadInput` for a file that is cut short or no safetensors file.
    """
    size = shard.stat().st_size
    with shard.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(_LONGEST_HEADER, size - 8):
            raise _cut_short(shard, "it ends inside its header")
        raw = stream.read(length)
    try:
        header = json.loads(raw)
        found = [_tensor(name, item) for name, item in header.items() if name != "__metadata__"]
    except _NO_HEADER as error:
        raise _cut_short(shard, "its header is no safetensors header") from error
    for tensor, start_at, end_at in found:
        if tensor.kind in _BITS and end_at - start_at != tensor.size_bytes:
            told = f"{tensor.name[:60]!r} has {end_at - start_at} bytes for {tensor.count} numbers"
            raise _cut_short(shard, f"{told} of {tensor.kind}")
    end = max((offset for *_, offset in found), default=0)
    if 8 + length + end != size:
        raise _cut_short(shard, f"it has {size} bytes instead of {8 + length + end}")
    return [tensor for tensor, *_ in found]


def _tensor(name: str, item: dict[str, Any]) -> tuple[StoredTensor, int, int]:
    """A tensor, and where its bytes begin and end."""
    start, end = (int(one) for one in item["data_offsets"])
    shape = tuple(int(one) for one in item["shape"])
    if any(one < 0 for one in shape):
        raise ValueError(name)
    return StoredTensor(name=name, kind=str(item["dtype"]), shape=shape), start, end


def _cut_short(shard: Path, why: str) -> BadInput:
    return BadInput(
        f"{shard} is damaged: {why}.", hint="Download the file again; it may be cut short."
    )
