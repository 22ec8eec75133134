"""More families than `tiny` has: what is special in each is why it is here."""

from engines.tiny import COMMON, CONTEXT, Tiny

_HEADS = {"head_dim": 8}
_EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 24}

FAMILIES = {
    # Positions that are learned, with an offset.
    "opt": Tiny(
        config="OPTConfig",
        fields=COMMON | {"ffn_dim": 48, "word_embed_proj_dim": 32, "init_std": 0.3},
    ),
    "gpt-neo": Tiny(
        config="GPTNeoConfig",
        fields={
            "hidden_size": 32,
            "num_layers": 2,
            "num_heads": 4,
            "intermediate_size": 48,
            "attention_types": [[["global", "local"], 1]],
            "window_size": 12,
            "max_position_embeddings": CONTEXT,
            "initializer_range": 0.3,
        },
    ),
    "gpt-j": Tiny(
        config="GPTJConfig",
        fields={
            "n_embd": 32,
            "n_layer": 2,
            "n_head": 4,
            "rotary_dim": 4,
            "n_positions": CONTEXT,
            "initializer_range": 0.3,
        },
    ),
    # ALiBi from the mask, and from the columns.
    "bloom": Tiny(
        config="BloomConfig",
        fields={"hidden_size": 32, "n_layer": 2, "n_head": 4, "initializer_range": 0.3},
    ),
    "mpt": Tiny(
        config="MptConfig",
        fields={
            "d_model": 32,
            "n_layers": 2,
            "n_heads": 4,
            "max_seq_len": CONTEXT,
            "initializer_range": 0.3,
        },
    ),
    "phi": Tiny(config="PhiConfig", fields=COMMON),
    "phi-3": Tiny(config="Phi3Config", fields=COMMON | {"sliding_window": 12}),
    # Keys that change once a text passes 40 tokens.
    "phi-3-longrope": Tiny(
        config="Phi3Config",
        fields=COMMON
        | {
            "original_max_position_embeddings": 40,
            "rope_parameters": {
                "rope_type": "longrope",
                "rope_theta": 10_000.0,
                "short_factor": [1.0] * 4,
                "long_factor": [2.0, 3.0, 4.0, 5.0],
                "original_max_position_embeddings": 40,
            },
        },
    ),
    "gemma": Tiny(config="GemmaConfig", fields=COMMON | _HEADS),
    # Logits and attention are capped.
    "gemma-2": Tiny(
        config="Gemma2Config",
        fields=COMMON | _HEADS | {"sliding_window": 12, "query_pre_attn_scalar": 8},
    ),
    "qwen-2": Tiny(
        config="Qwen2Config",
        fields=COMMON | {"use_sliding_window": True, "sliding_window": 12, "max_window_layers": 1},
    ),
    "qwen-2-moe": Tiny(
        config="Qwen2MoeConfig",
        fields=COMMON | _EXPERTS | {"shared_expert_intermediate_size": 24},
    ),
    "olmo-e": Tiny(config="OlmoeConfig", fields=COMMON | _EXPERTS),
    "stablelm": Tiny(config="StableLmConfig", fields=COMMON),
    "starcoder-2": Tiny(config="Starcoder2Config", fields=COMMON | {"sliding_window": 12}),
    "cohere": Tiny(config="CohereConfig", fields=COMMON),
    # Windows and layers without positions in turn.
    "cohere-2": Tiny(config="Cohere2Config", fields=COMMON | {"sliding_window": 12}),
    "granite": Tiny(config="GraniteConfig", fields=COMMON),
    "smollm-3": Tiny(config="SmolLM3Config", fields=COMMON),
    # Attention sinks.
    "gpt-oss": Tiny(
        config="GptOssConfig",
        fields=COMMON
        | _HEADS
        | {"sliding_window": 12, "num_local_experts": 4, "num_experts_per_tok": 2},
    ),
    # Keys and values of unlike sizes, from a latent.
    "deepseek-3": Tiny(
        config="DeepseekV3Config",
        fields=COMMON
        | {
            "kv_lora_rank": 8,
            "q_lora_rank": 8,
            "qk_rope_head_dim": 4,
            "qk_nope_head_dim": 8,
            "v_head_dim": 6,
            "n_routed_experts": 4,
            "num_experts_per_tok": 2,
            "n_group": 1,
            "topk_group": 1,
            "first_k_dense_replace": 1,
            "moe_intermediate_size": 24,
            "num_key_value_heads": 4,
        },
    ),
    # Attention within chunks.
    "llama-4": Tiny(
        config="Llama4TextConfig",
        fields=COMMON
        | _HEADS
        | {
            "attention_chunk_size": 12,
            "num_local_experts": 2,
            "intermediate_size_mlp": 48,
            "layer_types": ["chunked_attention", "full_attention"],
        },
    ),
    # State-space, linear and hybrid ones.
    "mamba-2": Tiny(
        config="Mamba2Config",
        fields={
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "state_size": 8,
            "num_heads": 8,
            "head_dim": 8,
            "n_groups": 1,
            "initializer_range": 0.3,
        },
    ),
    "qwen-3-next": Tiny(
        config="Qwen3NextConfig",
        fields=COMMON
        | _HEADS
        | _EXPERTS
        | {
            "layer_types": ["linear_attention", "full_attention"],
            "linear_key_head_dim": 8,
            "linear_value_head_dim": 8,
            "linear_num_key_heads": 2,
            "linear_num_value_heads": 4,
            "shared_expert_intermediate_size": 24,
        },
    ),
    "lfm-2": Tiny(config="Lfm2Config", fields=COMMON | {"layer_types": ["conv", "full_attention"]}),
}
