"""The part of a layer that works on each token alone: dense, or a choice of experts."""

from elige.catalog.architecture.family import Family, on
from elige.catalog.architecture.keys import EXPERTS, EXPERTS_USED, INNER, Keys
from elige.catalog.architecture.parts import NO_FEED, Feed, Spot, hidden_of, linear

EXPERT_INNER = (
    "moe_intermediate_size",
    "expert_ffn_hidden_size",
    "expert_dim",
    "moe_ffn_hidden_size",
)
_SHARED = (
    *("n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"),
)
_SHARED_INNER = (
    *("shared_expert_intermediate_size", "moe_shared_expert_intermediate_size"),
    *("shared_intermediate_size", "share_expert_dim"),
)
_DENSE_FIRST = ("first_k_dense_replace", "num_dense_layers", "moe_layer_start_index")


def mlp(keys: Keys, family: Family, inner: int) -> int:
    """Weights of one dense feed-forward part."""
    hidden, bias = hidden_of(keys), on(keys, family.mlp_bias)
    up = linear(hidden, inner, bias)
    down = linear(inner, hidden, bias or on(keys, family.down_bias))
    return (2 * up if family.gated else up) + down


def inner_of(keys: Keys) -> int:
    """Width of the dense feed-forward part; four times the stream where nothing says so."""
    ratio = keys.size("mlp_ratio", "expansion_ratio", default=4)
    return keys.size(*INNER) or ratio * hidden_of(keys)


