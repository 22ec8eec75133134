"""Layers that keep a state instead of every token: what they weigh, and the values they keep."""

from elige.catalog.architecture.attention import plain
from elige.catalog.architecture.family import Family, on
from elige.catalog.architecture.keys import KV_HEADS, Keys
from elige.catalog.architecture.parts import Mixer, Spot, head_dim_of, heads_of, hidden_of, linear
from elige.catalog.architecture.record import Attention


def mamba(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Mamba's selective state space (Gu and Dao 2023); Jamba norms its three inputs."""
    hidden = hidden_of(keys)
    inner = keys.size("mamba_expand", "expand", default=2) * hidden
    if keys.text("model_type") in {"mamba", "falcon_mamba"}:
        inner = keys.size("intermediate_size", "d_inner") or inner
    states = keys.size("mamba_d_state", "state_size", default=16)
    kernel = keys.size("mamba_d_conv", "conv_kernel", default=4)
    step = keys.size("mamba_dt_rank", "time_step_rank") or -(-hidden // 16)
    made = linear(hidden, 2 * inner) + inner * kernel
    made += inner if _conv_bias(keys) else 0
    made += inner * (step + 2 * states) + linear(step, inner, True)
    made += inner * states + inner + linear(inner, hidden)
    made += 2 * inner + hidden if _projects_with_bias(keys) else 0
    if keys.text("model_type") == "jamba":
        made += step + 2 * states
    return _stateful(made, inner * (states + kernel))


def mamba2(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Mamba-2 (Dao and Gu 2024)."""
    hidden = hidden_of(keys)
    heads = keys.size("mamba_n_heads", "mamba_num_heads", "n_mamba_heads", "num_heads")
    dim = keys.size("mamba_d_head", "mamba_head_dim", "mamba_headdim", "head_dim", default=64)
    expanded = keys.size("mamba_expand", "expand", default=2) * hidden
    heads = heads or (expanded // dim if dim else 0)
    inner = keys.size("mamba_d_ssm") or (heads * dim if dim else expanded)
    groups = keys.size("mamba_n_groups", "mamba_ngroups", "n_groups", default=1)
    states = keys.size("mamba_d_state", "ssm_state_size", "state_size", default=128)
    kernel = keys.size("mamba_d_conv", "conv_kernel", default=4)
    conv = inner + 2 * groups * states
    made = linear(hidden, inner + conv + heads) + conv * kernel + 3 * heads
    made += conv if _conv_bias(keys) else 0
    made += inner if keys.flag("mamba_rms_norm", True) else 0
    made += linear(inner, hidden)
    made += inner + conv + heads + hidden if _projects_with_bias(keys) else 0
    return _stateful(made, inner * states + conv * kernel)


def both(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Falcon-H1: attention and Mamba-2 side by side in every layer."""
    looks, keeps = plain(keys, family, spot), mamba2(keys, family, spot)
    return Mixer(
        attention=Attention.HYBRID,
        parameters=looks.parameters + keeps.parameters,
        heads=looks.heads,
        kv_heads=looks.kv_heads,
        head_dim=looks.head_dim,
        cached=looks.cached,
        state=keeps.state,
        window=looks.window,
    )


def delta(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Gated delta net, as in Qwen3-Next: keys, values, a gate, and two rates for each head."""
    hidden = hidden_of(keys)
    heads = keys.size("linear_num_value_heads", default=32)
    key, value = keys.size("linear_key_head_dim"), keys.size("linear_value_head_dim")
    wide = keys.size("linear_num_key_heads") * key
    deep = heads * value
    kernel = keys.size("linear_conv_kernel_dim", default=4)
    conv = 2 * wide + deep
    made = hidden * (conv + deep + 2 * heads) + conv * kernel + 2 * heads + value + deep * hidden
    return _stateful(made, heads * key * value + conv * kernel)


def kimi_delta(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Kimi delta attention: each channel forgets at its own rate."""
    hidden, own = hidden_of(keys), keys.within("linear_attn_config")
    heads = own.size("num_heads") or keys.size("linear_num_heads") or heads_of(keys)
    dim = own.size("head_dim") or keys.size("linear_head_dim", "head_dim")
    kernel = own.size("short_conv_kernel_size")
    kernel = kernel or keys.size("linear_conv_kernel_dim", "short_conv_kernel_size", default=4)
    wide = heads * dim
    made = 4 * hidden * wide + 3 * wide * kernel + wide + heads + hidden * heads + dim
    whole, narrow = hidden * wide, hidden * dim + dim * wide
    full = keys.text("model_type") == "bailing_hybrid"
    made += whole if full else narrow
    made += whole if full or own.flag("use_full_rank_gate") else narrow
    return _stateful(made, heads * dim * dim + 3 * wide * kernel)


def lightning(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """MiniMax's linear attention, with a gate on its output."""
    hidden, heads, dim = hidden_of(keys), heads_of(keys), head_dim_of(keys)
    wide = heads * dim
    normed = 2 * dim if family.qk_norm == "head" and on(keys, family.qk_norm_if) else 0
    return _stateful(5 * hidden * wide + wide + normed, heads * dim * dim)


def short_conv(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """LFM2's gated convolution over the last few tokens."""
    hidden, kernel = hidden_of(keys), keys.size("conv_L_cache", default=3)
    bias = keys.flag("conv_bias")
    made = linear(hidden, 3 * hidden, bias) + linear(hidden, hidden, bias)
    made += hidden * kernel + (hidden if bias else 0)
    return _stateful(made, hidden * kernel)


def gated_recurrence(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """RecurrentGemma's RG-LRU (De and others 2024)."""
    hidden, heads = hidden_of(keys), heads_of(keys)
    wide = keys.size("lru_width") or hidden
    kernel = keys.size("conv1d_width", default=4)
    block = wide // heads if heads else wide
    made = 2 * linear(hidden, wide, True) + linear(wide, hidden, True) + wide * (kernel + 1)
    made += wide + 2 * (heads * block * block + wide)
    return _stateful(made, wide * kernel)


def time_mix(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """RWKV 4: receptance, key, value and output, with a decay for each channel."""
    hidden = hidden_of(keys)
    wide = keys.size("attention_hidden_size") or hidden
    return _stateful(4 * hidden * wide + 2 * wide + 3 * hidden, 5 * hidden)


def time_mix5(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """RWKV 5: five products with a gate; each head keeps a matrix and has a norm of its own."""
    hidden = hidden_of(keys)
    wide = keys.size("attention_hidden_size") or hidden
    dim = keys.size("head_size", "head_dim", default=64)
    made = 5 * hidden * wide + 4 * hidden + 2 * wide + 2 * wide
    return _stateful(made, wide * dim + 2 * hidden)


def time_mix6(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """RWKV 6: its decay and its mixing depend on the input, through narrow products."""
    mixer, hidden = time_mix5(keys, family, spot), hidden_of(keys)
    mixing, decay = (32, 64) if hidden < 4096 else (64, 128)
    wide = keys.size("attention_hidden_size") or hidden
    more = 2 * hidden + 10 * hidden * mixing + decay * (hidden + wide)
    return _stateful(mixer.parameters + more, mixer.state)


def beside(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Zamba2: a Mamba layer beside a block of attention that all such layers share.

    The block's weights are counted once, elsewhere; its keys and values are kept for each layer.
    """
    mixer, hidden = mamba2(keys, family, spot), hidden_of(keys)
    dim = keys.size("attention_head_dim") or 2 * hidden // max(1, heads_of(keys))
    kv = keys.size(*KV_HEADS) or heads_of(keys)
    return Mixer(
        attention=Attention.HYBRID,
        parameters=mixer.parameters + hidden * hidden,
        heads=heads_of(keys),
        kv_heads=kv,
        head_dim=dim,
        cached=2 * kv * dim,
        state=mixer.state,
    )


def nothing(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """A layer without any mixing of tokens."""
    return Mixer(attention=Attention.NONE, parameters=0)


def replaced(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """A layer of DeciLM, which may have its own number of KV heads, or no attention at all."""
    block = _block(keys, spot, "attention")
    if block.flag("no_op"):
        return nothing(keys, family, spot)
    hidden = hidden_of(keys)
    if block.flag("replace_with_linear"):
        return Mixer(attention=Attention.NONE, parameters=hidden * hidden)
    group = block.size("n_heads_in_group", default=1)
    one = Keys(
        {**keys.values, KV_HEADS[0]: heads_of(keys) // max(1, group)},
        keys.name,
    )
    window = block.size("window_length")
    return plain(one, family, Spot(number=spot.number, window=window))


def _block(keys: Keys, spot: Spot, part: str) -> Keys:
    blocks = keys.items("block_configs")
    found = blocks[spot.number] if spot.number < len(blocks) else {}
    return Keys(found if isinstance(found, dict) else {}, keys.name).within(part)


def _projects_with_bias(keys: Keys) -> bool:
    """Mamba itself calls it `use_bias`, hybrids `mamba_proj_bias`."""
    alone = keys.text("model_type") in {"mamba", "mamba2", "falcon_mamba"}
    return keys.flag("use_bias" if alone else "mamba_proj_bias")


def _conv_bias(keys: Keys) -> bool:
    return keys.flag("mamba_conv_bias", keys.flag("use_conv_bias", True))


def _stateful(parameters: int, state: int) -> Mixer:
    return Mixer(attention=Attention.LINEAR, parameters=parameters, state=state)
