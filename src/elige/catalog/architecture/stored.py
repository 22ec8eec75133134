"""Corrects an architecture by what lies in its weight files: they cannot be wrong about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from elige.catalog.architecture.record import Architecture
from elige.catalog.architecture.unpacked import stands_for
from elige.loader.headers import StoredTensor
from elige.loader.survey import Survey

# What stands in weight files beside weights: masks and frequencies of older versions of
# transformers, and the scales of quantised weights.
_NO_WEIGHT = re.compile(
    r"(?:rotary_emb\.inv_freq|masked_bias|(?:^|\.)h\.\d+\.attn\.bias|scale_inv|_scale(?:_2)?"
    r"|[._]scales|qzeros|g_idx|e_score_correction_bias|absmax|quant_map|position_ids|zero_point"
    r"|weight_shape|SCB|weight_format|\.biases|\.quant_state\..*)$"
)
_LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks)\.(\d+)\.")
_WHOLE = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F4"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Weights in files: how many, in how many bytes, and those that only draft tokens ahead.

    `parameters` is None where some are packed in a way that does not show their number; `packed` is
    true where some are packed at all.
    """

    parameters: int | None
    drafting: int
    size_bytes: int
    packed: bool = False


def counted(tensors: Iterable[StoredTensor], layers: int, *, bits: int = 4) -> Counted:
    """What the tensors of a model with so many `layers` hold; layers beyond them draft tokens.

    `bits` are those that packed weights are declared to take.
    """
    listed = list(tensors)
    names = frozenset(tensor.name for tensor in listed)
    total = drafting = 0
    packed = hidden = False
    for tensor in listed:
        if _NO_WEIGHT.search(tensor.name):
            continue
        stood = stands_for(tensor, names, bits)
        packed, hidden = packed or tensor.kind not in _WHOLE, hidden or stood is None
        if _drafts(tensor.name, layers):
            drafting += stood or 0
        else:
            total += stood or 0
    return Counted(
        parameters=None if hidden else total,
        drafting=drafting,
        size_bytes=sum(tensor.size_bytes for tensor in listed),
        packed=packed,
    )


def with_tensors(
    found: Architecture, tensors: Iterable[StoredTensor], *, bits: int = 4
) -> Architecture:
    """`found` with the number of weights that its files hold, where that shows.

    Of packed weights (in `bits`) the configuration tells the number where it can. A head that is
    tied by the configuration but stored all the same is counted once.
    """
    listed = list(tensors)
    count = counted(listed, len(found.layers), bits=bits)
    told = found.parameters is not None and not found.partial
    if count.parameters is None or (count.packed and told):
        return replace(found, notes=(*found.notes, _PACKED))
    heads = [one for one in listed if one.name in {"lm_head.weight", "output.weight"}]
    twice = sum(head.count for head in heads) if found.tied and found.parameters else 0
    total = count.parameters - (twice if _is_double(listed) else 0)
    notes = [note for note in found.notes if "not counted: they cannot" not in note]
    if count.drafting:
        notes.append(f"{count.drafting:,} weights that only draft tokens ahead are not counted.")
    return replace(
        found,
        notes=tuple(notes),
        parameters=total,
        active_parameters=_active(found, total),
        partial=False,
    )


_PACKED = "Its weights are stored packed; their number is that of the configuration."


def with_survey(found: Architecture, survey: Survey) -> Architecture:
    """`found` with the number of weights that its GGUF file holds."""
    if not survey.parameters:
        return found
    idle = 0
    if found.experts:
        unused = found.experts - (found.experts_active or found.experts)
        idle = survey.expert_parameters * unused // found.experts
    return replace(
        found,
        tied=survey.tied,
        parameters=survey.parameters,
        active_parameters=survey.parameters - idle,
        table=survey.table_parameters,
    )


def _active(found: Architecture, total: int) -> int | None:
    if found.parameters is None or found.active_parameters is None:
        return None if found.experts else total
    return total - (found.parameters - found.active_parameters)


def _drafts(name: str, layers: int) -> bool:
    place = _LAYER.search(name)
    beyond = place is not None and int(place[1]) >= layers > 0 and "vision" not in name
    return name.startswith("mtp.") or ".mtp." in name or (beyond and "visual" not in name)


def _is_double(tensors: list[StoredTensor]) -> bool:
    names = {one.name.rpartition(".")[0].rpartition(".")[2] for one in tensors}
    return bool(names & {"embed_tokens", "wte", "word_embeddings", "embed_in"})
