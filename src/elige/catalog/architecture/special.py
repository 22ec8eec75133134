"""What few architectures have beside the usual: more tables, more products, parts shared."""

from collections.abc import Callable

from elige.catalog.architecture import feedforward
from elige.catalog.architecture.family import Family
from elige.catalog.architecture.feedforward import experts, inner_of, mlp
from elige.catalog.architecture.keys import EXPERTS, KV_HEADS, VOCABULARY, Keys
from elige.catalog.architecture.parts import NO_FEED, Feed, Spot, head_dim_of, heads_of, hidden_of
from elige.catalog.architecture.pattern import EXPERT_LETTERS, FEED, raw_kinds


def no_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Mamba has no part of its own for each token."""
    return NO_FEED


def granite_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Granite hybrids: a dense part for every token, beside experts where there are any."""
    shared = mlp(keys, family, keys.size("shared_intermediate_size"))
    if not keys.size(*EXPERTS):
        return Feed(parameters=shared)
    return experts(keys, family, spot)


def nemotron_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Nemotron-H: a layer is either a mixer or a feed-forward part."""
    if spot.kind != FEED:
        return NO_FEED
    name = raw_kinds(keys, family, keys.layers())[spot.number]
    if name in EXPERT_LETTERS:
        return experts(keys, family, spot)
    return Feed(parameters=mlp(keys, family, keys.per_layer("intermediate_size", spot.number)))


def llama4_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Llama 4: one expert more, as wide as the others, sees every token."""
    if not feedforward.is_sparse(keys, spot.number):
        return feedforward.dense(keys, family, spot)
    made = experts(keys, family, spot)
    shared = mlp(keys, family, inner_of(keys))
    return Feed(
        parameters=made.parameters + shared, idle=made.idle, experts=made.experts, used=made.used
    )


def gemma4_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Gemma 4: experts stand beside the dense part, with norms and scales of their own."""
    inner, hidden = inner_of(keys), hidden_of(keys)
    if spot.borrows and keys.flag("use_double_wide_mlp"):
        inner *= 2
    own = mlp(keys, family, inner)
    if not keys.flag("enable_moe_block"):
        return Feed(parameters=own)
    made = experts(keys, family, spot)
    more = own + 3 * hidden + hidden + made.experts
    return Feed(
        parameters=made.parameters + more, idle=made.idle, experts=made.experts, used=made.used
    )


def longcat_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """LongCat: two dense parts beside experts, some of which are empty and cost nothing.

    transformers 5.23 reserves two products of three for the empty ones as well (741 billion weights
    where LongCat-Flash has 560); its files do not hold them.
    """
    made = experts(keys, family, spot)
    inner = keys.size("ffn_hidden_size", "intermediate_size")
    empty = keys.size("zero_expert_num") * hidden_of(keys)
    return Feed(
        parameters=made.parameters + 2 * mlp(keys, family, inner) + empty,
        idle=made.idle,
        experts=made.experts,
        used=made.used,
    )


def arctic_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Arctic: a dense part as wide as the stream beside the experts, with a norm of its own."""
    if not feedforward.is_sparse(keys, spot.number):
        return feedforward.dense(keys, family, spot)
    made, hidden = experts(keys, family, spot), hidden_of(keys)
    beside = mlp(keys, family, hidden) + hidden if keys.flag("parallel_attn_mlp_res") else 0
    return Feed(
        parameters=made.parameters + beside, idle=made.idle, experts=made.experts, used=made.used
    )


def grok_feed(keys: Keys, family: Family, spot: Spot) -> Feed:
    """Grok-2 has a dense part beside its experts; Grok-1 has not."""
    made = experts(keys, family, spot)
    beside = mlp(keys, family, inner_of(keys)) if keys.flag("residual_moe") else 0
    return Feed(
        parameters=made.parameters + beside, idle=made.idle, experts=made.experts, used=made.used
    )


FEEDS: dict[str, Callable[[Keys, Family, Spot], Feed]] = {
    "auto": feedforward.auto,
    "arctic": arctic_feed,
    "halved": feedforward.halved,
    "adjusted": feedforward.adjusted,
    "grok": grok_feed,
    "scaled": feedforward.scaled,
    "channel_mix": feedforward.channel_mix,
    "channel_mix5": feedforward.channel_mix5,
    "replaced": feedforward.replaced,
    "longcat": longcat_feed,
    "none": no_feed,
    "granite": granite_feed,
    "nemotron_h": nemotron_feed,
    "llama4": llama4_feed,
    "gemma4": gemma4_feed,
}


