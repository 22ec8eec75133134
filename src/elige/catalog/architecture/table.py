"""The families of decoders: how each differs from the plain one.

Facts were read off the modules of transformers 5.23 and the repositories of the models, and
checked against the number of weights that those modules have.
"""

from dataclasses import replace

from elige.catalog.architecture.family import Family

_F = Family
_LLAMA = _F(qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias")
_QKV = _F(qkv_bias="attention_bias")
_BIASED = _F(qkv_bias="attention_bias", out_bias="attention_bias")
_LATENT = _F(
    attend="latent", qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias"
)
_GPT2 = _F(
    gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, tied=True,
    learned_positions=0, groups=False,
)  # fmt: skip
_GPTJ = _F(gated=False, groups=False, mlp_bias=True, norm=2, norms=1, head_bias=True)
_PHI = _F(
    gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, norms=1, head_bias=True,
    qk_norm="biased", qk_norm_if="qk_layernorm",
)  # fmt: skip
_FALCON = _F(
    gated=False, qkv_bias="bias", out_bias="bias", mlp_bias="bias", norm=2, norms=-1, tied=True,
    pattern="none",
)  # fmt: skip
_QWEN3 = _F(qkv_bias="attention_bias", out_bias="attention_bias", qk_norm="head", pattern="switch")
_NEXT = _F(
    qkv_bias="attention_bias", out_bias="attention_bias", qk_norm="head",
    attend="gated_query", linear="delta", shared_gate=True, pattern="none",
)  # fmt: skip
_ERNIE = _F(qkv_bias="use_bias", out_bias="use_bias", mlp_bias="use_bias", tied=True)
_GEMMA3 = _F(
    qkv_bias="attention_bias", out_bias="attention_bias", norms=4, qk_norm="head", tied=True,
    pattern="6",
)  # fmt: skip
_GLM_MOE = _F(qkv_bias="attention_bias", qk_norm="head", qk_norm_if="use_qk_norm")
_COHERE = _F(
    qkv_bias="attention_bias", out_bias="attention_bias", norms=1, qk_norm="wide",
    qk_norm_if="use_qk_norm", tied=True, pattern="4",
)  # fmt: skip
_GRANITE = _F(qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias", tied=True)
_OLMO2 = _F(qkv_bias="attention_bias", out_bias="attention_bias", qk_norm="wide", pattern="4")

FAMILIES: dict[str, Family] = {
    "afmoe": replace(_BIASED, norms=4, qk_norm="head", out_gate="wide", pattern="4"),
    "apertus": _F(
        gated=False, qk_norm="head", qkv_bias="attention_bias", out_bias="attention_bias",
        extra="xielu",
    ),
    "arcee": _F(
        gated=False, qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias"
    ),
    "aria_text": _LLAMA,
    "baichuan": _F(),
    "bamba": _F(
        linear="mamba2", qkv_bias="attention_bias", out_bias="attention_bias",
        mlp_bias="mlp_bias", pattern="state",
    ),
    "biogpt": _F(
        gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, tied=True,
        learned_positions=2,
    ),
    "bitnet": replace(_BIASED, extra="bitnet"),
    "bloom": _F(
        gated=False, groups=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2,
        final_norms=2, tied=True
    ),
    "chatglm": _F(qkv_bias="add_qkv_bias", out_bias="add_bias_linear", mlp_bias="add_bias_linear"),
    "codegen": _GPTJ,
    "codeshell": _F(
        gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, tied=True
    ),
    "cohere": _COHERE,
    "cohere2": _COHERE,
    "dbrx": _F(),
    "deepseek": _F(qkv_bias="attention_bias", out_bias="attention_bias"),
    "deepseek_v2": _LATENT,
    "deepseek_v3": _LATENT,
    "deepseek_v32": _LATENT,
    "dots1": _F(qkv_bias="attention_bias", qk_norm="head"),
    "ernie4_5": _ERNIE,
    "ernie4_5_moe": replace(_ERNIE, head_bias="use_bias"),
    "exaone4": _F(qk_norm="head", pattern="4"),
    "exaone_moe": _F(qk_norm="head", pattern="4"),
    "falcon": _FALCON,
    "falcon_h1": _F(
        attend="both", linear="mamba2", pattern="both", qkv_bias="attention_bias",
        out_bias="attention_bias", mlp_bias="mlp_bias",
    ),
    "falcon_mamba": _F(linear="mamba", feed="none", norms=1, tied=True, pattern="state"),
    "flex_olmo": replace(_BIASED, qk_norm="wide", expert_inner="intermediate_size"),
    "gemma": _F(qkv_bias="attention_bias", out_bias="attention_bias", tied=True),
    "gemma2": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", norms=4, tied=True, pattern="2"
    ),
    "gemma3_text": _GEMMA3,
    "gemma3n_text": _F(
        norms=4, qk_norm="head", tied=True, pattern="5", attend="gemma3n", extra="gemma3n",
        qkv_bias="attention_bias", out_bias="attention_bias",
    ),
    "gemma4_text": _F(
        norms=4, qk_norm="head", tied=True, pattern="6", attend="gemma4", extra="gemma4",
        feed="gemma4", qkv_bias="attention_bias", out_bias="attention_bias",
    ),
    "glm": _QKV,
    "glm4": _F(qkv_bias="attention_bias", norms=4),
    "glm4_moe": _GLM_MOE,
    "glm4_moe_lite": _LATENT,
    "glm_moe_dsa": _LATENT,
    "gpt2": _GPT2,
    "gpt_bigcode": _GPT2,
    "gpt_neo": _F(
        gated=False, groups=False, out_bias=True, mlp_bias=True, norm=2, tied=True,
        learned_positions=0
    ),
    "gpt_neox": _F(
        gated=False, groups=False, qkv_bias="attention_bias=1", out_bias="attention_bias=1",
        mlp_bias=True, norm=2
    ),
    "gpt_oss": _F(
        qkv_bias="attention_bias=1", out_bias="attention_bias=1", expert_bias=True,
        router_bias=True, sinks=True, pattern="2",
    ),
    "gptj": _GPTJ,
    "granite": _GRANITE,
    "granitemoe": _F(qkv_bias="attention_bias", out_bias="attention_bias", tied=True),
    "granitemoehybrid": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", tied=True, linear="mamba2",
        feed="granite", pattern="state",
    ),
    "granitemoeshared": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", tied=True, feed="granite"
    ),
    "helium": _F(qkv_bias="attention_bias", mlp_bias="mlp_bias"),
    "hunyuan_v1_dense": _F(qkv_bias="attention_bias", out_bias="attention_bias", qk_norm="head"),
    "hunyuan_v1_moe": _F(qkv_bias="attention_bias", out_bias="attention_bias", qk_norm="head"),
    "internlm2": _F(qkv_bias="bias", out_bias="bias"),
    "internlm3": _F(
        qkv_bias="qkv_bias|attention_bias", out_bias="bias|attention_bias",
        mlp_bias="bias|mlp_bias",
    ),
    "jais": _F(qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, tied=True, groups=False),
    "jamba": _F(linear="mamba"),
    "kimi_linear": _F(attend="latent", linear="kimi_delta"),
    "lfm2": _F(linear="short_conv", feed="adjusted", qk_norm="head", tied=True),
    "lfm2_moe": _F(linear="short_conv", feed="adjusted", qk_norm="head", tied=True),
    "llama": _LLAMA,
    "llama4_text": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", feed="llama4", pattern="4"
    ),
    "mamba": _F(linear="mamba", feed="none", norms=1, tied=True, pattern="state"),
    "mamba2": _F(linear="mamba2", feed="none", norms=1, tied=False, pattern="state"),
    "mimo_v2_flash": _F(attend="two_sizes", qkv_bias="attention_bias"),
    "minicpm": _F(tied=True),
    "minicpm3": _LATENT,
    "minimax": _F(linear="lightning", pattern="2"),
    "minimax_m2": _F(qk_norm="wide", qk_norm_if="use_qk_norm=1", pattern="none"),
    "ministral": _F(),
    "ministral3": _F(),
    "mistral": _F(),
    "mixtral": _F(expert_inner="intermediate_size"),
    "mpt": _F(gated=False, tied=True),
    "nemotron": _F(
        gated=False, qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias",
        norm=2,
    ),
    "nemotron-nas": _F(attend="replaced", feed="replaced", pattern="none"),
    "nemotron_h": _F(
        gated=False, qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias",
        linear="mamba2", norms=1, feed="nemotron_h",
    ),
    "olmo": _F(norm=0, qkv_bias="attention_bias", out_bias="attention_bias"),
    "olmo2": _OLMO2,
    "olmo3": _OLMO2,
    "olmo_hybrid": replace(_BIASED, qk_norm="wide", linear="delta", pattern="4"),
    "olmoe": _F(
        expert_inner="intermediate_size", qkv_bias="attention_bias", out_bias="attention_bias",
        qk_norm="wide",
    ),
    "opt": _F(
        gated=False, groups=False, qkv_bias="enable_bias=1", out_bias="enable_bias=1",
        mlp_bias="enable_bias=1",
        norm=2, tied=True, learned_positions=2, extra="opt",
    ),
    "persimmon": _F(
        gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2,
        qk_norm="biased", qk_norm_if="qk_layernorm=1",
    ),
    "phi": _PHI,
    "phi3": _F(pattern="auto"),
    "phi4_multimodal": _F(),
    "phimoe": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", norm=2, head_bias="lm_head_bias"
    ),
    "plamo": _F(norms=1),
    "qwen": _F(qkv_bias=True, feed="halved"),
    "qwen2": _F(qkv_bias=True, pattern="switch"),
    "qwen2_moe": _F(qkv_bias="qkv_bias=1", shared_gate=True, pattern="switch"),
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3,
    "qwen3_next": _NEXT,
    "qwen3_5_text": _NEXT,
    "qwen3_5_moe_text": _NEXT,
    "recurrent_gemma": _F(
        linear="gated_recurrence", pattern="3", feed="halved", tied=True, mlp_bias=True,
        out_bias=True, qkv_bias="attention_bias",
    ),
    "rwkv": _F(linear="time_mix", feed="channel_mix", norm=2, pattern="state", extra="rwkv"),
    "seed_oss": _F(qkv_bias="attention_bias", out_bias="attention_out_bias", mlp_bias="mlp_bias"),
    "smollm3": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias", tied=True,
        pattern="switch",
    ),
    "stablelm": _F(
        qkv_bias="use_qkv_bias", norm=2, norms=-1, qk_norm="wide", qk_norm_if="qk_layernorm"
    ),
    "starcoder2": _F(
        gated=False, qkv_bias="use_bias=1", out_bias="use_bias=1", mlp_bias="use_bias=1", norm=2,
        tied=True,
    ),
    "step3_text": _F(attend="shared_query"),
    "step3p7": _F(qk_norm="head", out_gate="head"),
    "telechat": _F(out_bias=True, down_bias=True, tied=True),
    "vaultgemma": replace(_BIASED, tied=True, pattern="2"),
    "xglm": _F(gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, tied=True),
    "zamba2": _F(linear="mamba2", attend="beside", feed="none", norms=1, tied=True, extra="zamba2"),
    "arctic": _F(feed="arctic", expert_inner="intermediate_size"),
    "axk1": _LATENT,
    "bailing_hybrid": _F(attend="latent", linear="kimi_delta", out_gate="head"),
    "bailing_moe_linear": _F(
        qkv_bias="use_qkv_bias", out_bias="use_bias", qk_norm="head", qk_norm_if="use_qk_norm",
        linear="lightning", pattern="groups",
    ),
    "bailing_moe": _F(
        qkv_bias="use_qkv_bias", out_bias="use_bias", qk_norm="head", qk_norm_if="use_qk_norm"
    ),
    "cohere2_moe": _COHERE,
    "deepseek_v4": _F(attend="compressed", extra="hyper", pattern="none"),
    "diffllama": _F(attend="differential", qkv_bias="attention_bias", out_bias="attention_bias"),
    "exaone": _F(),
    "flint": replace(_BIASED, qk_norm="head", sinks=True),
    "gpt_neox_japanese": _F(gated=False, norm=2, tied=True),
    "granite_swa": replace(_GRANITE, sinks=True),
    "granitemoe_swa": replace(_BIASED, tied=True, sinks=True),
    "grok-1": _F(norms=4, feed="grok"),
    "hf_olmo": _F(
        norm=0, feed="halved", qkv_bias="include_bias", out_bias="include_bias",
        mlp_bias="include_bias",
    ),
    "hy_v3": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias", qk_norm="head"
    ),
    "hyperclovax": _F(
        qkv_bias="attention_bias", out_bias="attention_bias", mlp_bias="mlp_bias", norms=4
    ),
    "internlm": _F(qkv_bias="bias=1", out_bias="bias=1"),
    "jais2": _F(
        gated=False, qkv_bias="attention_bias=1", out_bias="attention_bias=1",
        mlp_bias="mlp_bias=1", norm=2,
    ),
    "kolibri1": _F(norms=4, qk_norm="head", pattern="5"),
    "laguna": _F(qk_norm="head", out_gate="head", qkv_bias="attention_bias"),
    "lfm3": _F(
        linear="short_conv", norms=4, qk_norm="head", out_gate="head", tied=True,
        qkv_bias="attention_bias", out_bias="attention_bias",
    ),
    "longcat_flash": _F(attend="twice", feed="longcat", norms=4),
    "mellum": _F(qk_norm="head", qkv_bias="attention_bias", out_bias="attention_bias"),
    "minimax_m3": _F(qk_norm="head", pattern="none"),
    "mistral4": _LATENT,
    "nanochat": replace(_BIASED, gated=False, norm=0),
    "openai-gpt": _F(
        gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, final_norms=0, tied=True,
        learned_positions=0,
    ),
    "openelm": _F(
        qk_norm="head", qk_norm_if="normalize_qk_projections", feed="scaled", tied=True
    ),
    "orion": _F(norm=2),
    "phi3small": _F(qkv_bias=True, out_bias=True, mlp_bias=True, norm=2, tied=True),
    "rwkv5": _F(linear="time_mix5", feed="channel_mix5", norm=2, pattern="state", extra="rwkv"),
    "rwkv6": _F(linear="time_mix6", feed="channel_mix5", norm=2, pattern="state", extra="rwkv"),
}  # fmt: skip
