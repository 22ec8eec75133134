"""In how many bits quantised weights are stored."""

from typing import Any

import pytest

from elige.catalog.architecture import read_architecture
from elige.catalog.architecture.packed import stored_as

PLAIN = {
    "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008, "vocab_size": 32000,
    "num_hidden_layers": 32, "num_attention_heads": 32,
}  # fmt: skip
GPT_OSS_20B = {
    "model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880, "head_dim": 64,
    "num_hidden_layers": 24, "num_attention_heads": 64, "num_key_value_heads": 8,
    "num_local_experts": 32, "num_experts_per_tok": 4, "vocab_size": 201_088,
}  # fmt: skip
INT4 = {"num_bits": 4, "group_size": 128, "type": "int"}


def bits(config: dict[str, Any], method: dict[str, Any]) -> float | None:
    whole = {**config, "quantization_config": method}
    found = stored_as(whole, read_architecture(config), name="config.json")
    return None if found is None else found.bits


@pytest.mark.parametrize(
    ("method", "each"),
    [
        pytest.param({"quant_method": "fp8", "weight_block_size": [128, 128]}, 8, id="fp8"),
        pytest.param({"quant_method": "gptq", "bits": 4, "group_size": 128}, 4.15625, id="gptq"),
        pytest.param({"quant_method": "awq", "bits": 4, "group_size": -1}, 4, id="awq, no groups"),
        pytest.param({"quant_method": "bitsandbytes", "load_in_8bit": True}, 8, id="eight bits"),
        pytest.param({"quant_method": "bitsandbytes", "load_in_4bit": True}, 4.5, id="four bits"),
        pytest.param(
            {"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": INT4}}},
            4.125,
            id="compressed-tensors",
        ),
        pytest.param({"quant_method": "modelopt", "quant_algo": "NVFP4"}, 4.5, id="nvfp4"),
    ],
)
def test_tables_and_head_stay_in_16_bits(method: dict[str, Any], each: float) -> None:
    whole, tables = 6_738_415_616, 2 * 32000 * 4096
    mean = (each * (whole - tables) + 16 * tables) / whole
    assert bits(PLAIN, method) == pytest.approx(mean, abs=1e-4)


def test_of_gpt_oss_only_the_experts_are_packed() -> None:
    method = {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn"]}
    found = bits(GPT_OSS_20B, method)
    assert found is not None
    # The files of openai/gpt-oss-20b take 13.76 GB.
    assert found / 8 * 20_914_757_184 == pytest.approx(13.76e9, rel=0.01)


@pytest.mark.parametrize(
    "method",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"quant_method": "novel"}, id="a method that is not known"),
        pytest.param({"quant_method": "gptq"}, id="no bits"),
    ],
)
def test_what_is_not_told_is_unknown(method: dict[str, Any]) -> None:
    assert bits(PLAIN, method) is None
