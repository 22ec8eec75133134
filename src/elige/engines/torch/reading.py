"""Prompts are read into slabs, what they begin with alike only once.

A pack of rows is read as one batch that ends in the same column. The columns that every row has
from its beginning are copied; the others are read. A row whose own part is shorter than the
pack's reads some tokens of its beginning again, where others would have filling.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any  # configurations of transformers

import torch
from torch import Tensor

from elige.engines.torch.beginnings import Beginning
from elige.engines.torch.network import Limits, Network, Tokens
from elige.engines.torch.slab import Slab

# From so many tokens on a pass is busy, and shorter rows had better be read apart.
WORTH_A_PASS = 512
# Those that find positions from the mask, or count distances alone.
_POSITION_FREE = frozenset({"bloom", "mpt"})
# Kinds of rotary positions that change all keys once a text grows longer than this.
_GROWING = frozenset({"dynamic", "longrope"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A prompt to be read: its tokens, and the beginning it shares."""

    ids: Sequence[int]
    beginning: Beginning | None

    @property
    def own(self) -> int:
        """Tokens that nobody else reads."""
        return len(self.ids) - (len(self.beginning.ids) if self.beginning else 0)


def movable_up_to(network: Network) -> float:
    """How long texts may grow that stand in any columns and share what they begin with.

    So they may where what was read is kept as keys and values, positions are handed over or
    follow from the mask, and no later token changes the keys of what stands before; else 0.
    """
    config = network.model.config.get_text_config(decoder=True)
    placed = network.positioned or str(config.model_type) in _POSITION_FREE
    return steady_up_to(config) if network.shareable and placed else 0


def steady_up_to(config: Any) -> float:  # noqa: ANN401
    """Up to how many tokens the keys of a text stay what they are; infinite for most models."""
    rope = getattr(config, "rope_parameters", None) or {}
    kinds = [rope, *(part for part in rope.values() if isinstance(part, dict))]
    grows = [part for part in kinds if part.get("rope_type") in _GROWING]
    bounds = [
        part.get("original_max_position_embeddings")
        or getattr(config, "original_max_position_embeddings", None)
        or config.max_position_embeddings
        for part in grows
    ]
    return min(bounds, default=float("inf"))


def packs(rows: Sequence[Waiting], limits: Limits) -> Iterator[list[int]]:
    """Places of rows that are read in one pass: those with as much of their own."""
    order = sorted(range(len(rows)), key=lambda at: rows[at].own, reverse=True)
    pack: list[int] = []
    for at in order:
        widest = rows[pack[0]].own if pack else 0
        full = (len(pack) + 1) * widest > limits.forward
        busy = len(pack) * widest >= WORTH_A_PASS and rows[at].own < 0.75 * widest
        if pack and (full or busy):
            yield pack
            pack = []
        pack.append(at)
    if pack:
        yield pack


def read(network: Network, rows: Sequence[Waiting], limits: Limits) -> tuple[Slab, Tensor]:
    """The rows' keys and values, and the logits of the token after each, [rows, vocabulary]."""
    lengths = [len(row.ids) for row in rows]
    longest, width = max(lengths), max(row.own for row in rows)
    slab = Slab(network.new_cache().layers)
    head = longest - width
    if head:
        slab.begin([_known(network, row, limits, width) for row in rows], after=width)
    tokens = tail_tokens(network, [row.ids for row in rows], width)
    logits = network.last(tokens, slab, limits)
    for row in rows:
        if row.beginning is not None:
            row.beginning.release()
    return slab, logits


def _known(network: Network, row: Waiting, limits: Limits, width: int) -> tuple[Slab | None, int]:
    """Where the row's first tokens are held, and how many stand before the last `width`."""
    known = max(0, len(row.ids) - width)
    if row.beginning is None or not known:
        return None, 0
    return _first(network, row.beginning, limits), known


def tail_tokens(network: Network, rows: Sequence[Sequence[int]], width: int) -> Tokens:
    """The last columns of rows that end together, after what was read of them before."""
    longest = max(map(len, rows))
    fills = [max(0, width - len(ids)) for ids in rows]
    ends = [[*[0] * fill, *ids[-width:]] for fill, ids in zip(fills, rows, strict=True)]
    lengths = torch.tensor([len(ids) for ids in rows])
    mask, positions = columns(lengths, longest, width)
    return Tokens(
        ids=torch.tensor(ends, device=network.device),
        mask=mask.to(network.device),
        positions=positions.to(network.device),
    )


def columns(lengths: Tensor, longest: int, width: int) -> tuple[Tensor, Tensor]:
    """Mask [rows, longest] and positions [rows, width] of rows that end in the last column."""
    fills = longest - lengths[:, None]
    places = torch.arange(longest, device=lengths.device)[None, :] - fills
    return (places >= 0).long(), places[:, longest - width :].clamp(min=0)


def _first(network: Network, beginning: Beginning, limits: Limits) -> Slab:
    """The slab of a beginning, read when it is first asked for."""
    if beginning.slab is None:
        above = beginning.parent
        rest = len(beginning.ids) - (len(above.ids) if above else 0)
        slab = Slab(network.new_cache().layers)
        if above is not None:
            slab.begin([(_first(network, above, limits), len(above.ids))], after=rest)
        network.last(tail_tokens(network, [beginning.ids], rest), slab, limits)
        beginning.slab = slab
    return beginning.slab
