"""What a model is built of, as far as memory and speed go."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

VALUE_BYTES = 2  # bf16 and fp16, in which caches are usually kept


class Attention(StrEnum):
    """How a layer looks at the tokens before it.

    MHA keeps a key and a value for each head, GQA for each group of heads, MQA for all heads
    together; MLA keeps one compressed vector. `LINEAR` layers (state spaces, linear attention,
    convolutions) keep a state of fixed size, `HYBRID` is both in one layer or one model.
    """

    MHA = "MHA"
    GQA = "GQA"
    MQA = "MQA"
    MLA = "MLA"
    LINEAR = "linear"
    HYBRID = "hybrid"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer. `window` is how many tokens it looks back at most, 0 for all of them.

    For each token it keeps `cached` values of keys and values, and `indexed` values more where it
    searches for what to look at. For each sequence it keeps `state` values. `norms` counts those
    it has, of queries and keys too. `parameters` is None where the architecture does not tell,
    `idle` counts those of the experts that a token leaves alone.
    """

    attention: Attention
    heads: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    window: int = 0
    cached: int = 0
    indexed: int = 0
    state: int = 0
    norms: int = 0
    parameters: int | None = None
    idle: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """The sizes of a model. None is unknown, never none.

    `parameters` counts every weight of the model proper; layers that only draft tokens ahead
    (multi-token prediction) are apart in `draft_layers`. `table` counts the weights that are looked
    up, not multiplied: a token reads one row of them. `partial` is true where the weights of a part
    that sees or hears are missing in the sums. `notes` say what was assumed or left out.
    """

    name: str
    layers: tuple[Layer, ...]
    hidden: int | None = None
    inner: int | None = None
    vocabulary: int | None = None
    context: int | None = None
    trained_context: int | None = None
    rope_scaling: str = ""
    tied: bool | None = None
    experts: int | None = None
    experts_active: int | None = None
    parameters: int | None = None
    active_parameters: int | None = None
    table: int = 0
    draft_layers: int = 0
    cache_known: bool = True
    partial: bool = False
    notes: tuple[str, ...] = ()

    @property
    def attention(self) -> Attention:
        """The kind of all layers that look back; hybrid where some do so in a linear way."""
        kinds = Counter(layer.attention for layer in self.layers)
        del kinds[Attention.NONE]
        if not kinds:
            return Attention.NONE
        if len(kinds) > 1 and (Attention.LINEAR in kinds or Attention.HYBRID in kinds):
            return Attention.HYBRID
        return kinds.most_common(1)[0][0]

    @property
    def kv_values_per_token(self) -> int | None:
        """Values of keys and values kept of a token, each layer counted as if it had no window."""
        return sum(layer.cached for layer in self.layers) if self.cache_known else None

    @property
    def kv_bytes_per_token(self) -> int | None:
        """The same in bytes at two bytes a value, whatever the weights are kept in."""
        values = self.kv_values_per_token
        return None if values is None else values * VALUE_BYTES

    @property
    def windows(self) -> tuple[int, ...]:
        """The window of each layer, 0 for none."""
        return tuple(layer.window for layer in self.layers)
