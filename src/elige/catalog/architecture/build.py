"""Completes an architecture by having transformers build the model without its weights."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any  # configurations are JSON

from elige.catalog.architecture.decoder import text_part
from elige.catalog.architecture.keys import EXPERTS, EXPERTS_USED, HEADS, Keys
from elige.catalog.architecture.parts import kind_of
from elige.catalog.architecture.record import Architecture, Attention, Layer
from elige.errors import BadInput
from elige.loader.blueprint import Blueprint, Kept, blueprint

_UNTOLD = "What it keeps of a token is unknown."
# Why it cannot be told from sizes alone.
_OPEN = {
    "Blt": f"{_UNTOLD} Its local parts keep every byte, its global one patches of bytes whose "
    "length the text decides.",
    "JetMoe": f"{_UNTOLD} transformers chooses among its experts by numbers that are not there.",
}


def completed(
    found: Architecture, config: Mapping[str, Any], *, name: str, environment: Mapping[str, str]
) -> Architecture:
    """`found` with what it leaves open, where transformers is there and knows the kind of model.

    Takes a few seconds where something is open, none where everything is known.
    """
    if found.parameters is not None and found.cache_known and not found.partial:
        return found
    try:
        plan = blueprint(_told(config, found), name, environment)
    except BadInput:  # what was known without it still is
        return found
    return with_blueprint(found, Keys({**text_part(config), **_pair(config)}, name), plan)


def _told(config: Mapping[str, Any], found: Architecture) -> dict[str, Any]:
    """`config` with whether its head is tied, where it is nested and versions differ on that."""
    nested = text_part(config) is not config and found.tied is not None
    return {**({"tie_word_embeddings": found.tied} if nested else {}), **config}


def _pair(config: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the whole is an encoder and a decoder; its decoder alone does not say so."""
    return {"is_encoder_decoder": config.get("is_encoder_decoder") is True or "encoder" in config}


def with_blueprint(found: Architecture, keys: Keys, plan: Blueprint) -> Architecture:
    """`found` with the weights that were counted, and with the cache where it was open."""
    experts, used = keys.size(*EXPERTS), keys.size(*EXPERTS_USED)
    resting = max(0, experts - used) if used else 0
    idle = plan.expert_parameters * resting // experts if experts else 0
    source = f"transformers {plan.version}, which builds {plan.built_as} from this file"
    counted = replace(
        found,
        parameters=plan.parameters,
        active_parameters=plan.parameters - idle,
        table=plan.table_parameters,
        tied=plan.tied,
        partial=False,
        experts=found.experts or experts or None,
        experts_active=found.experts_active or (used if experts else None) or None,
        notes=(
            *(note for note in found.notes if not _is_answered(note)),
            f"Its weights were counted by {source}.",
        ),
    )
    if keys.flag("is_encoder_decoder"):
        note = "It also keeps keys and values of the text that its encoder read; they are apart."
        counted = replace(counted, notes=(*counted.notes, note))
    if found.parameters is not None and found.cache_known:
        return counted
    if not plan.layers:
        note = next((why for name, why in _OPEN.items() if plan.built_as.startswith(name)), _UNTOLD)
        return replace(counted, cache_known=False, notes=(*counted.notes, note))
    layers = [_layer(one, keys) for one in plan.layers]
    layers += [Layer(attention=Attention.UNKNOWN)] * (len(found.layers) - len(layers))
    return replace(counted, layers=tuple(layers), cache_known=True)


def _layer(kept: Kept, keys: Keys) -> Layer:
    heads, cached = keys.size(*HEADS), kept.token
    latent = keys.size("kv_lora_rank")
    if kept.token and latent:
        kind, cached = Attention.MLA, latent + keys.size("qk_rope_head_dim")
    elif kept.token and kept.state:
        kind = Attention.HYBRID
    elif kept.token:
        kind = kind_of(heads, kept.kv_heads) if kept.kv_heads else Attention.UNKNOWN
    else:
        kind = Attention.LINEAR if kept.state else Attention.NONE
    return Layer(
        attention=kind,
        heads=heads if kept.token else 0,
        kv_heads=1 if latent and kept.token else kept.kv_heads,
        head_dim=kept.head_dim,
        window=kept.window,
        cached=cached,
        state=kept.state,
    )


def _is_answered(note: str) -> bool:
    return "is not known here" in note or "not counted: they cannot" in note
