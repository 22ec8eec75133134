"""What a model needs of memory: an estimate from its configuration, before anything is loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any  # configurations are JSON

from elige.errors import DoesNotFit
from elige.records import Fact, FactKind
from elige.text import human_bytes

BYTES_PER_VALUE = {"fp32": 4, "bf16": 2, "fp16": 2}
# Python with torch and transformers imported, before any weight: 0.45 GB measured on Linux, CPU.
RUNTIME_BYTES = 500_000_000
# Live copies of a token's hidden state in one layer: input, residual, norm, q, k, v, output.
_HIDDEN_COPIES = 8
FORMULA = "weights + keys and values + activations + logits + runtime"

_LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
_HIDDEN = ("hidden_size", "n_embd", "d_model", "dim")
_HEADS = ("num_attention_heads", "n_head", "n_heads")
_KV_HEADS = ("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num")
_INNER = ("intermediate_size", "ffn_dim", "n_inner", "d_ff", "ffn_hidden_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a decoder that decide its memory.

    `layers` are those that keep keys and values; `window` bounds `windowed` of them.
    """

    layers: int
    hidden: int
    inner: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    window: int = 0
    windowed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeed:
    """Bytes, by what they hold; `mapped` are the files of the weights while they are open."""

    weights: int
    cache: int
    activations: int
    logits: int
    runtime: int = RUNTIME_BYTES
    mapped: int = 0

    @property
    def total(self) -> int:
        """All that has to be there; what is `mapped` can be read again and is not part of it."""
        return self.weights + self.cache + self.activations + self.logits + self.runtime

    @property
    def peak(self) -> int:
        """The most that the process holds, as the system counts it: the mapped files as well."""
        return self.total + self.mapped

    def fact(self) -> Fact:
        """The total in bytes, marked as an estimate with its formula."""
        return Fact(value=self.total, kind=FactKind.ESTIMATED, source=FORMULA)


def together(needs: Iterable[MemoryNeed | None]) -> MemoryNeed | None:
    """What several models take that are loaded at once and read one after another; None of none.

    The runtime is there once; activations and logits are those of the largest.
    """
    known = [one for one in needs if one is not None]
    if not known:
        return None
    return MemoryNeed(
        weights=sum(one.weights for one in known),
        cache=sum(one.cache for one in known),
        activations=max(one.activations for one in known),
        logits=max(one.logits for one in known),
        runtime=max(one.runtime for one in known),
    )


def shape_of(config: Mapping[str, Any]) -> Shape | None:
    """The sizes in a `config.json` (of its text part), None when it lacks one of them."""
    inner = config.get("text_config")
    text: Mapping[str, Any] = inner if isinstance(inner, dict) else config
    hidden, heads, layers = _first(text, _HIDDEN), _first(text, _HEADS), _attending(text)
    vocabulary = _first(text, ("vocab_size",)) or _first(config, ("vocab_size",))
    if not (layers and hidden and heads and vocabulary):
        return None
    windowed, window = _windows(text, layers)
    return Shape(
        layers=layers,
        hidden=hidden,
        inner=_first(text, _INNER) or 4 * hidden,
        kv_heads=_kv_heads(text, heads),
        head_dim=_first(text, ("head_dim",)) or hidden // heads,
        vocabulary=vocabulary,
        window=window,
        windowed=windowed,
    )


def kv_cache_bytes(shape: Shape, *, context: int, bytes_per_value: int = 2) -> int:
    """Bytes of keys and values for one sequence of `context` tokens.

    Each layer keeps one key and one value of `head_dim` for each KV head and token, hence the
    factor 2; a layer with a sliding window keeps no more tokens than that.
    """
    inside = min(context, shape.window) if shape.windowed else 0
    tokens = (shape.layers - shape.windowed) * context + shape.windowed * inside
    return 2 * tokens * shape.kv_heads * shape.head_dim * bytes_per_value


def memory_need(
    shape: Shape | None,
    *,
    parameters: int,
    precision: str,
    context: int = 2048,
    sequences: int = 1,
) -> MemoryNeed:
    """Peak memory of `sequences` questions of `context` tokens at once, as an estimate.

    Weights are parameters x bytes. Activations are those of one layer, the rest are freed:
    tokens x (8 x hidden + 3 x inner) values. Logits are one row of fp32 for each sequence.
    Without a shape only weights and runtime are counted.
    """
    size = BYTES_PER_VALUE.get(precision, 4)
    weights = parameters * size
    if shape is None:
        return MemoryNeed(weights=weights, cache=0, activations=0, logits=0)
    tokens = context * sequences
    return MemoryNeed(
        weights=weights,
        cache=sequences * kv_cache_bytes(shape, context=context, bytes_per_value=size),
        activations=activation_bytes(tokens, hidden=shape.hidden, inner=shape.inner, size=size),
        logits=sequences * shape.vocabulary * 4,
    )


def activation_bytes(tokens: int, *, hidden: int, inner: int, size: int) -> int:
    """Bytes of one layer's activations while `tokens` are read; those of the others are freed."""
    return tokens * (_HIDDEN_COPIES * hidden + 3 * inner) * size


def check_fits(name: str, need: MemoryNeed, *, available_bytes: int, limit_bytes: int = 0) -> None:
    """Refuse, with `DoesNotFit`, a model that would need more than is free or was allowed."""
    if limit_bytes and need.total > limit_bytes:
        raise DoesNotFit(
            f"{name} needs about {human_bytes(need.total)} of memory (estimated), "
            f"more than the {human_bytes(limit_bytes)} allowed.",
            hint="Raise --max-memory, or choose a smaller model or dtype=bf16.",
        )
    if need.total > available_bytes:
        raise DoesNotFit(
            f"{name} needs about {human_bytes(need.total)} of memory (estimated), "
            f"but only {human_bytes(available_bytes)} are free.",
            hint="Choose a smaller model or dtype=bf16, or close other programs.",
        )


def _first(config: Mapping[str, Any], names: tuple[str, ...]) -> int:
    for name in names:
        value = config.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return 0


def _attending(config: Mapping[str, Any]) -> int:
    """Layers that keep keys and values; hybrids list what each layer is, not all are attention."""
    for name in ("layer_types", "layers_block_type"):
        kinds = config.get(name)
        if isinstance(kinds, list):
            return sum("attention" in str(kind) and "linear" not in str(kind) for kind in kinds)
    return _first(config, _LAYERS)


def _kv_heads(config: Mapping[str, Any], heads: int) -> int:
    """Number of KV heads; Falcon has one in all in its 7B layout, `num_kv_heads` in 40B's."""
    falcon = config.get("model_type") in {"falcon", "RefinedWeb", "RefinedWebModel"}
    if falcon and not config.get("new_decoder_architecture"):
        return 1 if config.get("multi_query", True) else heads
    if config.get("multi_query") and not falcon:
        return _first(config, ("multi_query_group_num",)) or 1
    return _first(config, _KV_HEADS) or heads


def _windows(config: Mapping[str, Any], layers: int) -> tuple[int, int]:
    """How many layers look at a sliding window, and how wide it is."""
    window = _first(config, ("sliding_window",))
    if not window or config.get("use_sliding_window") is False:
        return 0, 0
    kinds = config.get("layer_types")
    if isinstance(kinds, list):
        return min(layers, kinds.count("sliding_attention")), window
    pattern = _first(config, ("sliding_window_pattern", "_sliding_window_pattern"))
    return (layers - layers // pattern, window) if pattern else (layers, window)
