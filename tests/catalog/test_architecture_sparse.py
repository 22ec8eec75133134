"""Caches and weights that differ from a key and a value for each token and layer."""

from typing import Any

import pytest
import torch
import transformers

from elige.catalog.architecture import read_architecture

TELECHAT = {
    "model_type": "telechat", "hidden_size": 4096, "n_head": 32, "n_layer": 30, "n_inner": None,
    "vocab_size": 160256, "ffn_hidden_size": 12288, "seq_length": 8192,
}  # fmt: skip
APART = {"tie_word_embeddings": False}
LARGE = {
    **APART, "hidden_size": 8192, "n_head": 64, "num_key_value_heads": 8, "n_layer": 96,
    "vocab_size": 131072, "ffn_hidden_size": 40960,
}  # fmt: skip
V4: dict[str, Any] = {
    "vocab_size": 100, "hidden_size": 64, "moe_intermediate_size": 32, "num_hidden_layers": 4,
    "num_attention_heads": 4, "head_dim": 16, "q_lora_rank": 16, "num_experts_per_tok": 2,
    "n_routed_experts": 4, "sliding_window": 8, "o_groups": 2, "o_lora_rank": 8,
    "index_n_heads": 2, "index_head_dim": 8, "index_topk": 4, "hc_mult": 2, "pad_token_id": 0,
    "bos_token_id": 1, "eos_token_id": 2, "partial_rotary_factor": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "weights", "each"),
    [
        pytest.param({}, 7_200_018_432, 491_520, id="7B"),
        pytest.param(
            {**APART, "hidden_size": 5120, "n_layer": 38, "vocab_size": 120000}, 12_386_432_000,
            778_240, id="12B",
        ),
        pytest.param(LARGE, 113_282_916_352, 393_216, id="115B"),
    ],
)  # fmt: skip
def test_telechat_weighs_what_its_index_says(
    changed: dict[str, Any], weights: int, each: int
) -> None:
    found = read_architecture(TELECHAT | changed)
    assert (found.parameters, found.kv_bytes_per_token) == (weights, each)


def grown(model: Any, tokens: int) -> list[int]:  # noqa: ANN401 - a class of theirs
    """Values that each layer keeps beyond its window."""
    with torch.inference_mode():
        cache = model(torch.ones(1, tokens, dtype=torch.long), use_cache=True).past_key_values
    return [
        sum(one.numel() for one in layer.compressed_kv.values() if one is not None)
        for layer in cache.layers
    ]


@pytest.mark.parametrize("rates", [(4, 16), (2, 8)], ids=["usual", "others"])
def test_deepseek_v4_keeps_a_share_of_each_token(rates: tuple[int, int]) -> None:
    names = ("compressed_sparse_attention", "heavily_compressed_attention")
    config = transformers.DeepseekV4Config(
        **V4, compress_rates=dict(zip(names, rates, strict=True))
    )
    auto: Any = transformers.AutoModelForCausalLM
    model = auto.from_config(config).eval()
    found = read_architecture(config.to_dict())
    more = [b - a for a, b in zip(grown(model, 32), grown(model, 64), strict=True)]
    assert [32 * (layer.cached + layer.indexed) for layer in found.layers] == more
    assert found.parameters == sum(weight.numel() for weight in model.parameters())
