"""Puts a model together from its configuration: layers, tables, head."""

from collections.abc import Callable, Mapping
from typing import Any  # configurations are JSON

from elige.catalog.architecture import attention, recurrent, sparse
from elige.catalog.architecture.defaults import defaults_of
from elige.catalog.architecture.family import Family, on
from elige.catalog.architecture.keys import CONTEXT, VOCABULARY, Keys
from elige.catalog.architecture.parts import Feed, Mixer, Spot, hidden_of
from elige.catalog.architecture.pattern import FEED, LINEAR, spots
from elige.catalog.architecture.record import Layer
from elige.catalog.architecture.special import EXTRAS, FEEDS, norm_count

MIXERS: dict[str, Callable[[Keys, Family, Spot], Mixer]] = {
    "plain": attention.plain,
    "gated_query": attention.gated_query,
    "gemma3n": attention.gemma3n,
    "gemma4": attention.gemma4,
    "latent": attention.latent,
    "shared_query": attention.shared_query,
    "two_sizes": attention.two_sizes,
    "both": recurrent.both,
    "replaced": recurrent.replaced,
    "mamba": recurrent.mamba,
    "mamba2": recurrent.mamba2,
    "delta": recurrent.delta,
    "kimi_delta": recurrent.kimi_delta,
    "lightning": recurrent.lightning,
    "short_conv": recurrent.short_conv,
    "gated_recurrence": recurrent.gated_recurrence,
    "time_mix": recurrent.time_mix,
    "time_mix5": recurrent.time_mix5,
    "time_mix6": recurrent.time_mix6,
    "beside": recurrent.beside,
    "compressed": sparse.compressed,
    "differential": sparse.differential,
    "twice": sparse.twice,
}


def layers_of(keys: Keys, family: Family) -> list[tuple[Layer, Feed]]:
    """Every layer with its feed-forward part."""
    return [_layer(keys.at(spot.number), family, spot) for spot in spots(keys, family)]


def _layer(keys: Keys, family: Family, spot: Spot) -> tuple[Layer, Feed]:
    if spot.kind == FEED:
        mixer = recurrent.nothing(keys, family, spot)
    else:
        name = family.linear if spot.kind == LINEAR else family.attend
        mixer = MIXERS[name](keys, family, spot)
    feed = FEEDS[family.feed](keys, family, spot)
    norms = norm_count(keys, family)
    made = mixer.parameters + feed.parameters + norms * family.norm * hidden_of(keys)
    return Layer(
        attention=mixer.attention,
        heads=mixer.heads,
        kv_heads=mixer.kv_heads,
        head_dim=mixer.head_dim,
        window=mixer.window,
        cached=mixer.cached,
        indexed=mixer.indexed,
        state=mixer.state,
        norms=norms + (2 if family.qk_norm and mixer.heads else 0),
        parameters=made,
        idle=feed.idle,
    ), feed


def outside(keys: Keys, family: Family, layers: int) -> tuple[int, int]:
    """Weights that are only looked up, and all others outside the layers but the head's."""
    hidden, vocabulary = hidden_of(keys), keys.size(*VOCABULARY)
    table, more = EXTRAS[family.extra](keys, layers) if family.extra else (0, 0)
    table += vocabulary * hidden
    if family.learned_positions >= 0:
        table += (keys.size(*CONTEXT) + family.learned_positions) * hidden
    more += family.final_norms * family.norm * hidden
    return table, more


def head_of(keys: Keys, family: Family, tied: bool) -> int:
    """Weights of the head: of one that writes, or of another that a class's name tells of."""
    hidden, vocabulary = hidden_of(keys), keys.size(*VOCABULARY)
    if not _writes(keys):
        labels = len(keys.within("id2label").values) or keys.size("num_labels", default=2)
        named = str(keys.items("architectures")[0])
        return labels * hidden if "SequenceClassification" in named else 0
    return (0 if tied else vocabulary * hidden) + (vocabulary if on(keys, family.head_bias) else 0)


def _writes(keys: Keys) -> bool:
    """Whether it writes text: an encoder of texts (MistralModel) and a judge of texts do not.

    ChatGLM's files name a class without head all the same, so only transformers' kinds are meant.
    """
    named = str(next(iter(keys.items("architectures")), ""))
    bare = named.endswith("Model") or "Classification" in named
    return not (bare and defaults_of(keys.text("model_type")) and not keys.has("auto_map"))


# Where configurations of models that also see or hear keep the part that writes.
PARTS = (
    *("text_config", "llm_config", "language_config", "thinker_config", "lm_config", "llm_cfg"),
    *("decoder", "decoder_config"),
)


def text_part(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a configuration that describes the language model."""
    for name in PARTS:
        inner = config.get(name)
        if isinstance(inner, dict) and inner:
            return text_part(inner) if name == "thinker_config" else inner
    return config
