"""Families whose code lies beside their weights; the figures are those of the weights."""

from typing import Any

import pytest

from elige.catalog.architecture import Attention, read_architecture

OPENELM = {
    "model_type": "openelm", "model_dim": 1280, "head_dim": 64, "num_transformer_layers": 16,
    "vocab_size": 32000, "max_context_length": 2048, "ffn_dim_divisor": 256,
    "ffn_multipliers": [
        0.5, 0.73, 0.97, 1.2, 1.43, 1.67, 1.9, 2.13, 2.37, 2.6, 2.83, 3.07, 3.3, 3.53, 3.77, 4.0
    ],
    "num_kv_heads": [3] * 5 + [4] * 7 + [5] * 4,
    "num_query_heads": [12] * 5 + [16] * 7 + [20] * 4,
    "normalize_qk_projections": True, "share_input_output_layers": True,
}  # fmt: skip
SANTACODER = {
    "model_type": "gpt2", "n_embd": 2048, "n_inner": 8192, "n_layer": 24, "n_head": 16,
    "n_positions": 2048, "vocab_size": 49280, "attention_head_type": "multiquery",
    "architectures": ["GPT2LMHeadCustomModel"],
}  # fmt: skip
GROK_1 = {
    "model_type": "grok-1", "hidden_size": 6144, "intermediate_size": 32768,
    "num_hidden_layers": 64, "num_attention_heads": 48, "num_key_value_heads": 8,
    "vocab_size": 131072, "num_experts": 8, "num_experts_per_tok": 2,
}  # fmt: skip
GROK_2 = {
    "model_type": "git", "architectures": ["Grok1ForCausalLM"], "hidden_size": 8192,
    "intermediate_size": 32768, "moe_intermediate_size": 16384, "num_hidden_layers": 64,
    "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 131072,
    "num_local_experts": 8, "num_experts_per_tok": 2, "residual_moe": True,
}  # fmt: skip
JAIS = {
    "model_type": "jais", "n_embd": 5120, "n_head": 40, "n_inner": 13653, "n_layer": 40,
    "vocab_size": 84992, "activation_function": "swiglu", "position_embedding_type": "alibi",
}  # fmt: skip
CODESHELL = {
    "model_type": "codeshell", "n_embd": 4096, "n_inner": 16384, "n_layer": 42, "n_head": 32,
    "num_query_groups": 8, "n_positions": 8192, "vocab_size": 70144,
}  # fmt: skip
PLAMO_13B = {
    "model_type": "plamo", "hidden_size": 5120, "intermediate_size": 16640, "n_shared_head": 8,
    "num_attention_heads": 40, "num_key_value_heads": 40, "num_hidden_layers": 40,
    "vocab_size": 50432, "tie_word_embeddings": False,
}  # fmt: skip
STABLELM_2_12B = {
    "model_type": "stablelm", "hidden_size": 5120, "intermediate_size": 13824,
    "num_hidden_layers": 40, "num_attention_heads": 32, "num_key_value_heads": 8,
    "vocab_size": 100352, "qk_layernorm": True, "use_parallel_residual": True,
}  # fmt: skip
ERNIE_21B = {
    "model_type": "ernie4_5_moe", "hidden_size": 2560, "intermediate_size": 12288,
    "num_hidden_layers": 28, "num_attention_heads": 20, "num_key_value_heads": 4,
    "vocab_size": 103424, "use_bias": False, "tie_word_embeddings": True,
    "moe_intermediate_size": 1536, "moe_k": 6, "moe_layer_interval": 1,
    "moe_layer_start_index": 1, "moe_layer_end_index": -1, "moe_num_experts": 64,
    "moe_num_shared_experts": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("config", "weights", "kv_bytes"),
    [
        pytest.param(OPENELM, 271_527_168, 16_128, id="OpenELM-270M"),
        pytest.param(SANTACODER, 1_124_886_528, 12_288, id="SantaCoder"),
        pytest.param(GROK_1, 316_490_127_360, 262_144, id="Grok-1"),
        pytest.param(GROK_2, 269_515_497_472, 262_144, id="Grok-2"),
        pytest.param(JAIS, 13_020_811_920, 819_200, id="Jais-13B"),
        pytest.param(CODESHELL, 7_688_048_640, 172_032, id="CodeShell-7B"),
        pytest.param(PLAMO_13B, 13_099_545_600, 102_400, id="PLaMo-13B, not its 40 KV heads"),
        pytest.param(STABLELM_2_12B, 12_143_185_920, 204_800, id="StableLM-2-12B"),
        pytest.param(ERNIE_21B, 21_825_436_160, 57_344, id="Ernie-4.5-21B"),
    ],
)
def test_weights_and_cache(config: dict[str, Any], weights: int, kv_bytes: int) -> None:
    found = read_architecture(config)
    assert (found.parameters, found.kv_bytes_per_token) == (weights, kv_bytes)


def test_one_key_for_all_heads_is_seen_under_another_name() -> None:
    assert read_architecture(SANTACODER).attention is Attention.MQA


def test_the_class_decides_where_the_kind_is_another() -> None:
    assert read_architecture({**GROK_2, "architectures": None}).parameters is None


def test_an_unknown_model_without_attention_has_an_unknown_cache() -> None:
    one = {"model_type": "rwkv7", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 100}
    assert read_architecture(one).kv_values_per_token is None


def test_blocks_that_layers_share_have_few_kv_heads_too() -> None:
    shared = {
        "model_type": "zamba2", "hidden_size": 2048, "intermediate_size": 8192,
        "num_hidden_layers": 2, "num_attention_heads": 32, "num_key_value_heads": 32,
        "attention_head_dim": 128, "vocab_size": 32000, "num_mem_blocks": 1,
        "layers_block_type": ["mamba", "hybrid"],
    }  # fmt: skip
    fewer = read_architecture({**shared, "num_key_value_heads": 16}).parameters
    assert (read_architecture(shared).parameters or 0) - (fewer or 0) == 2 * 4096 * 16 * 128


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param("t5gemma", id="T5Gemma"),
        pytest.param("encoder-decoder", id="BERT to GPT-2"),
    ],
)
def test_of_an_encoder_and_a_decoder_the_decoder_is_read(pair: str) -> None:
    half = {
        "model_type": "gpt2", "n_embd": 64, "n_layer": 3, "n_head": 4, "vocab_size": 100,
        "n_positions": 32,
    }  # fmt: skip
    found = read_architecture(
        {"model_type": pair, "encoder": {**half, "n_layer": 5}, "decoder": half}
    )
    assert (len(found.layers), found.kv_values_per_token) == (3, 3 * 2 * 64)
    assert found.partial
    assert any("encoding" in note for note in found.notes)


@pytest.mark.parametrize(
    ("more", "tied"),
    [
        pytest.param({"transformers_version": "4.50.0"}, False, id="version 4"),
        pytest.param({"transformers_version": "5.2.0"}, True, id="version 5"),
        pytest.param(
            {"transformers_version": "4.50.0", "tie_word_embeddings": True}, True, id="stated"
        ),
    ],
)
def test_a_nested_file_ties_its_head_as_the_version_that_wrote_it(
    more: dict[str, Any], tied: bool
) -> None:
    text = {"model_type": "mistral", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 100}
    found = read_architecture({"model_type": "mistral3", "text_config": text, **more})
    assert found.tied is tied
