"""How many weights the packed tensors of a quantised model stand for.

Layouts as GPTQ, AWQ, compressed-tensors, ModelOpt, bitsandbytes, gpt-oss and MLX write them.
"""

from collections.abc import Mapping
from typing import Any  # configurations are JSON

from elige.loader.headers import StoredTensor

_DECLARED = ("quantization_config", "compression_config", "quantization")
_WHOLE = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F4"})
_WORDS = frozenset({"I32", "U32"})
_USUAL_BITS = 4


def declared_bits(config: Mapping[str, Any]) -> int:
    """In how many bits `config` says that weights are packed; 4 where it leaves that open."""
    for part in (config, *(one for one in config.values() if isinstance(one, dict))):
        for key in _DECLARED:
            found = part.get(key)
            if isinstance(found, dict):
                return _stated(found) or _USUAL_BITS
    return _USUAL_BITS


def stands_for(tensor: StoredTensor, siblings: frozenset[str], bits: int) -> int | None:
    """Weights that `tensor` stands for among all names, None where that cannot be told.

    `bits` are those that the configuration declares.
    """
    if tensor.kind in _WHOLE:
        return tensor.count
    stem, _, last = tensor.name.rpartition(".")
    if tensor.kind in _WORDS and (last in {"qweight", "weight_packed"} or _mlx(stem, siblings)):
        return tensor.count * 32 // bits
    if tensor.kind == "U8" and (last == "weight_packed" or last.endswith("_blocks")):
        return tensor.count * 2
    beside = (f"{tensor.name}_scale", f"{tensor.name}.absmax")
    if tensor.kind == "U8" and any(one in siblings for one in beside):
        return tensor.count * 2
    if tensor.kind == "I8" and {f"{tensor.name}_scale", f"{stem}.SCB"} & siblings:
        return tensor.count
    return None


def _mlx(stem: str, siblings: frozenset[str]) -> bool:
    return f"{stem}.scales" in siblings and f"{stem}.biases" in siblings


def _stated(method: Mapping[str, Any]) -> int:
    """Bits that one method states, 0 where it states none, or several."""
    groups = method.get("config_groups")
    inner = list(groups.values()) if isinstance(groups, dict) else []
    parts = [one.get("weights") for one in inner if isinstance(one, dict)]
    found = {
        value
        for part in (method, *(one for one in parts if isinstance(one, dict)))
        for key in ("bits", "w_bit", "num_bits")
        if type(value := part.get(key)) is int and 1 <= value <= 32
    }
    return found.pop() if len(found) == 1 else 0
