"""Attention that keeps less than a key and a value for each token and layer."""

from dataclasses import replace

from elige.catalog.architecture.attention import latent, plain
from elige.catalog.architecture.family import Family
from elige.catalog.architecture.keys import Keys
from elige.catalog.architecture.parts import Mixer, Spot, head_dim_of, heads_of, hidden_of
from elige.catalog.architecture.record import Attention

_SPARSE = "compressed_sparse_attention"
_RATES = {_SPARSE: 4, "heavily_compressed_attention": 128}
_SEARCHED = 4  # where tokens are joined by fours, the layer searches among them


def compressed(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """DeepSeek-V4: one vector serves as key and value; a window keeps it for each token.

    Beyond the window it is kept for several tokens together (4 or 128). What the window holds
    counts as state, since it does not grow.
    """
    hidden, heads, dim = hidden_of(keys), heads_of(keys), head_dim_of(keys)
    query, rate = keys.size("q_lora_rank"), _rate(keys, spot)
    groups, rank = keys.size("o_groups", default=1), keys.size("o_lora_rank")
    made = hidden * query + query + query * heads * dim + hidden * dim + dim + heads
    made += heads * dim * rank + groups * rank * hidden
    window = keys.size("sliding_window")
    if not rate:
        return _mixer(made, heads, dim, cached=dim, window=window)
    searched = _is_searched(keys, spot, rate)
    double = 2 if searched else 1
    made += 2 * hidden * double * dim + rate * double * dim + dim
    index = 0
    if searched:
        index, seekers = keys.size("index_head_dim"), keys.size("index_n_heads")
        made += 4 * hidden * index + rate * 2 * index + index
        made += query * seekers * index + hidden * seekers
    mixer = _mixer(made, heads, dim, cached=dim // rate, window=0)
    return replace(mixer, indexed=index // rate, state=window * dim)


def differential(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """Differential attention: four vectors more, which weigh one map against another."""
    mixer = plain(keys, family, spot)
    return replace(mixer, parameters=mixer.parameters + 4 * head_dim_of(keys))


def twice(keys: Keys, family: Family, spot: Spot) -> Mixer:
    """LongCat: every layer holds two of everything but the experts."""
    mixer = latent(keys, family, spot)
    return replace(mixer, parameters=2 * mixer.parameters, cached=2 * mixer.cached)


def _rate(keys: Keys, spot: Spot) -> int:
    ratios = keys.items("compress_ratios")
    if ratios:
        return keys.per_layer("compress_ratios", spot.number)
    kind = _kind(keys, spot)
    return keys.within("compress_rates").size(kind, default=_RATES.get(kind, 0))


def _kind(keys: Keys, spot: Spot) -> str:
    kinds = keys.items("layer_types")
    return str(kinds[spot.number]) if spot.number < len(kinds) else ""


def _is_searched(keys: Keys, spot: Spot, rate: int) -> bool:
    """The first files state rates alone, of which the small one is that of searched layers."""
    return rate == _SEARCHED if keys.items("compress_ratios") else _kind(keys, spot) == _SPARSE


def _mixer(made: int, heads: int, dim: int, *, cached: int, window: int) -> Mixer:
    return Mixer(
        attention=Attention.MQA,
        parameters=made,
        heads=heads,
        kv_heads=1,
        head_dim=dim,
        cached=cached,
        window=window,
    )
