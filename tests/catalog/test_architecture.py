"""What is read off configurations; the figures are those of the models' own weights."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.architecture import Architecture, Attention, read_architecture
from elige.catalog.architecture.feedforward import is_sparse
from elige.catalog.architecture.keys import Keys
from elige.errors import BadInput

LLAMA_2 = {
    "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008,
    "num_hidden_layers": 32, "num_attention_heads": 32, "vocab_size": 32000,
    "max_position_embeddings": 4096, "torch_dtype": "float32", "tie_word_embeddings": False,
}  # fmt: skip
FALCON_7B = {
    "model_type": "RefinedWebModel", "hidden_size": 4544, "n_layer": 32, "n_head": 71,
    "vocab_size": 65024, "multi_query": True, "parallel_attn": True, "bias": False,
}  # fmt: skip
FALCON_40B = {
    "model_type": "falcon", "hidden_size": 8192, "num_hidden_layers": 60,
    "num_attention_heads": 128, "num_kv_heads": 8, "new_decoder_architecture": True,
    "vocab_size": 65024, "multi_query": True, "parallel_attn": True, "bias": False,
}  # fmt: skip
DEEPSEEK_V3 = {
    "model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432,
    "moe_intermediate_size": 2048, "num_hidden_layers": 61, "num_attention_heads": 128,
    "num_key_value_heads": 128, "n_routed_experts": 256, "n_shared_experts": 1,
    "num_experts_per_tok": 8, "first_k_dense_replace": 3, "moe_layer_freq": 1,
    "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
    "v_head_dim": 128, "vocab_size": 129280, "max_position_embeddings": 163840,
    "num_nextn_predict_layers": 1, "tie_word_embeddings": False,
    "rope_scaling": {"type": "yarn", "factor": 40, "original_max_position_embeddings": 4096},
}  # fmt: skip
MISTRAL = {
    "model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "vocab_size": 32000, "max_position_embeddings": 32768, "sliding_window": 4096,
}  # fmt: skip
GPT_2 = {
    "model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024,
    "vocab_size": 50257,
}  # fmt: skip
MIXTRAL = {
    **MISTRAL, "model_type": "mixtral", "sliding_window": None, "num_local_experts": 8,
    "num_experts_per_tok": 2,
}  # fmt: skip
# Google's file of Gemma 3 4B states no heads and no vocabulary of its text part.
GEMMA_3_4B = {
    "model_type": "gemma3",
    "text_config": {
        "model_type": "gemma3_text", "hidden_size": 2560, "intermediate_size": 10240,
        "num_hidden_layers": 34, "sliding_window": 1024,
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
    },
    "vision_config": {
        "model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304,
        "num_hidden_layers": 27, "num_attention_heads": 16, "image_size": 896, "patch_size": 14,
        "vision_use_head": False,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("config", "parameters", "kv_bytes"),
    [
        pytest.param(LLAMA_2, 6_738_415_616, 524_288, id="Llama 2 7B"),
        pytest.param(FALCON_7B, 6_921_720_704, 8_192, id="Falcon 7B, its first file"),
        pytest.param(FALCON_40B, 41_303_293_952, 122_880, id="Falcon 40B"),
        pytest.param(DEEPSEEK_V3, 671_026_404_352, 70_272, id="DeepSeek V3"),
        pytest.param(MISTRAL, 7_241_732_096, 131_072, id="Mistral 7B"),
        pytest.param(MIXTRAL, 46_702_792_704, 131_072, id="Mixtral 8x7B"),
        pytest.param(GPT_2, 124_439_808, 36_864, id="GPT-2"),
        pytest.param(GEMMA_3_4B, 4_300_079_472, 139_264, id="Gemma 3 4B, mostly defaults"),
    ],
)
def test_weights_and_cache_of_known_models(
    config: dict[str, Any], parameters: int, kv_bytes: int
) -> None:
    found = read_architecture(config)
    assert (found.parameters, found.kv_bytes_per_token) == (parameters, kv_bytes)


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        pytest.param(LLAMA_2, Attention.MHA, id="Llama 2 7B"),
        pytest.param(MISTRAL, Attention.GQA, id="Mistral"),
        pytest.param(FALCON_7B, Attention.MQA, id="Falcon 7B"),
        pytest.param(DEEPSEEK_V3, Attention.MLA, id="DeepSeek V3"),
    ],
)
def test_the_kind_of_attention(config: dict[str, Any], kind: Attention) -> None:
    found = read_architecture(config)
    assert found.attention is kind
    assert {layer.attention for layer in found.layers} == {kind}


def test_falcon_7b_keeps_one_head_whatever_its_file_says() -> None:
    found = read_architecture({**FALCON_7B, "model_type": "falcon", "num_kv_heads": 71})
    assert {layer.kv_heads for layer in found.layers} == {1}


def test_falcon_keeps_one_head_where_its_file_says_nothing_and_all_where_it_says_no() -> None:
    silent = {key: value for key, value in FALCON_7B.items() if key != "multi_query"}
    found = read_architecture({**silent, "model_type": "falcon"})
    whole = read_architecture({**FALCON_7B, "model_type": "falcon", "multi_query": False})
    assert {layer.kv_heads for layer in found.layers} == {1}
    assert {layer.kv_heads for layer in whole.layers} == {71}


def test_experts_stand_in_every_second_layer_from_the_second_on() -> None:
    keys = Keys({"num_experts": 60, "decoder_sparse_step": 2, "mlp_only_layers": [3]}, "qwen2_moe")
    assert [layer for layer in range(6) if is_sparse(keys, layer)] == [1, 5]


def test_active_weights_leave_idle_experts_out() -> None:
    found = read_architecture(MIXTRAL)
    assert (found.experts, found.experts_active) == (8, 2)
    assert found.active_parameters == 12_879_925_248  # "12.9B", Mixtral's paper, table 2


def test_the_drafting_layer_is_no_part_of_the_model() -> None:
    found = read_architecture(DEEPSEEK_V3)
    assert found.draft_layers == 1
    assert any("draft" in note for note in found.notes)


def test_windows_stand_in_every_layer_that_has_one() -> None:
    gemma = read_architecture(GEMMA_3_4B)
    assert [at for at, window in enumerate(gemma.windows) if not window] == [5, 11, 17, 23, 29]
    assert set(read_architecture(MISTRAL).windows) == {4096}


def test_the_precision_of_the_weights_does_not_change_the_cache() -> None:
    half = read_architecture({**LLAMA_2, "torch_dtype": "bfloat16"})
    assert half.kv_bytes_per_token == read_architecture(LLAMA_2).kv_bytes_per_token


@pytest.mark.parametrize(
    ("changed", "context", "trained"),
    [
        pytest.param({}, 4096, 4096, id="none"),
        pytest.param({"rope_scaling": {"type": "linear", "factor": 4.0}}, 16384, 4096, id="linear"),
        pytest.param(
            {
                "rope_scaling": {
                    "type": "yarn",
                    "factor": 4.0,
                    "original_max_position_embeddings": 4096,
                }
            },
            16384,
            4096,
            id="yarn",
        ),
        pytest.param(
            {
                "max_position_embeddings": 131072,
                "rope_scaling": {
                    "rope_type": "llama3",
                    "factor": 8.0,
                    "original_max_position_embeddings": 8192,
                },
            },
            131072,
            8192,
            id="llama 3 states the whole",
        ),
    ],
)
def test_context_considers_the_scaling_of_positions(
    changed: dict[str, Any], context: int, trained: int
) -> None:
    found = read_architecture({**LLAMA_2, **changed})
    assert (found.context, found.trained_context) == (context, trained)


def test_of_an_unknown_architecture_the_weights_are_unknown() -> None:
    found = read_architecture({**MISTRAL, "model_type": "quantum_flux"})
    assert found.parameters is None and found.active_parameters is None
    assert found.kv_bytes_per_token == 131_072
    assert any("'quantum_flux' is not known" in note for note in found.notes)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"mamba_d_state": 16}, id="a state space"),
        pytest.param({"kv_lora_rank": 512}, id="a compressed cache"),
        pytest.param({"num_attention_heads": None}, id="no heads"),
        pytest.param({"architectures": ["FluxForSequenceClassification"]}, id="writes nothing"),
    ],
)
def test_of_an_unusual_unknown_architecture_the_cache_is_unknown_too(more: dict[str, Any]) -> None:
    found = read_architecture({**MISTRAL, "model_type": "quantum_flux", **more})
    assert found.kv_bytes_per_token is None
    assert found.notes


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param({"num_hidden_layers": None}, "how many layers", id="no layers"),
        pytest.param({"hidden_size": -4096}, "hidden_size is -4096", id="below zero"),
        pytest.param({"vocab_size": float("nan")}, "vocab_size is nan", id="no number"),
        pytest.param({"vocab_size": float("inf")}, "vocab_size is inf", id="infinite"),
        pytest.param({"hidden_size": 10**30}, "no model is that large", id="huge"),
        pytest.param({"num_hidden_layers": 10**9}, "at most 10,000 layers", id="a billion layers"),
        pytest.param({"hidden_size": "4096"}, "hidden_size is '4096'", id="a text"),
        pytest.param({"num_attention_heads": 2.5}, "num_attention_heads is 2.5", id="a fraction"),
    ],
)
def test_values_that_no_model_has_are_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_architecture({**LLAMA_2, **changed}, name="config.json")


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.integers(10**9, 10**40), st.floats(),
    st.text(max_size=5), st.lists(st.one_of(st.integers(0, 3), st.text(max_size=3)), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip
KNOWN = [LLAMA_2, FALCON_40B, DEEPSEEK_V3, MISTRAL, MIXTRAL, GPT_2, GEMMA_3_4B]
MORE = ["layer_types", "rope_scaling", "compress_ratios", "hybrid_override_pattern", "text_config"]


@given(st.sampled_from(KNOWN), st.data())
def test_nonsense_is_refused_in_words_or_leads_to_sums_of_layers(
    config: dict[str, Any], data: st.DataObject
) -> None:
    names = st.sampled_from([*config, *MORE])
    broken = {**config, **data.draw(st.dictionaries(names, JUNK, min_size=1, max_size=2))}
    try:
        found = read_architecture(broken)
    except BadInput:
        return
    cached = sum(layer.cached for layer in found.layers)
    assert found.kv_values_per_token in {None, cached}
    if found.parameters is not None:
        assert 0 <= (found.active_parameters or 0) <= found.parameters


# Counted by transformers 5.23 on the meta device; the caches follow from the papers' sizes.
REAL = {
    "aiconfigurator/Qwen--Qwen3-VL-8B-Instruct_config.json": (8_767_123_696, 147_456),
    "aiconfigurator/Qwen--Qwen3.5-397B-A17B_config.json": (396_802_360_816, 30_720),
    "aiconfigurator/XiaomiMiMo--MiMo-V2-Flash_config.json": (308_778_768_832, 222_720),
    "aiconfigurator/deepseek-ai--DeepSeek-V3.2_config.json": (671_877_929_216, 70_272),
    "aiconfigurator/deepseek-ai--DeepSeek-V4-Flash_config.json": (284_332_230_231, 7_584),
    "aiconfigurator/google--gemma-4-26B-A4B_config.json": (25_805_933_872, 225_280),
    "aiconfigurator/meta-llama--Llama-4-Scout-17B-16E-Instruct_config.json": (
        107_769_861_120,
        196_608,
    ),
    "aiconfigurator/nvidia--Kimi-K2.5-NVFP4_config.json": (1_026_879_353_328, 70_272),
    "aiconfigurator/nvidia--NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4_config.json": (
        120_668_687_360,
        8_192,
    ),
    "aiconfigurator/openai--gpt-oss-20b_config.json": (20_914_757_184, 49_152),
    "mlc_presets/deepseek_v2_lite.config.json": (15_706_484_224, 31_104),
    "mlc_presets/gemma2_9b.config.json": (9_241_705_984, 344_064),
    "mlc_presets/gpt_j.config.json": (6_050_882_784, 458_752),
    "mlc_presets/olmo2_7b.config.json": (7_298_617_344, 524_288),
    "mlc_presets/phi-1_5.config.json": (1_418_270_720, 196_608),
    "mlc_presets/stablelm-2-zephyr-1_6b.config.json": (1_644_515_328, 196_608),
    "mlc_presets/starcoder2.config.json": (7_173_923_840, 65_536),
    "seed/falcon-7b-instruct.config.json": (6_921_720_704, 8_192),
}


@pytest.mark.parametrize("name", REAL)
def test_weights_and_cache_of_real_files(name: str, shared_data: Path) -> None:
    found = read(shared_data / "configs" / name)
    assert (found.parameters, found.kv_bytes_per_token) == REAL[name]


def test_every_real_file_is_of_a_known_architecture(shared_data: Path) -> None:
    files = sorted((shared_data / "configs").rglob("*config.json"))
    unknown = [path.name for path in files if read(path).parameters is None]
    assert len(files) > 70 and unknown == []


def read(path: Path) -> Architecture:
    return read_architecture(json.loads(path.read_text("utf-8")), name=path.name)
