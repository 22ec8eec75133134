"""Real models of every architecture, small enough to be built in a test: random weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # transformers' classes, one for each architecture

from elige.records import Candidate, EngineSpec, Identity, ModelRef, RefKind

SENTENCES = (
    "The capital of France is Paris and the capital of Spain is Madrid.",
    "Question: what is the colour of the sky? Answer: blue, of course.",
    "El cielo es azul; la hierba es verde. ¿Qué hora es?",
    "1 + 1 = 2, 2 + 2 = 4, 12 + 30 = 42",
    "naïve café 東京 🙂 <think> </think>",
)
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# Like Gemma's: writes the beginning of text itself and refuses a system role.
WRITES_BOS = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[model]{% endif %}"
)
CONTEXT = 128
COMMON: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": CONTEXT,
    "initializer_range": 0.3,
}
FALCON: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": CONTEXT,
    "initializer_range": 0.3,
    "bias": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiny:
    """How a tiny model is built: its configuration's class and fields, and its tokenizer."""

    config: str
    fields: dict[str, Any]
    adds_bos: bool = False
    template: str = ""


TINY = {
    "llama": Tiny(config="LlamaConfig", fields=COMMON, adds_bos=True, template=CHATML),
    "mistral": Tiny(
        config="MistralConfig",
        fields=COMMON | {"sliding_window": 12},
        adds_bos=True,
        template=WRITES_BOS,
    ),
    "mixtral": Tiny(
        config="MixtralConfig",
        fields=COMMON | {"num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": None},
        adds_bos=True,
    ),
    "falcon-7b": Tiny(
        config="FalconConfig", fields=FALCON | {"multi_query": True, "parallel_attn": True}
    ),
    "falcon-40b": Tiny(
        config="FalconConfig",
        fields=FALCON | {"new_decoder_architecture": True, "num_kv_heads": 2},
    ),
    "falcon-rw": Tiny(
        config="FalconConfig",
        fields=FALCON | {"alibi": True, "multi_query": False, "parallel_attn": False, "bias": True},
    ),
    "olmo-2": Tiny(config="Olmo2Config", fields=COMMON),
    "gemma-3": Tiny(
        config="Gemma3TextConfig",
        fields=COMMON
        | {
            "sliding_window": 12,
            "head_dim": 8,
            "layer_types": ["sliding_attention", "full_attention"],
            "query_pre_attn_scalar": 8,
        },
        adds_bos=True,
        template=WRITES_BOS,
    ),
    "gpt-neox": Tiny(config="GPTNeoXConfig", fields=COMMON | {"num_key_value_heads": 4}),
    "qwen-3": Tiny(config="Qwen3Config", fields=COMMON | {"head_dim": 8}, template=CHATML),
    "gpt-2": Tiny(
        config="GPT2Config",
        fields={
            "n_embd": 32,
            "n_layer": 2,
            "n_head": 4,
            "n_positions": CONTEXT,
            "initializer_range": 0.3,
        },
    ),
    "qwen-2": Tiny(config="Qwen2Config", fields=COMMON),
    "qwen-2-moe": Tiny(
        config="Qwen2MoeConfig",
        fields=COMMON
        | {
            "num_experts": 4,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 24,
            "shared_expert_intermediate_size": 24,
        },
    ),
    "qwen-3-moe": Tiny(
        config="Qwen3MoeConfig",
        fields=COMMON
        | {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 24, "head_dim": 8},
    ),
    "gemma": Tiny(config="GemmaConfig", fields=COMMON | {"head_dim": 8}, adds_bos=True),
    "gemma-2": Tiny(
        config="Gemma2Config",
        fields=COMMON
        | {
            "head_dim": 8,
            "sliding_window": 12,
            "query_pre_attn_scalar": 8,
            "attn_logit_softcapping": 5.0,
            "final_logit_softcapping": 10.0,
        },
        adds_bos=True,
    ),
    "gpt-oss": Tiny(
        config="GptOssConfig",
        fields=COMMON
        | {
            "head_dim": 8,
            "num_local_experts": 4,
            "num_experts_per_tok": 2,
            "sliding_window": 12,
            "layer_types": ["sliding_attention", "full_attention"],
            "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
        },
    ),
    "phi": Tiny(config="PhiConfig", fields=COMMON | {"partial_rotary_factor": 0.5}),
    "phi-3": Tiny(config="Phi3Config", fields=COMMON | {"pad_token_id": 0}),
    "olmo": Tiny(config="OlmoConfig", fields=COMMON),
    "olmo-3": Tiny(
        config="Olmo3Config",
        fields=COMMON
        | {"sliding_window": 12, "layer_types": ["sliding_attention", "full_attention"]},
    ),
    "granite": Tiny(config="GraniteConfig", fields=COMMON | {"logits_scaling": 3.0}),
    "cohere": Tiny(config="CohereConfig", fields=COMMON),
    "cohere-2": Tiny(
        config="Cohere2Config",
        fields=COMMON
        | {"sliding_window": 12, "layer_types": ["sliding_attention", "full_attention"]},
    ),
    "starcoder-2": Tiny(config="Starcoder2Config", fields=COMMON | {"sliding_window": 12}),
    "stablelm": Tiny(config="StableLmConfig", fields=COMMON | {"num_key_value_heads": 4}),
    "deepseek-3": Tiny(
        config="DeepseekV3Config",
        fields=COMMON
        | {
            "num_key_value_heads": 4,
            "q_lora_rank": 16,
            "kv_lora_rank": 16,
            "qk_rope_head_dim": 8,
            "qk_nope_head_dim": 8,
            "v_head_dim": 8,
            "n_routed_experts": 4,
            "num_experts_per_tok": 2,
            "n_group": 2,
            "topk_group": 1,
            "moe_intermediate_size": 24,
            "first_k_dense_replace": 1,
        },
    ),
    "bloom": Tiny(config="BloomConfig", fields={"hidden_size": 32, "n_layer": 2, "n_head": 4}),
    "opt": Tiny(
        config="OPTConfig",
        fields={
            "hidden_size": 32,
            "word_embed_proj_dim": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "ffn_dim": 48,
            "max_position_embeddings": CONTEXT,
            "init_std": 0.3,
        },
    ),
    "gpt-j": Tiny(
        config="GPTJConfig",
        fields={"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT, "rotary_dim": 4},
    ),
    "mamba": Tiny(
        config="MambaConfig",
        fields={
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "state_size": 4,
            "intermediate_size": 48,
        },
    ),
}


def build(name: str, folder: Path, kinds: Mapping[str, Tiny] = TINY) -> Path:
    """The tiny model `name` in `folder`, in Hugging Face layout."""
    import torch
    import transformers

    tiny = kinds[name]
    tokenizer = tokenizer_for(tiny)
    config: Any = getattr(transformers, tiny.config)(
        **{
            "vocab_size": len(tokenizer),
            "bos_token_id": tokenizer.bos_token_id,
            "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": None,
        }
        | tiny.fields
    )
    torch.manual_seed(7)
    auto: Any = transformers.AutoModelForCausalLM
    model = auto.from_config(config).float()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def tokenizer_for(tiny: Tiny) -> Any:  # noqa: ANN401 - a class of transformers
    """A byte-level tokenizer trained on a few sentences."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    specials = ["<|end|>", "<|begin|>", "<|im_start|>", "<|im_end|>"]
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=380,
        special_tokens=specials,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(SENTENCES * 4, trainer)
    if tiny.adds_bos:
        inner.post_processor = processors.TemplateProcessing(
            single="<|begin|> $A", special_tokens=[("<|begin|>", inner.token_to_id("<|begin|>"))]
        )
    made: Any = PreTrainedTokenizerFast
    tokenizer = made(
        tokenizer_object=inner,
        eos_token="<|im_end|>" if "im_end" in tiny.template else "<|end|>",
        bos_token="<|begin|>" if tiny.adds_bos or tiny.config != "GPT2Config" else "<|end|>",
    )
    tokenizer.chat_template = tiny.template or None
    return tokenizer


def spec(folder: Path, **fields: Any) -> EngineSpec:  # noqa: ANN401 - fields of Candidate
    """What the loader would hand over for the model in `folder`."""
    ref = ModelRef(text=str(folder), kind=RefKind.FOLDER, location=str(folder))
    fields = {"dtype": "fp32"} | fields
    return EngineSpec(
        candidate=Candidate(name=folder.name, ref=ref, **fields),
        identity=Identity(weights=f"tiny-{folder.name}", engine="torch"),
        folder=folder,
    )
