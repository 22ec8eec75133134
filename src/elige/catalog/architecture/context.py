"""How many tokens a model reads: as trained, and as its position scaling stretches it."""

from elige.catalog.architecture.keys import CONTEXT, Keys
from elige.errors import BadInput

# Types whose factor applies to the original length; the others are already in the number stated.
_STRETCHING = frozenset({"linear", "dynamic", "yarn", "ntk"})


def context_of(keys: Keys, *, stretches: bool) -> tuple[int | None, int | None, str, str]:
    """Context in tokens, the one trained on, the kind of scaling, and a note.

    Where the length before scaling is stated, the scaled one is that times the factor, or what is
    stated if that is more; else the stated one times the factor, as inference servers take it.
    """
    stated = keys.size(*CONTEXT)
    scaling = keys.within("rope_scaling")
    if not scaling.values:
        scaling = keys.within("rope_parameters")
        whole = scaling.within("full_attention")
        scaling = whole if whole.values else scaling
    kind = scaling.text("rope_type") or scaling.text("type")
    names = ("original_max_position_embeddings", "initial_context_length")
    original = scaling.size(names[0]) or keys.size(*names)
    factor = _factor(scaling)
    trained = original or stated or None
    if not (stretches and factor > 1 and stated and kind in _STRETCHING):
        return stated or None, trained, "" if kind == "default" else kind, ""
    if not factor < 1e6:
        return stated, trained, kind, f"The scaling factor {factor} of its positions is nonsense."
    if original:
        return max(stated, round(original * factor)), original, kind, ""
    note = f"Its {stated:,} positions are stretched by {factor:g} ({kind})."
    return round(stated * factor), stated, kind, note


def _factor(scaling: Keys) -> float:
    value = scaling.values.get("factor")
    if isinstance(value, str):
        raise BadInput(
            f"{scaling.name}: the factor of rope_scaling is {value[:40]!r}; a number is wanted.",
            hint="Compare it with the config.json at the model's source.",
        )
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return float(min(value, 1e300))  # a whole number may be too large for a float
