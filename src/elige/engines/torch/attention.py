"""A model's attention over a tree of tokens, plugged into transformers' attention interface.

While `reading` is active every attention layer of a model set to `NAME` looks at what its tokens
may see: their own run, the runs above it, and what was read before the tree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any  # modules and masks of transformers

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface

from elige.engines.torch.kernels import Part, Rule, attend
from elige.engines.torch.trie import Node, Span, Tree

NAME = "elige_tree"
# Queries that a masked part takes at once: the mask is no larger than this times window + this.
_BLOCK = 256

Memory = dict[int, tuple[Tensor, Tensor]]


@dataclass(slots=True, kw_only=True)
class Reading:
    """One pass over a tree: what it stands on, and what it leaves behind.

    `before` holds for each layer the keys and values of the `length` tokens read before; `kept`
    is filled with those of the tree where it is not None. `windows` notes which sliding window
    each layer asked for.
    """

    tree: Tree
    before: Memory
    length: int
    kept: Memory | None = None
    windows: dict[int, int | None] = field(default_factory=dict)
    longest: int = field(init=False)
    below: list[Span] = field(init=False)

    def __post_init__(self) -> None:
        """Work out once what every layer needs; `longest` counts the tokens before it too."""
        self.longest = self.length + 1 + max(self.tree.depths)
        self.below = self.tree.below()


_reading: ContextVar[Reading] = ContextVar("reading")


@contextmanager
def reading(one: Reading) -> Iterator[None]:
    """Let the attention of this thread's models look at `one`."""
    token = _reading.set(one)
    try:
        yield
    finally:
        _reading.reset(token)


def look(
    module: Any,  # noqa: ANN401 - an attention layer of any architecture
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: object = None,
    **said: Any,  # noqa: ANN401 - what the architecture hands over
) -> tuple[Tensor, None]:
    """The interface's function: [1, tokens, heads, width] for `query` [1, heads, tokens, width]."""
    now = _reading.get()
    layer = int(module.layer_idx)
    rule = _rule(module, query, said)
    now.windows[layer] = rule.window
    if now.kept is not None:
        now.kept[layer] = (key, value)
    if rule.window is not None and now.longest <= rule.window:
        rule = Rule(scale=rule.scale, softcap=rule.softcap, sinks=rule.sinks)
    seen = _own(now, query, key, value, rule)
    for span in now.below:
        _add(now, seen, query, (key, value), span, rule)
    if now.length:
        _add_before(now, seen, query, now.before[layer], rule)
    if rule.sinks is not None:
        seen.sink(rule.sinks)
    return seen.out.transpose(1, 2), None


def _rule(module: Any, query: Tensor, said: dict[str, Any]) -> Rule:  # noqa: ANN401
    if said.get("position_bias") is not None:
        raise ValueError("attention with a position bias cannot be read as a tree")
    scale = said.get("scaling")
    return Rule(
        scale=query.shape[-1] ** -0.5 if scale is None else float(scale),
        window=said.get("sliding_window"),
        softcap=said.get("softcap"),
        sinks=said.get("s_aux"),
    )


def _own(now: Reading, query: Tensor, key: Tensor, value: Tensor, rule: Rule) -> Part:
    """Each run's tokens over those before them in the run."""
    shape = (*query.shape[:3], value.shape[-1])
    # Laid out as the model wants it back: tokens first, then heads.
    out = query.new_empty(shape[0], shape[2], shape[1], shape[3]).transpose(1, 2)
    seen = Part(out, query.new_empty(shape[:3], dtype=torch.float32))
    for node in now.tree.nodes:
        if rule.window is not None and node.stop - node.start > rule.window:
            _fill_windowed(seen, query, (key, value), node, rule)
            continue
        own = slice(node.start, node.stop)
        part = attend(query[:, :, own], key[:, :, own], value[:, :, own], rule, causal=True)
        seen.out[:, :, own], seen.lse[:, :, own] = part.out, part.lse
    return seen


def _fill_windowed(
    seen: Part, query: Tensor, pair: tuple[Tensor, Tensor], node: Node, rule: Rule
) -> None:
    """A run longer than the window, in blocks: never more keys than window and block."""
    key, value = pair
    window = rule.window or 0
    for start in range(node.start, node.stop, _BLOCK):
        stop = min(start + _BLOCK, node.stop)
        first = max(node.start, start - window + 1)
        places = torch.arange(start, stop, device=query.device)[:, None]
        behind = places - torch.arange(first, stop, device=query.device)
        part = attend(
            query[:, :, start:stop],
            key[:, :, first:stop],
            value[:, :, first:stop],
            rule,
            mask=(behind >= 0) & (behind < window),
        )
        seen.out[:, :, start:stop], seen.lse[:, :, start:stop] = part.out, part.lse


def _add(
    now: Reading,
    seen: Part,
    query: Tensor,
    pair: tuple[Tensor, Tensor],
    span: Span,
    rule: Rule,
) -> None:
    """What the tokens below a run see of it."""
    key, value = (part[:, :, span.first : span.last] for part in pair)
    depths = now.tree.depths
    keys = (depths[span.first], depths[span.last - 1] + 1)
    _merge(seen, query, (key, value), (span.start, span.stop), keys, depths, rule)


def _add_before(
    now: Reading, seen: Part, query: Tensor, pair: tuple[Tensor, Tensor], rule: Rule
) -> None:
    """What all tokens see of what was read before the tree."""
    keys = (-now.length, 0)
    depths = now.tree.depths
    if rule.window is None:
        seen.merge(0, len(depths), attend(query, *pair, rule))
        return
    for start in range(0, len(depths), _BLOCK):
        stop = min(start + _BLOCK, len(depths))
        _merge(seen, query, pair, (start, stop), keys, depths, rule)


def _merge(
    seen: Part,
    query: Tensor,
    pair: tuple[Tensor, Tensor],
    queries: tuple[int, int],
    keys: tuple[int, int],
    depths: list[int],
    rule: Rule,
) -> None:
    """Add to `queries` what they see of keys that stand `keys` deep, by the window's rule."""
    start, stop = queries
    key, value = pair
    mask = None
    if rule.window is not None:
        places = depths[start:stop]
        oldest = max(keys[0], min(places) - rule.window + 1)
        if oldest >= keys[1]:
            return
        key, value = key[:, :, oldest - keys[0] :], value[:, :, oldest - keys[0] :]
        if max(places) - oldest >= rule.window:
            deep = torch.tensor(places, device=query.device)[:, None]
            mask = deep - torch.arange(oldest, keys[1], device=query.device) < rule.window
    seen.merge(start, stop, attend(query[:, :, start:stop], key, value, rule, mask=mask))


def _no_mask(*_: object, **__: object) -> None:
    """The tree says what is seen; transformers need not build masks."""


AttentionInterface.register(NAME, look)
AttentionMaskInterface.register(NAME, _no_mask)
