"""The sizes that memory is reckoned with, from the configurations of models at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from elige.catalog.architecture.sizes import sizes_at_hand
from elige.loader.local import LocalModel

LLAMA_7B = {
    "model_type": "llama",
    "num_hidden_layers": 32,
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_attention_heads": 32,
    "vocab_size": 32000,
}
DEEPSEEK = {
    "model_type": "deepseek_v3", "num_hidden_layers": 61, "hidden_size": 7168,
    "intermediate_size": 18432, "moe_intermediate_size": 2048, "num_attention_heads": 128,
    "num_key_value_heads": 128, "vocab_size": 129280, "kv_lora_rank": 512, "q_lora_rank": 1536,
    "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128, "n_routed_experts": 256,
    "num_experts_per_tok": 8, "n_shared_experts": 1, "first_k_dense_replace": 3,
}  # fmt: skip


def at_hand(config: dict[str, Any], parameters: int | None = 7 * 10**9) -> LocalModel:
    return LocalModel(
        weights="", tokenizer="", template="", context_length=None, parameters=parameters,
        stored_bytes=0, half=False, config=config, folder=Path,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("config", "values"),
    [
        pytest.param(LLAMA_7B, 262_144, id="Llama 2 7B, 512 KiB a token in bf16"),
        pytest.param({**LLAMA_7B, "num_key_value_heads": 8}, 65_536, id="grouped heads"),
        pytest.param({"text_config": LLAMA_7B, "hidden_size": 1}, 262_144, id="its text part"),
        pytest.param(DEEPSEEK, 35_136, id="one compressed vector, 70,272 bytes a token"),
    ],
)
def test_what_is_kept_of_a_token(config: dict[str, Any], values: int) -> None:
    found = sizes_at_hand(at_hand(config))
    assert sum(layer.token for layer in found.layers) == values
    assert found.parameters == 7 * 10**9


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({}, id="empty"),
        pytest.param({"hidden_size": -8, "num_hidden_layers": 2}, id="nonsense"),
        pytest.param({"model_type": "never_seen", "num_hidden_layers": 9}, id="unknown"),
    ],
)
def test_of_what_cannot_be_read_the_weights_count_alone(config: dict[str, Any]) -> None:
    found = sizes_at_hand(at_hand(config))
    assert (found.parameters, found.layers) == (7 * 10**9, ())
    assert sizes_at_hand(at_hand(config, None)).parameters == 0


def test_real_configs_are_read(shared_data: Path) -> None:
    paths = sorted((shared_data / "configs" / "aiconfigurator").rglob("*config.json"))
    paths += sorted((shared_data / "configs" / "seed").rglob("*.json"))
    found = [sizes_at_hand(at_hand(json.loads(path.read_text("utf-8")))) for path in paths]
    assert sum(bool(one.layers) for one in found) >= 0.8 * len(found) > 0