def norm_count(keys: Keys, family: Family) -> int:
    """Norms of a layer; Falcon's and StableLM's number depends on whether its parts run abreast."""
    if family.norms >= 0:
        return family.norms
    if keys.flag("new_decoder_architecture") or keys.text("model_type") == "RefinedWeb":
        return keys.size("num_ln_in_parallel_attn", default=2)
    return 1 if keys.flag("parallel_attn") or keys.flag("use_parallel_residual") else 2


def bitnet(keys: Keys, layers: int) -> tuple[int, int]:
    """A norm more in each part of a layer."""
    return 0, layers * (heads_of(keys) * head_dim_of(keys) + inner_of(keys))


def rwkv(keys: Keys, layers: int) -> tuple[int, int]:
    """A norm before the first layer."""
    return 0, 2 * hidden_of(keys)


def opt(keys: Keys, layers: int) -> tuple[int, int]:
    """Tokens may be embedded more narrowly than the stream; two products make up for it."""
    narrow, hidden = keys.size("word_embed_proj_dim"), hidden_of(keys)
    if not narrow or narrow == hidden:
        return 0, 0
    return (narrow - hidden) * keys.size(*VOCABULARY), 2 * narrow * hidden


def gemma3n(keys: Keys, layers: int) -> tuple[int, int]:
    """Gemma 3n: an embedding for each layer, four alternating streams, and LAuReL."""
    hidden, rank = hidden_of(keys), keys.size("laurel_rank", default=64)
    streams = keys.size("altup_num_inputs", default=4)
    table, made = gemma4(keys, layers)
    own = hidden + streams**2 + streams**3 + streams * hidden + hidden
    own += 2 * hidden * rank + hidden
    return table, made + layers * own + 2 * (streams - 1) * hidden * hidden


def gemma4(keys: Keys, layers: int) -> tuple[int, int]:
    """An embedding of the token for each layer, projected into it."""
    width, hidden = keys.size("hidden_size_per_layer_input"), hidden_of(keys)
    if not width:
        return 0, 0
    vocabulary = keys.size("vocab_size_per_layer_input", *VOCABULARY)
    return vocabulary * layers * width, (
        layers * (2 * hidden * width + hidden) + hidden * layers * width + width
    )


def hyper(keys: Keys, layers: int) -> tuple[int, int]:
    """DeepSeek-V4: several streams side by side, mixed before and after each part of a layer."""
    streams = keys.size("hc_mult", default=4)
    wide, mixes = streams * hidden_of(keys), 2 * streams + streams**2
    return 0, layers * 2 * (mixes * wide + mixes + 3) + streams * wide + streams + 1


def zamba2(keys: Keys, layers: int) -> tuple[int, int]:
    """Zamba2: blocks of attention and feed-forward that several layers share, with adapters."""
    hidden, rank = hidden_of(keys), keys.size("adapter_rank", default=128)
    wide, inner = 2 * hidden, inner_of(keys)
    dim = keys.size("attention_head_dim") or wide // max(1, heads_of(keys))
    across = heads_of(keys) * dim
    kept = (keys.size(*KV_HEADS) or heads_of(keys)) * dim
    block = wide * (across + 2 * kept) + across * hidden + 3 * hidden * inner + wide + hidden
    times = sum(kind in {"hybrid", "full_attention"} for kind in keys.items("layers_block_type"))
    times = times or len(keys.items("hybrid_layer_ids"))
    adapters = hidden * rank + rank * 2 * inner
    if keys.flag("use_shared_attention_adapter"):
        adapters += 3 * (wide * rank + rank * wide)
    return 0, keys.size("num_mem_blocks", default=1) * block + times * adapters


def xielu(keys: Keys, layers: int) -> tuple[int, int]:
    """Apertus: two numbers of its activation are learned in each layer."""
    return 0, 2 * layers


# Weights looked up and weights multiplied that the parts of a layer do not count.
EXTRAS: dict[str, Callable[[Keys, int], tuple[int, int]]] = {
    "bitnet": bitnet,
    "xielu": xielu,
    "rwkv": rwkv,
    "opt": opt,
    "gemma3n": gemma3n,
    "gemma4": gemma4,
    "hyper": hyper,
    "zamba2": zamba2,
}
