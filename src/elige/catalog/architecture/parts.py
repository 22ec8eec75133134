"""What a layer is put together from: a part that mixes tokens and one that works on each alone."""

from collections.abc import Callable
from dataclasses import dataclass

from elige.catalog.architecture.family import Family
from elige.catalog.architecture.keys import HEAD_DIM, HEADS, HIDDEN, Keys
from elige.catalog.architecture.record import Attention


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A layer's place: its number, what the pattern says it is, and its window (0 for none).

    `borrows` is true where it reads the keys and values of an earlier layer.
    """

    number: int
    kind: str = "full_attention"
    window: int = 0
    borrows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixer:
    """Counts weights, and values kept for a token and for a sequence."""

    attention: Attention
    parameters: int
    heads: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    cached: int = 0
    indexed: int = 0
    state: int = 0
    window: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed-forward part; `idle` are the weights of experts that a token leaves alone."""

    parameters: int
    idle: int = 0
    experts: int = 0
    used: int = 0


Work = Callable[[Keys, Family, Spot], Feed]

# A layer that looks at a picture instead of at the text.
CROSS = "cross_attention"
NO_FEED = Feed(parameters=0)


def linear(inputs: int, outputs: int, bias: bool = False) -> int:
    """Weights of a matrix product."""
    return inputs * outputs + (outputs if bias else 0)


def hidden_of(keys: Keys) -> int:
    """Width of the stream between layers."""
    return keys.size(*HIDDEN)


def heads_of(keys: Keys) -> int:
    """Number of query heads."""
    return keys.size(*HEADS)


def head_dim_of(keys: Keys) -> int:
    """Width of a head."""
    heads = heads_of(keys)
    return keys.size(*HEAD_DIM) or (hidden_of(keys) // heads if heads else 0)


def kind_of(heads: int, kv_heads: int) -> Attention:
    """MHA, GQA or MQA."""
    if kv_heads == 1 < heads:
        return Attention.MQA
    return Attention.MHA if kv_heads >= heads else Attention.GQA
