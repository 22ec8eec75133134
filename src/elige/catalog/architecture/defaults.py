"""What configurations nested in others leave out: the sizes that transformers 5.23 then takes."""

from typing import Any  # configurations are JSON

_NAMES = (
    *("num_hidden_layers", "hidden_size", "intermediate_size", "num_attention_heads"),
    *("num_key_value_heads", "head_dim", "vocab_size", "max_position_embeddings"),
    "sliding_window",
)
_SIZES: dict[str, tuple[int | None, ...]] = {
    "gemma": (28, 3072, 24576, 16, 16, 256, 256_000, 8192, None),
    "gemma2": (26, 2304, 9216, 8, 4, 256, 256_000, 8192, 4096),
    "gemma3_text": (26, 2304, 9216, 8, 4, 256, 262_208, 131_072, 4096),
    "gemma3n_text": (35, 2048, 16384, 8, 2, 256, 262_400, 32_768, 512),
    "llama": (32, 4096, 11008, 32, None, None, 32_000, 2048, None),
    "llama4_text": (48, 5120, 8192, 40, 8, 128, 202_048, 131_072, None),
    "mistral": (32, 4096, 14336, 32, 8, 128, 32_000, 131_072, 4096),
    "mixtral": (32, 4096, 14336, 32, 8, None, 32_000, 131_072, None),
    "opt": (12, 768, 3072, 12, None, None, 50_272, 2048, None),
    "phi3": (32, 3072, 8192, 32, None, None, 32_064, 4096, None),
    "qwen2": (32, 4096, 22016, 32, 32, None, 151_936, 32_768, None),
    "qwen3": (32, 4096, 22016, 32, 32, 128, 151_936, 32_768, None),
}

_MORE: dict[str, dict[str, Any]] = {
    "gemma3n_text": {
        "hidden_size_per_layer_input": 256,
        "vocab_size_per_layer_input": 262_144,
        "num_kv_shared_layers": 15,
    }
}


def defaults_of(family: str) -> dict[str, Any]:
    """The sizes of `family` that stand where its configuration has none; empty if not known."""
    sizes = _SIZES.get(family, ())
    found = {name: size for name, size in zip(_NAMES, sizes, strict=False) if size is not None}
    return found | _MORE.get(family, {})
