"""In how many bits the weights of a quantised model are stored, as its configuration says."""

import re
from collections.abc import Iterator, Mapping
from typing import Any  # configurations are JSON

from elige.catalog.architecture.decoder import text_part
from elige.catalog.architecture.keys import Keys
from elige.catalog.architecture.record import Architecture
from elige.machine.precision import Precision

FORMULA = (
    "quantised weights x bits, their scales included, + tables, head and what is left out x 16"
)
_WHOLE = 16.0  # what is not quantised is kept in bf16 or fp16
_FIXED = {
    "mxfp4": 4.25, "nvfp4": 4.5, "fp8": 8.0, "fbgemm_fp8": 8.0, "eetq": 8.0, "bitnet": 2.0,
    "w8a8": 8.0, "w4a8": 4.0, "int8": 8.0, "mxfp8": 8.25,
}  # fmt: skip
_OWN_BITS = frozenset({"gptq", "awq", "hqq", "auto-round", "autoround", "quark", "vptq", "spqr"})
_LEFT_OUT = ("modules_to_not_convert", "ignore", "ignored_layers", "exclude_modules")
_ATTENTION = re.compile(r"attn|attention")


def stored_as(config: Mapping[str, Any], found: Architecture, *, name: str) -> Precision | None:
    """The mean bits of a weight as stored, None where none are quantised or it cannot be told.

    Attention that is left out of the quantisation stays in 16 bits: then only experts are packed.
    Raises `BadInput` for numbers that make no sense.
    """
    method = _declared(config, name)
    if method is None or not found.parameters:
        return None
    bits = _bits(method)
    packed = found.parameters - _kept_whole(found)
    if any(_ATTENTION.search(one) and "norm" not in one for one in _left_out(method)):
        packed = _experts(found)
    if not bits or packed <= 0:
        return None
    mean = _WHOLE - (_WHOLE - bits) * packed / found.parameters
    return Precision(name=f"as stored ({_title(method)})", bits=round(mean, 4), source=FORMULA)


def _declared(config: Mapping[str, Any], name: str) -> Keys | None:
    for part in (config, text_part(config)):
        for key in ("quantization_config", "compression_config"):
            if isinstance(part.get(key), dict) and part[key]:
                return Keys(part[key], name)
    return None


def _title(method: Keys) -> str:
    for key in ("quant_algo", "format", "quant_method"):
        said = method.text(key).removesuffix("-pack-quantized").removesuffix("-quantized")
        if said and said not in {"pack", "modelopt", "compressed-tensors"}:
            return said.lower()
    return "packed"


def _bits(method: Keys) -> float:
    """Bits of one quantised weight with its share of scales and zeros, 0 where that is open."""
    for said in (_title(method), method.text("quant_method")):
        if said in _FIXED:
            return _FIXED[said]
    if method.flag("load_in_8bit") or method.flag("_load_in_8bit"):
        return 8.0
    if method.flag("load_in_4bit") or method.flag("_load_in_4bit"):
        # QLoRA (Dettmers and others 2023), section 3: blocks of 64, doubly quantised of 256.
        return 4 + (0.127 if method.flag("bnb_4bit_use_double_quant") else 0.5)
    if method.text("quant_method") in _OWN_BITS:
        return _grouped(method.size("bits", "w_bit"), method, zeros=True)
    return _of_groups(method)


def _of_groups(method: Keys) -> float:
    """compressed-tensors and modelopt: groups of layers, each with bits of its own."""
    groups = [one for one in method.within("config_groups").values.values()]
    found = set()
    for group in groups:
        weights = Keys(group if isinstance(group, dict) else {}, method.name).within("weights")
        found.add(_grouped(weights.size("num_bits"), weights, zeros=False))
    return found.pop() if len(found) == 1 else 0.0


def _grouped(bits: int, method: Keys, *, zeros: bool) -> float:
    """`bits` and a scale of 16 (and a zero of as many bits as a weight) for each group."""
    size = method.values.get("group_size", method.values.get("q_group_size"))
    each = size if isinstance(size, int) and size > 0 else 0
    if not bits or not each:
        return float(bits)
    scale = 8 if method.text("type") == "float" and bits < 8 else 16
    return bits + (scale + (bits if zeros else 0)) / each


def _kept_whole(found: Architecture) -> int:
    head = 0 if found.tied else (found.vocabulary or 0) * (found.hidden or 0)
    return found.table + head


def _experts(found: Architecture) -> int:
    """Weights of all experts among which a token's are chosen; 0 where there are none."""
    count, used = found.experts or 0, found.experts_active or 0
    idle = (found.parameters or 0) - (found.active_parameters or 0)
    return idle * count // (count - used) if count > used else 0


def _left_out(method: Keys) -> Iterator[str]:
    for key in _LEFT_OUT:
        yield from (str(one) for one in method.items(key))
