"""The values of a configuration under any of their usual names, each checked at the door."""

from collections.abc import Iterator, Mapping
from typing import Any  # configurations are JSON

from elige.errors import BadInput

LAYERS = (
    *("num_hidden_layers", "n_layer", "n_layers", "num_layers"),
    *("num_decoder_layers", "decoder_layers", "num_transformer_layers"),
)
HIDDEN = ("hidden_size", "n_embd", "n_embed", "d_model", "dim", "model_dim")
HEADS = (
    *("num_attention_heads", "n_head", "n_heads", "num_heads", "attention_heads"),
    *("num_query_heads",),
)
KV_HEADS = (
    "num_key_value_heads",
    "num_kv_heads",
    "n_head_kv",
    "n_kv_heads",
    "kv_n_heads",
    "num_attention_groups",
)
HEAD_DIM = ("head_dim", "kv_channels", "attention_head_dim")
INNER = (
    *("intermediate_size", "ffn_dim", "n_inner", "d_ff", "ffn_hidden_size", "ffn_dim_size"),
    *("mlp_hidden_size", "dim_ff", "ff_intermediate_size", "hidden_dim"),
)
VOCABULARY = ("vocab_size", "padded_vocab_size", "embedding_size")
CONTEXT = (
    *("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len"),
    *("seq_length", "n_ctx", "context_length", "model_max_length", "max_seq_length"),
    *("max_context_length",),
)
EXPERTS = (
    *("num_local_experts", "n_routed_experts", "num_experts", "moe_num_experts"),
    *("num_routed_experts", "n_experts"),
)
EXPERTS_USED = (
    *("num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk"),
    *("moe_k", "moe_top_k", "top_k_experts", "num_selected_experts"),
)
WINDOWS = (
    *("sliding_window", "sliding_window_size", "attention_window_size", "attention_chunk_size"),
    *("window_size", "local_attention"),
)
# Sizes that some files list for each layer (Hunyuan, Gemma 3n, OpenELM).
_LISTED = (
    *(*HEADS, *KV_HEADS, *INNER, *EXPERTS, *EXPERTS_USED, "moe_intermediate_size"),
    *("num_shared_expert", "num_shared_experts", "n_shared_experts"),
)
# No real model comes near; what lies beyond is a slip or an attack on our arithmetic.
_MOST = 10**12
_BEYOND = 10**300  # the most that a float can be asked for
_MOST_LAYERS = 10_000


class Keys:
    """Reads one level of a configuration; `name` says in errors where the values stand."""

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self.values = values
        self.name = name

    def size(self, *names: str, default: int = 0) -> int:
        """The first whole number that stands under one of `names`, else `default`.

        Raises `BadInput` for a number below zero, a fraction, one beyond all sense, or a text.
        """
        for name in names:
            value = self.values.get(name)
            if value is None or value == "auto" or isinstance(value, (list, dict)):
                continue
            return self._whole(name, value)
        return default

    def layers(self) -> int:
        """How many layers there are, 0 when the configuration does not say."""
        count = self.size(*LAYERS)
        if count > _MOST_LAYERS:
            raise self._refused(LAYERS[0], count, f"at most {_MOST_LAYERS:,} layers are believed")
        return count

    def ratio(self, name: str, default: float = 0.0) -> float:
        """The number under `name`, `default` where it is absent; raises `BadInput` for nonsense."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e4:
            raise self._refused(name, value, "a ratio is wanted")
        return float(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """Whether `name` is set; `default` where it is absent or null."""
        value = self.values.get(name)
        return default if value is None else bool(value)

    def text(self, name: str) -> str:
        """The text under `name`, '' for anything else."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def items(self, *names: str) -> list[Any]:
        """The first list that stands under one of `names`, else an empty one."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, list) and value:
                return value
        return []

    def within(self, name: str) -> "Keys":
        """The object under `name`; an empty one where there is none."""
        value = self.values.get(name)
        return Keys(value if isinstance(value, dict) else {}, self.name)

    def has(self, name: str) -> bool:
        """Whether `name` stands there with a value."""
        return self.values.get(name) is not None

    def per_layer(self, name: str, layer: int) -> int:
        """A size that may be one for all layers or a list with one for each; 0 if absent."""
        value = self.values.get(name)
        if isinstance(value, list):
            found = value[layer] if layer < len(value) else 0
            return self._whole(name, found) if found is not None else 0
        return self.size(name)

    def at(self, layer: int) -> "Keys":
        """The values of one layer, where some layers have their own."""
        found = {
            name: self.values[name][layer]
            for name in _LISTED
            if isinstance(self.values.get(name), list)
            and layer < len(self.values[name]) >= self.layers()
        }
        own = self.values.get("per_layer_config")
        for name in (str(layer), f"{layer:02}", f"{layer:03}"):
            if isinstance(own, dict) and isinstance(own.get(name), dict):
                found |= own[name]
        return Keys({**self.values, **found}, self.name) if found else self

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def _whole(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refused(name, value, "a whole number is wanted")
        if isinstance(value, float) and not value.is_integer():
            raise self._refused(name, value, "a whole number is wanted")
        if value < 0:
            raise self._refused(name, value, "it cannot be below zero")
        if value > _MOST:
            raise self._refused(name, f"{float(min(value, _BEYOND)):.3g}", "no model is that large")
        return int(value)

    def _refused(self, name: str, value: object, why: str) -> BadInput:
        shown = repr(value) if isinstance(value, str) and "whole" in why else str(value)
        return BadInput(
            f"{self.name}: {name} is {shown[:40]}; {why}.",
            hint="Compare it with the config.json at the model's source.",
        )