def auto(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Experts where the configuration has them in this layer, else dense."""
    if is_sparse(keys, spot.number):
        return experts(keys, family, spot)
    return dense(keys, family, spot)


def dense(keys: Keys, family: Family, spot: Spot) -> Feed:
    """One feed-forward part for every token."""
    inner = keys.per_layer(INNER[0], spot.number) or inner_of(keys)
    for name in ("dense_intermediate_size", "intermediate_size_mlp"):
        if keys.size(*EXPERTS) and keys.size(name):
            inner = keys.size(name)
    return Feed(parameters=mlp(keys, family, inner))


def experts(keys: Keys, family: Family, spot: Spot) -> Feed:
    """A router, its experts, and those that every token passes."""
    hidden, count = hidden_of(keys), keys.size(*EXPERTS)
    used = min(count, keys.size(*EXPERTS_USED, default=2))
    inner = _expert_inner(keys, family, spot)
    latent = keys.size("moe_latent_size", "routed_expert_hidden_size") or hidden
    products = 3 if family.gated else 2
    one = products * latent * inner
    if family.expert_bias:
        one += (products - 1) * inner + latent
    made = count * one + linear(hidden, count, on(keys, family.router_bias))
    made += 2 * hidden * latent if latent != hidden else 0
    made += _shared(keys, family, inner)
    return Feed(parameters=made, idle=(count - used) * one, experts=count, used=used)


def is_sparse(keys: Keys, layer: int) -> bool:
    """Whether this layer has experts."""
    if not keys.size(*EXPERTS):
        return False
    kinds = keys.items("mlp_layer_types")
    if kinds:
        return layer < len(kinds) and kinds[layer] != "dense"
    frequency = keys.items("moe_layer_freq")
    if frequency:
        return layer < len(frequency) and bool(frequency[layer])
    listed = keys.items("moe_layers", "moe_layers_enum") or _numbers(keys.text("moe_layers_enum"))
    if listed:
        return layer in listed
    return _by_rule(keys, layer)


def _numbers(text: str) -> list[int]:
    """Step writes its layers as '4,5,6'."""
    return [int(part) for part in text.split(",") if part.strip().isdecimal()]


def _by_rule(keys: Keys, layer: int) -> bool:
    if keys.size("expert_layer_period"):
        return layer % keys.size("expert_layer_period") == keys.size("expert_layer_offset")
    if keys.size("interleave_moe_layer_step"):
        return (layer + 1) % keys.size("interleave_moe_layer_step") == 0
    if layer in keys.items("mlp_only_layers"):
        return False
    if keys.size("decoder_sparse_step"):
        return (layer + 1) % keys.size("decoder_sparse_step") == 0
    last = _last_sparse(keys)
    step = keys.size("moe_layer_interval", default=1) or 1
    frequency = keys.size("moe_layer_freq", default=1) or 1
    first = keys.size(*_DENSE_FIRST)
    return first <= layer <= last and layer % frequency == 0 and (layer + 1) % step == 0


def _last_sparse(keys: Keys) -> int:
    """The last layer that may have experts; Ernie writes -1 for the last of all."""
    name, open_end = "moe_layer_end_index", 1 << 40
    if not keys.has(_DENSE_FIRST[2]) or keys.values.get(name) == -1:
        return open_end
    return keys.size(name, default=open_end)


def _expert_inner(keys: Keys, family: Family, spot: Spot) -> int:
    if family.expert_inner:
        return keys.size(family.expert_inner)
    value = keys.items(EXPERT_INNER[0])
    if value:
        return keys.per_layer(EXPERT_INNER[0], spot.number)
    return keys.size(*EXPERT_INNER) or inner_of(keys)


def _shared(keys: Keys, family: Family, inner: int) -> int:
    width = keys.size(*_SHARED_INNER)
    if not width:
        width = keys.size(*_SHARED) * inner
    elif keys.has("share_expert_dim") or not keys.has("n_shared_experts"):
        pass
    else:
        width *= keys.size("n_shared_experts")
    made = mlp(keys, family, width) if width else 0
    return made + (hidden_of(keys) if family.shared_gate and width else 0)


def halved(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Configurations that give the gate and the product together: the first Qwen, OLMo, Griffin."""
    return Feed(parameters=mlp(keys, family, inner_of(keys) // 2))


def scaled(keys: Keys, family: Family, spot: Spot) -> Feed:
    """OpenELM: each layer has a multiple of its own of the width, rounded to a step."""
    listed = keys.items("ffn_multipliers")
    found = listed[spot.number] if spot.number < len(listed) else keys.values.get("ffn_multipliers")
    wide = Keys({"ffn_multipliers": found}, keys.name).ratio("ffn_multipliers", 4.0)
    wide *= hidden_of(keys)
    step = keys.size("ffn_dim_divisor", default=256) or 1
    inner = max(step, int(wide + step / 2) // step * step)
    return Feed(parameters=mlp(keys, family, inner + (step if inner < 0.9 * wide else 0)))


def adjusted(keys: Keys, family: Family, spot: Spot) -> Feed:
    """LFM2: two thirds of the inner width, rounded up to a multiple."""
    if is_sparse(keys, spot.number):
        return experts(keys, family, spot)
    inner = keys.size("block_ff_dim") or inner_of(keys)
    if keys.flag("block_auto_adjust_ff_dim", True) and not keys.has("num_experts"):
        scale = keys.ratio("block_ffn_dim_multiplier", 1.0)
        step = keys.size("block_multiple_of", default=256) or 1
        inner = step * -(-int(scale * int(2 * inner / 3)) // step)
    return Feed(parameters=mlp(keys, family, inner))


def channel_mix(keys: Keys, family: Family, spot: Spot) -> Feed:
    """RWKV 4: a key, a value, and a receptance as wide as the stream."""
    hidden = hidden_of(keys)
    return Feed(parameters=2 * hidden * inner_of(keys) + hidden * hidden + 2 * hidden)


def channel_mix5(keys: Keys, family: Family, spot: Spot) -> Feed:
    """RWKV 5 and 6: the same, with an inner width of three and a half times the stream."""
    hidden = hidden_of(keys)
    inner = keys.size(*INNER) or int(3.5 * hidden) // 32 * 32
    return Feed(parameters=2 * hidden * inner + hidden * hidden + 2 * hidden)


def replaced(keys: Keys, family: Family, spot: Spot) -> Feed:
    """A layer of DeciLM: two thirds of a multiple of the width, rounded up to 256, or none."""
    blocks = keys.items("block_configs")
    found = blocks[spot.number] if spot.number < len(blocks) else {}
    block = Keys(found if isinstance(found, dict) else {}, keys.name).within("ffn")
    hidden, factor = hidden_of(keys), block.ratio("ffn_mult")
    if block.flag("no_op"):
        return NO_FEED
    if block.flag("replace_with_linear"):
        return Feed(parameters=hidden * hidden)
    if not factor:
        return Feed(parameters=mlp(keys, family, block.size("intermediate_size")))
    inner = 256 * -(-int(2 * factor * hidden / 3) // 256)
    return Feed(parameters=mlp(keys, family, inner))
