"""A quick stand-in for `gguf.GGUFReader`, for the converting child alone.

gguf's own reader makes numpy views of every one of a vocabulary's entries, 12 s for 262,144, and
transformers reads the header three times. This one walks the header once, in 0.2 s.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any  # metadata values are numbers, texts and lists

import numpy as np
from gguf import GGMLQuantizationType, GGUFValueType
from gguf.quants import quant_shape_to_byte_shape

from elige.loader.gguf_header import GgufHeader, Items, TensorPlace, read_header

_PLAIN: dict[GGMLQuantizationType, np.dtype[Any]] = {
    GGMLQuantizationType.F16: np.dtype("<f2"),
    GGMLQuantizationType.F32: np.dtype("<f4"),
    GGMLQuantizationType.F64: np.dtype("<f8"),
}


class _Same(Sequence[Any]):
    """A long list of one value: transformers only counts the vocabulary, it reads it elsewhere."""

    def __init__(self, value: object, length: int) -> None:
        self._value = value
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, _: object) -> Any:  # noqa: ANN401 - as the base class has it
        return self._value


class _Field:
    """One metadata value in the shape of gguf's `ReaderField`."""

    def __init__(self, value: object) -> None:
        self.parts: Sequence[Any]
        if isinstance(value, Items):
            kind = GGUFValueType(value.kind)
            self.types = [GGUFValueType.ARRAY, kind]
            kept = len(value.values) == value.length
            blank = b"" if kind is GGUFValueType.STRING else [0]
            self.parts = (
                [_part(item) for item in value.values] if kept else _Same(blank, value.length)
            )
            self.data = range(value.length)
        else:
            self.types = [_kind(value)]
            self.parts = [_part(value)]
            self.data = range(1)


class _Tensor:
    """One tensor in the shape of gguf's `ReaderTensor`."""

    def __init__(self, content: np.memmap[Any, Any], place: TensorPlace) -> None:
        self.name = place.name
        self.tensor_type = GGMLQuantizationType(place.kind)
        shape = tuple(reversed(place.shape))
        raw = content[place.start : place.start + place.size_bytes]
        plain = _PLAIN.get(self.tensor_type)
        if plain is not None:
            self.data = raw.view(plain).reshape(shape)
        else:
            self.data = raw.reshape(quant_shape_to_byte_shape(shape, self.tensor_type))


class QuickReader:
    """What transformers uses of `gguf.GGUFReader`: `fields` and `tensors`."""

    def __init__(self, path: str, mode: str = "r") -> None:
        del mode  # gguf's signature; nothing is ever written
        header = _header(path)
        content = np.memmap(path, mode="r", dtype=np.uint8)
        self.fields = {key: _Field(value) for key, value in header.metadata.items()}
        self.tensors = [_Tensor(content, place) for place in header.tensors]


@lru_cache(maxsize=1)
def _header(path: str) -> GgufHeader:
    return read_header(Path(path))


def _part(value: object) -> Any:  # noqa: ANN401 - bytes of a text, a list of one number
    return value.encode("utf-8") if isinstance(value, str) else [value]


def _kind(value: object) -> GGUFValueType:
    if isinstance(value, bool):
        return GGUFValueType.BOOL
    if isinstance(value, int):
        return GGUFValueType.INT64
    return GGUFValueType.FLOAT64 if isinstance(value, float) else GGUFValueType.STRING
