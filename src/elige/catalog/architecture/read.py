"""Reads the architecture off a configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any  # configurations are JSON

from elige.catalog.architecture.aliases import ALIASES
from elige.catalog.architecture.context import context_of
from elige.catalog.architecture.decoder import PARTS, head_of, layers_of, outside, text_part
from elige.catalog.architecture.defaults import (
    defaults_of,
    filled,
    origin,
    part_kind,
    taken,
)
from elige.catalog.architecture.family import Family
from elige.catalog.architecture.feedforward import EXPERT_INNER
from elige.catalog.architecture.keys import HEADS, HIDDEN, INNER, LAYERS, VOCABULARY, Keys
from elige.catalog.architecture.parts import Feed
from elige.catalog.architecture.pattern import LINEAR, spots
from elige.catalog.architecture.record import Architecture, Attention, Layer
from elige.catalog.architecture.sound import check_sizes
from elige.catalog.architecture.table import FAMILIES
from elige.catalog.architecture.vision import vision_weights
from elige.errors import BadInput

# Keys that tell of layers other than plain attention; with one of them nothing is concluded from
# the number of heads of an architecture that is not known.
_UNUSUAL = re.compile(
    r"mamba|ssm|linear_|rwkv|lora_rank|compress|conv_|recurrent|state_size|hybrid|kda|block_config"
    r"|retention|retnet|delta|layer_group|use_cla|_lora|attention_types|memory|index_|cross_att|layer_types|layers_block|_pattern|num_kv_shared"
)
_DRAFTS = ("num_nextn_predict_layers", "num_mtp_modules", "mtp_num_hidden_layers", "num_mtp_layers")
_WRITES = ("CausalLM", "LMHead", "ConditionalGeneration")
_NO_DECODER = re.compile(r"bert|^(?:m|um|long)?t5|bart|clip|vit\b|whisper|wav2vec|pegasus|marian")
_TIE = "tie_word_embeddings"
_SHARED = "share_input_output_layers"  # OpenELM
# What some files nest that others do not: MPT, DBRX, Mistral's own files, Mamba's first ones.
_NESTED = ("attn_config", "ffn_config", "moe", "ssm_cfg")
# Parts of their own beside the one that writes, by the keys that hold their sizes.
_HEARS = re.compile(r"audio|speech|sound|talker|2wav|codec|depth|dac|mimi|encoder_config|projector")
_SEES = re.compile(r"visual|image|img_|perceiver|qformer|mm_vision|adapter_config|vq_|vit_")


@dataclass(frozen=True, slots=True)
class _Source:
    """The configuration's two levels, and the family that its text part belongs to."""

    whole: Keys
    text: Keys
    kind: str
    name: str
    family: Family | None
    left_out: tuple[str, ...]


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
    check_sizes(source.text.values, name, looks=not _stateful(source.kind))
    found = _common(source)
    missing = _missing(source.text.at(0), source.family)
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
    kind = _kind(config, text)
    family = _family_name(kind)
    if family not in FAMILIES and text == dict(config) and _writer(config) in FAMILIES:
        kind = family = _writer(config)
    flat = dict(text)
    for part in _NESTED:
        inner = text.get(part)
        flat = {**inner, **flat} if isinstance(inner, dict) else flat
    given = Keys(flat, name)
    sized = given.layers() and given.size(*HIDDEN) and not _untitled(config)
    nested = text != dict(config)
    if nested or sized:
        flat = filled(flat, kind if defaults_of(kind) else family, nested=nested)
    multiple = Keys(flat, name).size("pad_vocab_size_multiple")
    if multiple and "ssm_cfg" in flat:
        flat["vocab_size"] = multiple * -(-Keys(flat, name).size("vocab_size") // multiple)
    if family == "hf_olmo" and text.get("embedding_size"):
        flat["vocab_size"] = text["embedding_size"]  # rounded up; it is what the table has
    return _Source(
        whole=Keys(config, name),
        text=Keys({**flat, "model_type": kind}, name),
        left_out=tuple(taken(given, flat)),
        kind=kind,
        name=family,
        family=FAMILIES.get(family),
    )


def _kind(config: Mapping[str, Any], text: Mapping[str, Any]) -> str:
    """What the text part calls itself, or what the whole takes it for."""
    whole = str(config.get("model_type") or "")
    if text.get("model_type"):
        return str(text["model_type"])
    parts = [name for name in PARTS if isinstance(config.get(name), dict)]
    inner = part_kind(whole, parts[0]) if parts else ""
    return inner or whole or _first_class(config) or _untitled(config)


def _untitled(config: Mapping[str, Any]) -> str:
    """The kind of files that never say it: Mamba's first ones, and Mistral's params.json."""
    if config.get("model_type") or config.get("architectures"):
        return ""
    inner = config.get("ssm_cfg")
    if isinstance(inner, dict):
        return "mamba2" if inner.get("layer") == "Mamba2" else "mamba"
    return "llama" if {"dim", "n_layers", "n_heads", "hidden_dim"} <= config.keys() else ""


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


def _writer(config: Mapping[str, Any]) -> str:
    """The family of the class that a file names, whatever kind it calls itself (Grok-2: git)."""
    named = _first_class(config)
    return _family_name(named) if named.endswith("ForCausalLM") else ""


def _stateful(kind: str) -> bool:
    """Whether models of this kind have no attention at all."""
    return kind.startswith(("mamba", "rwkv", "falcon_mamba"))


def _missing(keys: Keys, family: Family | None) -> list[str]:
    wanted = {"hidden_size": HIDDEN, "vocab_size": VOCABULARY}
    if not _stateful(keys.text("model_type")):
        wanted["num_attention_heads"] = HEADS
    if family is not None and family.gated and family.feed == "auto":
        wanted["intermediate_size"] = (*INNER, "mlp_ratio", "expansion_ratio", *EXPERT_INNER)
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
        notes=(*_filled_in(source), *((note,) if note else ())),
    )


