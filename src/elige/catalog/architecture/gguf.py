"""Reads the architecture of a GGUF file: its keys under the names that configurations have.

The keys are those of ggml's gguf.md and llama.cpp's constants.
"""

from typing import Any  # configurations are JSON

from elige.catalog.architecture.read import read_architecture
from elige.catalog.architecture.record import Architecture
from elige.catalog.architecture.stored import with_survey
from elige.loader.survey import Survey

# llama.cpp's names of architectures that differ from transformers'.
_FAMILIES = {
    "chatglm": "chatglm", "command-r": "cohere", "deepseek": "deepseek",
    "deepseek2": "deepseek_v2", "ernie4_5-moe": "ernie4_5_moe", "exaone": "exaone",
    "falcon-h1": "falcon_h1", "gemma3": "gemma3_text", "gemma3n": "gemma3n_text",
    "gemma4": "gemma4_text", "glm4moe": "glm4_moe", "gpt-oss": "gpt_oss", "gptneox": "gpt_neox",
    "granitehybrid": "granitemoehybrid", "granitemoe": "granitemoe",
    "hunyuan-dense": "hunyuan_v1_dense", "hunyuan-moe": "hunyuan_v1_moe", "lfm2moe": "lfm2_moe",
    "llama4": "llama4_text", "minicpm3": "minicpm3", "minimax-m2": "minimax_m2",
    "nemotron_h_moe": "nemotron_h", "bailingmoe": "bailing_moe", "bailingmoe2": "bailing_moe",
    "deepseek4": "deepseek_v4",
    "dream": "qwen2", "glm-dsa": "glm_moe_dsa", "grok": "grok-1", "llada": "llama",
    "mistral3": "mistral", "starcoder": "gpt_bigcode", "step35": "step3p7",
    "phi2": "phi", "qwen2moe": "qwen2_moe",
    "qwen2vl": "qwen2", "qwen35": "qwen3_5_text", "qwen35moe": "qwen3_5_moe_text",
    "qwen3moe": "qwen3_moe", "qwen3next": "qwen3_next", "qwen3vl": "qwen3",
    "qwen3vlmoe": "qwen3_moe", "seed_oss": "seed_oss", "kimi-linear": "kimi_linear",
}  # fmt: skip
_NAMES = {
    "block_count": "num_hidden_layers",
    "embedding_length": "hidden_size",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.key_length": "head_dim",
    "attention.value_length": "v_head_dim",
    "attention.sliding_window": "sliding_window",
    "attention.shared_kv_layers": "num_kv_shared_layers",
    "attention.kv_lora_rank": "kv_lora_rank",
    "attention.q_lora_rank": "q_lora_rank",
    "context_length": "max_position_embeddings",
    "expert_count": "num_experts",
    "expert_used_count": "num_experts_per_tok",
    "expert_feed_forward_length": "moe_intermediate_size",
    "leading_dense_block_count": "first_k_dense_replace",
    "full_attention_interval": "full_attention_interval",
    "ssm.conv_kernel": "mamba_d_conv",
    "ssm.state_size": "mamba_d_state",
    "ssm.group_count": "mamba_n_groups",
    "ssm.inner_size": "mamba_d_ssm",
    "shortconv.l_cache": "conv_L_cache",
    "nextn_predict_layers": "num_nextn_predict_layers",
}
_PER_LAYER = {
    "num_attention_heads": "num_attention_heads_per_layer",
    "num_key_value_heads": "num_key_value_heads_per_layer",
}


def read_gguf(survey: Survey, *, name: str) -> Architecture:
    """The architecture of the surveyed GGUF file, its weights counted in the file itself."""
    return with_survey(read_architecture(config_of(survey), name=name), survey)


def config_of(survey: Survey) -> dict[str, Any]:
    """The file's sizes as a configuration of transformers would give them."""
    kind = survey.architecture
    config: dict[str, Any] = {"model_type": _FAMILIES.get(kind, kind)}
    for key, name in _NAMES.items():
        value = survey.sizes.get(key)
        if isinstance(value, list) and name in _PER_LAYER:
            config[_PER_LAYER[name]] = value
            config[name] = max((item for item in value if isinstance(item, int)), default=0)
        elif value is not None:
            config[name] = value
    config["vocab_size"] = survey.vocabulary or survey.sizes.get("vocab_size")
    config["tie_word_embeddings"] = survey.tied
    _stated(config)
    _hybrid(config)
    _windows(config, survey)
    if "kv_lora_rank" in config:
        _latent(config, survey)
    return config


def _stated(config: dict[str, Any]) -> None:
    """What a header leaves out is not there, whatever files of the family take by default."""
    hidden, heads = config.get("hidden_size"), config.get("num_attention_heads")
    config.setdefault("num_experts", 0)
    if isinstance(hidden, int) and isinstance(heads, int) and heads > 0:
        config.setdefault("head_dim", hidden // heads)


def _hybrid(config: dict[str, Any]) -> None:
    """Layers without KV heads keep a state instead."""
    heads = config.get("num_key_value_heads_per_layer")
    if isinstance(heads, list) and 0 in heads:
        config["layer_types"] = ["full_attention" if kept else "linear" for kept in heads]


def _windows(config: dict[str, Any], survey: Survey) -> None:
    pattern = survey.sizes.get("attention.sliding_window_pattern")
    if isinstance(pattern, int) and not isinstance(pattern, bool):
        config["sliding_window_pattern"] = pattern
    elif isinstance(pattern, list):
        names = ("full_attention", "sliding_attention")
        config["layer_types"] = [names[bool(narrow)] for narrow in pattern]


def _latent(config: dict[str, Any], survey: Survey) -> None:
    """MLA: newer files give the sizes of the one vector under the usual names, others apart."""
    sizes = survey.sizes
    rope = sizes.get("rope.dimension_count", 64)
    whole = sizes.get("attention.key_length_mla", sizes.get("attention.key_length", 192))
    config["qk_rope_head_dim"] = rope
    config["qk_nope_head_dim"] = max(0, whole - rope)
    config["v_head_dim"] = sizes.get("attention.value_length_mla", config.get("v_head_dim"))
    config.pop("head_dim", None)
