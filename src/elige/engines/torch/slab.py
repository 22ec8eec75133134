"""Keys and values of rows that come and go, in memory that is laid out once.

All rows end in the same column: a row of n tokens stands in the last n columns, without a gap, and
what is left of it is masked. So windows that are counted in columns count tokens. One more token
for each row fills one more column, and nothing that was read before is copied for it.
"""

from collections.abc import Sequence
from typing import Any  # layers of transformers' caches

import torch
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

# Columns laid out ahead. All rows are copied once in so many tokens.
AHEAD = 128


class SlabLayer(CacheLayerMixin):  # type: ignore[no-untyped-call]  # of transformers
    """One layer's keys and values: [places, heads, columns, size], filled from `start` to `stop`.

    `rows` of the places are taken, the first ones. With a `window`, attention is shown the last
    columns alone.
    """

    def __init__(self, window: int | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # of transformers
        self.window = window
        self.is_sliding = window is not None
        self.rows = self.start = self.stop = 0

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Lay out room for rows like these."""
        self.dtype, self.device = key_states.dtype, key_states.device
        rows, columns = key_states.shape[0], key_states.shape[-2] + AHEAD
        self.keys = _room(key_states, rows, columns)
        self.values = _room(value_states, rows, columns)
        self.rows, self.is_initialized = rows, True

    def update(
        self,
        key_states: Tensor,
        value_states: Tensor,
        *args: object,
        **kwargs: object,
    ) -> tuple[Tensor, Tensor]:
        """Write the next columns; what their queries may see comes back."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        width = key_states.shape[-2]
        self.reserve(self.rows, before=self.stop - self.start, after=width)
        keys, values = self.held()
        stop = self.stop + width
        keys[: self.rows, :, self.stop : stop] = key_states
        values[: self.rows, :, self.stop : stop] = value_states
        self.stop = stop
        start = self.start
        if self.window is not None:
            start = max(start, stop - width - self.window + 1)
        return keys[: self.rows, :, start:stop], values[: self.rows, :, start:stop]

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """How many columns attention is shown, and where they begin."""
        held = self.stop - self.start
        hidden = 0 if self.window is None else max(held - self.window + 1, 0)
        return held + query_length - hidden, hidden

    def get_seq_length(self) -> int:
        """Columns filled."""
        return self.stop - self.start

    def get_max_length(self) -> int:
        """No bound."""
        return -1

    def held(self) -> tuple[Tensor, Tensor]:
        """All that is laid out."""
        if self.keys is None or self.values is None:
            raise RuntimeError("nothing was read yet")
        return self.keys, self.values

    def reserve(self, rows: int, *, before: int, after: int) -> None:
        """Make room for so many rows, with columns before and after where they end."""
        keys, values = self.held()
        fits = rows <= keys.shape[0] and before <= self.stop
        if fits and self.stop + after <= keys.shape[2]:
            return
        length = self.stop - self.start
        stop = max(before, length)
        columns = stop + after + AHEAD
        fresh = []
        for old in (keys, values):
            new = _room(old, rows, columns)
            new[: self.rows, :, stop - length : stop] = old[: self.rows, :, self.start : self.stop]
            fresh.append(new)
        self.keys, self.values = fresh
        self.start, self.stop = stop - length, stop


class Slab(Cache):
    """A cache of transformers whose layers are slabs; `layers` are those of another cache."""

    def __init__(self, layers: Sequence[Any]) -> None:
        super().__init__(layers=[_like(layer) for layer in layers])

    def slabs(self) -> list[SlabLayer]:
        """The layers that hold something."""
        return [
            layer for layer in self.layers if isinstance(layer, SlabLayer) and layer.is_initialized
        ]

    @property
    def length(self) -> int:
        """Columns filled."""
        return max((slab.stop - slab.start for slab in self.slabs()), default=0)

    @torch.inference_mode()
    def begin(self, beginnings: Sequence[tuple["Slab | None", int]], after: int) -> None:
        """Fill with a row for each beginning: the first so many tokens of a slab of one row.

        Room for `after` columns is laid out behind them.
        """
        for at, layer in enumerate(self.layers):
            if isinstance(layer, SlabLayer):
                firsts: list[tuple[Any, int]] = [
                    (slab and slab.layers[at], count) for slab, count in beginnings
                ]
                _begin(layer, firsts, after)

    @torch.inference_mode()
    def join(self, other: "Slab") -> None:
        """Take in the rows of another slab, after those that are here."""
        for slab, new in zip(self.slabs(), other.slabs(), strict=True):
            length = new.stop - new.start
            slab.reserve(slab.rows + new.rows, before=length, after=1)
            for mine, theirs in zip(slab.held(), new.held(), strict=True):
                part = theirs[: new.rows, :, new.start : new.stop]
                mine[slab.rows : slab.rows + new.rows, :, slab.stop - length : slab.stop] = part
            slab.rows += new.rows
            slab.start = min(slab.start, slab.stop - length)

    @torch.inference_mode()
    def leave(self, moves: Sequence[tuple[int, int]], rows: int, length: int) -> None:
        """Keep `rows` rows of at most `length` tokens, after the moves (from, to)."""
        for slab in self.slabs():
            for tensor in slab.held():
                for source, target in moves:
                    tensor[target, :, slab.start : slab.stop] = tensor[
                        source, :, slab.start : slab.stop
                    ]
            slab.rows = rows
            slab.start = max(slab.start, slab.stop - length)


def _begin(layer: SlabLayer, firsts: Sequence[tuple[SlabLayer | None, int]], after: int) -> None:
    known = [first for first, _ in firsts if first is not None and first.is_initialized]
    if not known:
        return
    columns = max(count for _, count in firsts)
    keys, values = (_room(held, len(firsts), columns + after) for held in known[0].held())
    for row, (first, count) in enumerate(firsts):
        if first is None:
            continue
        for mine, theirs in zip((keys, values), first.held(), strict=True):
            begin = theirs[0, :, first.start : first.start + count]
            mine[row, :, columns - count : columns] = begin
    layer.keys, layer.values, layer.is_initialized = keys, values, True
    layer.dtype, layer.device = keys.dtype, keys.device
    layer.rows, layer.start, layer.stop = len(firsts), 0, columns


def _like(layer: Any) -> Any:  # noqa: ANN401
    if not isinstance(layer, CacheLayerMixin):
        return layer
    return SlabLayer(getattr(layer, "sliding_window", None))


def _room(like: Tensor, rows: int, columns: int) -> Tensor:
    """Zeros, for what is masked must still be numbers."""
    _, heads, _, size = like.shape
    return torch.zeros(rows, heads, columns, size, dtype=like.dtype, device=like.device)
