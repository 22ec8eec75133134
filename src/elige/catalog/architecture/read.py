"""Reads the architecture off a configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any  # configurations are JSON

from elige.catalog.architecture.context import context_of
from elige.catalog.architecture.decoder import layers_of, outside, text_part
from elige.catalog.architecture.defaults import defaults_of
from elige.catalog.architecture.family import Family
from elige.catalog.architecture.keys import HEADS, HIDDEN, INNER, LAYERS, VOCABULARY, Keys
from elige.catalog.architecture.parts import Feed
from elige.catalog.architecture.pattern import LINEAR, spots
from elige.catalog.architecture.record import Architecture, Attention, Layer
from elige.catalog.architecture.table import ALIASES, FAMILIES
from elige.catalog.architecture.vision import vision_weights
from elige.errors import BadInput

# Keys that tell of layers other than plain attention; with one of them nothing is concluded from
# the number of heads of an architecture that is not known.
_UNUSUAL = re.compile(
    r"mamba|ssm|linear_|rwkv|lora_rank|compress|conv_|recurrent|state_size|hybrid|kda|block_config"
    r"|retention|index_|cross_att|layer_types|layers_block|_pattern|num_kv_shared"
)
_DRAFTS = ("num_nextn_predict_layers", "num_mtp_modules", "mtp_num_hidden_layers")
_WRITES = ("CausalLM", "LMHead", "ConditionalGeneration")
_NO_DECODER = re.compile(r"bert|^(?:m|um|long)?t5|bart|clip|vit\b|whisper|wav2vec|pegasus|marian")
_SOUND = ("audio_config", "speech_config", "audio_tower_config")


@dataclass(frozen=True, slots=True)
class _Source:
    """The configuration's two levels, and the family that its text part belongs to."""

    whole: Keys
    text: Keys
    kind: str
    name: str
    family: Family | None


def read_architecture(config: Mapping[str, Any], *, name: str = "config.json") -> Architecture:
    """The architecture that `config` describes; `name` says in errors where it stands.

    What an unknown architecture or a missing size leaves open is None, and `notes` say why.
    Raises `BadInput` for values that no model has, and when there are no layers at all.
    """
    source = _source(config, name)
    if not (source.text.layers() or source.text.items("layers_block_type")) and not (
        source.text.text("hybrid_override_pattern")
    ):
        raise BadInput(
            f"{name} does not say how many layers the model has ({', '.join(LAYERS[:2])}).",
            hint="Give the config.json of a language model.",
        )
    found = _common(source)
    missing = _missing(source.text)
    if source.family is None or _is_odd(source.text, source.family):
        return _unknown(source, found)
    if missing:
        note = f"{name} does not state {' and '.join(missing)}: weights and cache are unknown."
        return replace(found, cache_known=False, notes=(*found.notes, note))
    return _known(source, source.family, found)


def _is_odd(keys: Keys, family: Family) -> bool:
    """Whether a file lists linear layers of a family that has none."""
    return not family.linear and any(spot.kind == LINEAR for spot in spots(keys, family))


def _source(config: Mapping[str, Any], name: str) -> _Source:
    text = dict(text_part(config))
    kind = str(text.get("model_type") or config.get("model_type") or _first_class(config))
    family = _family_name(kind)
    nested = text != dict(config)
    given = dict(defaults_of(family)) if nested else {}
    flat = {**given, **text}
    for part in ("attn_config", "ffn_config"):  # MPT and DBRX nest what others do not
        inner = text.get(part)
        flat = {**inner, **flat} if isinstance(inner, dict) else flat
    if family == "hf_olmo" and text.get("embedding_size"):
        flat["vocab_size"] = text["embedding_size"]  # rounded up; it is what the table has
    return _Source(
        whole=Keys(config, name),
        text=Keys({**flat, "model_type": kind}, name),
        kind=kind,
        name=family,
        family=FAMILIES.get(family),
    )


def _family_name(kind: str) -> str:
    """The family's name in the table, also for the name of a class such as MistralForCausalLM."""
    plain = kind.partition("For")[0].removesuffix("LMHeadModel").lower()
    for name in (kind, plain, kind.lower()):
        if ALIASES.get(name, name) in FAMILIES:
            return ALIASES.get(name, name)
    return kind


def _first_class(config: Mapping[str, Any]) -> str:
    classes = config.get("architectures")
    return str(classes[0]) if isinstance(classes, list) and classes else ""


