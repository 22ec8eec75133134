"""Biases and gates that a configuration turns on are counted as transformers builds them."""

from typing import Any

import pytest
import torch
import transformers

from elige.catalog.architecture import read_architecture

SMALL = {
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 200, "pad_token_id": 0,
    "bos_token_id": 1, "eos_token_id": 2, "attention_bias": True,
}  # fmt: skip
EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
ALONE = {
    "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 200, "state_size": 8,
    "use_bias": True, "pad_token_id": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        pytest.param("afmoe", {"num_dense_layers": 4}, id="afmoe"),
        pytest.param("bitnet", {}, id="bitnet"),
        pytest.param("flex_olmo", EXPERTS, id="flex_olmo"),
        pytest.param("helium", {}, id="helium has none on its output"),
        pytest.param("hy_v3", {"mlp_bias": True, "first_k_dense_replace": 4}, id="hy_v3"),
        pytest.param("nanochat", {}, id="nanochat"),
        pytest.param("olmo_hybrid", {}, id="olmo_hybrid"),
        pytest.param("phi", {"qk_layernorm": True}, id="phi norms queries"),
        pytest.param("qwen3_next", {**EXPERTS, "shared_expert_intermediate_size": 32}, id="gate"),
        pytest.param("vaultgemma", {}, id="vaultgemma"),
        pytest.param("ernie4_5_moe", {"use_bias": True, "moe_layer_start_index": 9}, id="ernie"),
        pytest.param("mamba", ALONE, id="mamba"),
        pytest.param("falcon_mamba", ALONE, id="falcon_mamba"),
    ],
)
def test_biases_are_counted_as_they_are_built(kind: str, changed: dict[str, Any]) -> None:
    fields = changed if changed is ALONE else SMALL | changed
    config = transformers.CONFIG_MAPPING[kind](**fields)
    auto: Any = transformers.AutoModelForCausalLM
    with torch.device("meta"):
        model = auto.from_config(config)
    found = read_architecture(config.to_dict())
    assert found.parameters == sum(weight.numel() for weight in model.parameters())