def _filled_in(source: _Source) -> list[str]:
    names = ", ".join(source.left_out)
    said = f"Its file leaves out {names}; what {origin()} then takes stands here."
    return [said] if names else []


def _blank() -> Layer:
    return Layer(attention=Attention.UNKNOWN)


def _drafts(keys: Keys) -> int:
    return keys.size(*_DRAFTS)


def _tied(source: _Source) -> bool | None:
    whole = source.whole.values
    outer = defaults_of(source.whole.text("model_type"))
    inner = defaults_of(source.text.text("model_type"))
    # transformers 4 took the text part's word; 5 takes the whole's, which ties more.
    if source.whole.text("transformers_version").startswith("4.") and inner.get(_TIE) is False:
        outer = inner
    for keys in (whole, text_part(whole), outer, source.text.values):
        for name in (_TIE, "weight_tying", "tie_embeddings", _SHARED):
            if isinstance(keys.get(name), bool):
                return bool(keys[name])
    return source.family.tied if source.family is not None else None


def _known(source: _Source, family: Family, found: Architecture) -> Architecture:
    keys = source.text
    made = layers_of(keys, family)
    tied = bool(found.tied)
    table, rest = outside(keys, family, len(made))
    rest += head_of(keys, family, tied)
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
        partial=seeing is None or bool(_uncounted(source)),
        notes=(*found.notes, *_left_out(source, seeing, found)),
    )


def _experts(feeds: list[Feed]) -> dict[str, Any]:
    most = max(feeds, key=lambda feed: feed.experts, default=Feed(parameters=0))
    return {"experts": most.experts, "experts_active": most.used}


def _left_out(source: _Source, seeing: int | None, found: Architecture) -> list[str]:
    parts = (["vision"] if seeing is None else []) + _uncounted(source)
    notes = [
        f"The weights of its {part} part are not counted: they cannot be told here."
        for part in dict.fromkeys(parts)
    ]
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


def _uncounted(source: _Source) -> list[str]:
    """Parts beside those that write and see, or that see in a way of their own."""
    whole = source.whole.values
    parts = [key for key, value in whole.items() if isinstance(value, dict) and value]
    seen = any(_SEES.search(key) for key in parts) or source.whole.text("mm_vision_tower")
    apart = isinstance(whole.get("encoder"), dict)
    heard = any(_HEARS.search(key) for key in parts)
    found = {"vision": seen, "audio": heard, "encoding": apart}
    return [part for part, there in found.items() if there]


def _unknown(source: _Source, found: Architecture) -> Architecture:
    """What can be told of an architecture that is not in the table."""
    name = source.kind or "of this file"
    note = f"The architecture {name!r} is not known here: how many weights it has is unknown"
    keys = source.text
    unusual = sorted(key for key in keys if _UNUSUAL.search(key) and keys.values[key])
    classes = " ".join(str(one) for one in source.whole.items("architectures"))
    writes = not classes or any(part in classes for part in _WRITES)
    decodes = writes and not (keys.flag("is_encoder_decoder") or _NO_DECODER.search(name.lower()))
    known = defaults_of(source.kind)  # transformers builds it otherwise, so nothing is assumed
    odd = _stateful(source.kind) or _is_odd(keys, Family())
    if known or unusual or odd or _missing(keys.at(0), None) or not decodes:
        why = f" (it has {unusual[0]})" if unusual else ""
        text = f"{note}, and what it keeps of a token too{why}."
        return replace(found, cache_known=False, notes=(*found.notes, text))
    made = layers_of(keys, Family())
    layers = tuple(replace(layer, parameters=None, idle=0) for layer, _ in made)
    text = f"{note}; its cache assumes plain attention in every layer."
    return replace(found, layers=layers, notes=(*found.notes, text))