def _missing(keys: Keys) -> list[str]:
    wanted = {"hidden_size": HIDDEN, "vocab_size": VOCABULARY}
    if not keys.text("model_type").startswith(("mamba", "rwkv", "falcon_mamba")):
        wanted["num_attention_heads"] = HEADS
    return [name for name, names in wanted.items() if not keys.size(*names)]


def _common(source: _Source) -> Architecture:
    """What stands in every configuration under the same names."""
    keys = source.text
    context, trained, scaling, note = context_of(keys, stretches=source.name != "gemma3_text")
    return Architecture(
        name=source.kind or "unknown",
        layers=tuple(_blank() for _ in range(keys.layers())),
        hidden=keys.size(*HIDDEN) or None,
        inner=keys.size(*INNER) or None,
        vocabulary=keys.size(*VOCABULARY) or None,
        context=context,
        trained_context=trained,
        rope_scaling=scaling,
        tied=_tied(source),
        draft_layers=_drafts(keys),
        notes=(note,) if note else (),
    )


def _blank() -> Layer:
    return Layer(attention=Attention.UNKNOWN)


def _drafts(keys: Keys) -> int:
    return keys.size(*_DRAFTS)


def _tied(source: _Source) -> bool | None:
    for keys in (source.whole, source.text):
        value = keys.values.get("tie_word_embeddings", keys.values.get("weight_tying"))
        if isinstance(value, bool):
            return value
    return source.family.tied if source.family is not None else None


def _known(source: _Source, family: Family, found: Architecture) -> Architecture:
    keys = source.text
    made = layers_of(keys, family)
    tied = bool(found.tied)
    table, rest = outside(keys, family, len(made), tied)
    total = table + rest + sum(layer.parameters or 0 for layer, _ in made)
    seeing = vision_weights(source.whole, found.hidden or 0)
    idle = sum(layer.idle for layer, _ in made)
    return replace(
        found,
        layers=tuple(layer for layer, _ in made),
        **_experts([feed for _, feed in made]),
        parameters=total + (seeing or 0),
        active_parameters=total + (seeing or 0) - idle,
        table=table,
        notes=(*found.notes, *_left_out(source, seeing, found)),
    )


def _experts(feeds: list[Feed]) -> dict[str, Any]:
    most = max(feeds, key=lambda feed: feed.experts, default=Feed(parameters=0))
    return {"experts": most.experts, "experts_active": most.used}


def _left_out(source: _Source, seeing: int | None, found: Architecture) -> list[str]:
    notes = []
    if seeing is None or source.whole.has("img_processor"):
        notes.append("The weights of its vision part are not counted: they cannot be told here.")
    if any(isinstance(source.whole.values.get(name), dict) for name in _SOUND):
        notes.append("The weights of its audio part are not counted: they cannot be told here.")
    if source.name == "deepseek_v4":
        notes.append(
            "It keeps one vector for 4 or 128 tokens together, and each token's own in a window: a "
            "token's share is counted."
        )
    if found.draft_layers:
        notes.append(
            f"{found.draft_layers} more that only draft tokens ahead are not counted (layers or "
            "modules of multi-token prediction)."
        )
    return notes


def _unknown(source: _Source, found: Architecture) -> Architecture:
    """What can be told of an architecture that is not in the table."""
    name = source.kind or "of this file"
    note = f"The architecture {name!r} is not known here: how many weights it has is unknown"
    keys = source.text
    unusual = sorted(key for key in keys if _UNUSUAL.search(key) and keys.values[key])
    classes = " ".join(str(one) for one in source.whole.items("architectures"))
    writes = not classes or any(part in classes for part in _WRITES)
    decodes = writes and not (keys.flag("is_encoder_decoder") or _NO_DECODER.search(name.lower()))
    if unusual or _missing(keys) or not decodes or _is_odd(keys, Family()):
        why = f" (it has {unusual[0]})" if unusual else ""
        text = f"{note}, and what it keeps of a token too{why}."
        return replace(found, cache_known=False, notes=(*found.notes, text))
    made = layers_of(keys, Family())
    layers = tuple(replace(layer, parameters=None, idle=0) for layer, _ in made)
    text = f"{note}; its cache assumes plain attention in every layer."
    return replace(found, layers=layers, notes=(*found.notes, text))
