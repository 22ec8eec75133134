"""Layers of attention: what they weigh and what they keep of each token."""

from dataclasses import replace

from elige.catalog.architecture.family import Family, on
from elige.catalog.architecture.keys import KV_HEADS, Keys
from elige.catalog.architecture.parts import (
    CROSS,
    Mixer,
    Spot,
    head_dim_of,
    heads_of,
    hidden_of,
    kind_of,
    linear,
)
from elige.catalog.architecture.record import Attention


def kv_heads_of(keys: Keys) -> int:
    """Number of key and value heads that are really kept.

    Falcon's 7B layout keeps one, whatever `num_kv_heads` says; 40B's keeps `num_kv_heads`.
    """
    heads = heads_of(keys)
    if keys.text("model_type") in {"falcon", "RefinedWeb", "RefinedWebModel"}:
        grouped = keys.flag("new_decoder_architecture") or keys.text("model_type") == "RefinedWeb"
        if not grouped:
            return 1 if keys.flag("multi_query", True) else heads
        return keys.size(*KV_HEADS) or heads
    if keys.flag("multi_query_attention"):
        return keys.size("multi_query_group_num") or 1
    if _shares_one(keys):
        return 1
    shared = keys.size("n_shared_head")  # PLaMo: so many queries to a key, whatever else it says
    if shared:
        return max(1, heads // shared)
    return keys.size(*KV_HEADS, "num_query_groups", "multi_query_group_num") or heads


def plain(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Queries, keys, values and output, each a matrix product."""
    heads = keys.per_layer("num_attention_heads_per_layer", spot.number) or heads_of(keys)
    kv_heads = keys.per_layer("num_key_value_heads_per_layer", spot.number)
    kv_heads = kv_heads or (kv_heads_of(keys) if family.groups else _ungrouped(keys, heads))
    mixer = _grouped(keys, family, spot, heads=heads, kv_heads=kv_heads, dim=head_dim_of(keys))
    return _looking_elsewhere(mixer, keys) if spot.kind == CROSS else _indexed(mixer, keys, spot)


def _grouped(
    keys: Keys, family: Family, spot: Spot, *, heads: int, kv_heads: int, dim: int, values: int = 0
) -> Mixer:
    """Attention of `heads` queries on `kv_heads` keys of `dim` and values of `values` each."""
    hidden, values = hidden_of(keys), values or dim
    bias = on(keys, family.qkv_bias)
    made = linear(hidden, heads * dim, bias)
    if not spot.borrows:
        made += linear(hidden, kv_heads * dim, bias) + linear(hidden, kv_heads * values, bias)
    made += linear(heads * values, hidden, on(keys, family.out_bias))
    made += {"": 0, "wide": hidden * heads * values, "head": hidden * heads}[family.out_gate]
    if family.sinks:
        made += heads
    made += _norms(family, keys, heads, kv_heads, dim) if on(keys, family.qk_norm_if) else 0
    return Mixer(
        attention=kind_of(heads, kv_heads),
        parameters=made,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=dim,
        cached=0 if spot.borrows else kv_heads * (dim + values),
        window=spot.window,
    )


def gated_query(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Attention whose output is gated by a second half of the queries (Qwen3-Next)."""
    mixer = plain(keys, family, spot)
    wide = heads_of(keys) * head_dim_of(keys)
    gate = linear(hidden_of(keys), wide, on(keys, family.qkv_bias))
    return _with(mixer, gate if keys.flag("attn_output_gate", True) else 0)


def gemma4(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Gemma 4: layers that see everything have heads of their own size.

    Where `attention_k_eq_v` is set they read the values off the keys, which are kept all the same.
    """
    kv, dim = kv_heads_of(keys), head_dim_of(keys)
    whole = spot.kind == "full_attention"
    if whole:
        kv = keys.size("num_global_key_value_heads") or kv
        dim = keys.size("global_head_dim") or dim
    mixer = _grouped(keys, family, spot, heads=heads_of(keys), kv_heads=kv, dim=dim)
    same = whole and keys.flag("attention_k_eq_v") and not spot.borrows
    lacking = -hidden_of(keys) * kv * dim if same else 0
    return _with(mixer, lacking - (dim if spot.borrows else 0))


def gemma3n(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Gemma 3n: the last layers read the keys and values of earlier ones."""
    mixer = plain(keys, family, spot)
    return _with(mixer, -head_dim_of(keys) if spot.borrows else 0)


def shared_query(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Step-3: queries come through one narrow vector for all heads (its paper, 2025)."""
    mixer, hidden = plain(keys, family, spot), hidden_of(keys)
    narrow, wide = keys.size("share_q_dim"), heads_of(keys) * head_dim_of(keys)
    return _with(mixer, narrow * (hidden + wide + 1) - hidden * wide if narrow else 0)


def two_sizes(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """MiMo: windowed layers have their own number of heads; values are narrower than keys."""
    if spot.window:
        heads = keys.size("swa_num_attention_heads") or heads_of(keys)
        kv = keys.size("swa_num_key_value_heads") or 2 * kv_heads_of(keys)
        dim = keys.size("swa_head_dim") or head_dim_of(keys)
        values = keys.size("swa_v_head_dim", "v_head_dim") or dim
    else:
        heads, kv, dim = heads_of(keys), kv_heads_of(keys), head_dim_of(keys)
        values = keys.size("v_head_dim") or dim
    mixer = _grouped(keys, family, spot, heads=heads, kv_heads=kv, dim=dim, values=values)
    sinks = "add_swa_attention_sink_bias" if spot.window else "add_full_attention_sink_bias"
    return _with(mixer, heads if keys.flag(sinks, bool(spot.window)) else 0)


def latent(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Multi-head latent attention: one vector for all heads and its rotary part are kept.

    DeepSeek-V2 (2024), section 2.1. An indexer (DeepSeek-V3.2) keeps one short key more.
    """
    if not keys.flag("use_mla", True):  # DeepSeek-VL2-Tiny
        return plain(keys, family, spot)
    hidden, heads = hidden_of(keys), heads_of(keys)
    rank, query = keys.size("kv_lora_rank"), keys.size("q_lora_rank")
    rope = keys.size("qk_rope_head_dim")
    nope = keys.size("qk_nope_head_dim") or max(0, keys.size("qk_head_dim") - rope)
    values = keys.size("v_head_dim")
    bias = on(keys, family.qkv_bias)
    made = linear(hidden, rank + rope, bias) + rank + rank * heads * (nope + values)
    made += linear(heads * values, hidden, on(keys, family.out_bias))
    if query:
        made += linear(hidden, query, bias) + query + query * heads * (nope + rope)
    else:
        made += hidden * heads * (nope + rope)
    made += hidden * heads if family.out_gate == "head" else 0
    index = keys.size("index_head_dim") if _indexes(keys, spot) else 0
    if index:
        seekers = keys.size("index_n_heads")
        made += (query or hidden) * seekers * index + hidden * (index + seekers) + 2 * index
    return Mixer(
        attention=Attention.MLA,
        parameters=made,
        heads=heads,
        kv_heads=1,
        head_dim=nope + rope,
        cached=rank + rope,
        indexed=index,
        window=spot.window,
    )


def _indexes(keys: Keys, spot: Spot) -> bool:
    """Whether the layer searches itself; GLM-5.2 lets some use what another one found."""
    kinds = keys.items("indexer_types")
    return spot.number >= len(kinds) or kinds[spot.number] == "full"


def _ungrouped(keys: Keys, heads: int) -> int:
    """Older architectures keep every head, or a single one; other numbers mean nothing to them."""
    return 1 if _shares_one(keys) else heads


def _shares_one(keys: Keys) -> bool:
    """Whether all heads share one key and value; SantaCoder says so in a word of its own."""
    return keys.flag("multi_query") or keys.text("attention_head_type") == "multiquery"


def _looking_elsewhere(mixer: Mixer, keys: Keys) -> Mixer:
    """Llama 3.2's layers that look at the picture: they keep nothing of the text's tokens."""
    more = 2 * mixer.head_dim + 2
    return replace(mixer, parameters=mixer.parameters + more, cached=0)


def _indexed(mixer: Mixer, keys: Keys, spot: Spot) -> Mixer:
    """MiniMax-M3: some layers choose blocks by a short key of their own."""
    own = keys.within("sparse_attention_config")
    flags = own.items("sparse_attention_freq")
    if spot.number >= len(flags) or not flags[spot.number]:
        return mixer
    heads, dim = own.size("sparse_num_index_heads"), own.size("sparse_index_dim")
    made = hidden_of(keys) * dim * (heads + 1) + 2 * dim
    return replace(mixer, parameters=mixer.parameters + made, indexed=dim)


def _norms(family: Family, keys: Keys, heads: int, kv_heads: int, dim: int) -> int:
    size = {"": 0, "head": 2 * dim, "biased": 4 * dim, "wide": (heads + kv_heads) * dim}
    return size[family.qk_norm]


def _with(mixer: Mixer, more: int) -> Mixer:
    return replace(mixer, parameters=mixer.parameters + more)
