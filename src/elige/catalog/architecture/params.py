"""Meta's own `params.json`, which lies beside Llama's first weights: its sizes by usual names."""

from collections.abc import Mapping
from typing import Any  # configurations are JSON

from elige.catalog.architecture.keys import Keys

_MARKS = frozenset({"dim", "n_layers", "n_heads", "multiple_of"})


def is_params(config: Mapping[str, Any]) -> bool:
    """Whether `config` is such a file: no other names the step of its inner width like this."""
    return config.keys() >= _MARKS and not config.keys() & {"model_type", "architectures"}


def from_params(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same as a configuration; the inner width by the rule of Llama's `model.py`.

    Two thirds of four times the stream, times a factor, rounded up to a step. A vocabulary of -1
    stands for the tokenizer's: Llama's usual one is then taken, and a note says so.
    """
    keys = Keys(config, name)
    step = keys.size("multiple_of") or 1
    inner = int(keys.ratio("ffn_dim_multiplier", 1.0) * int(8 * keys.size("dim") / 3))
    found = {"model_type": "llama", "hidden_dim": step * -(-inner // step), **config}
    if found.get("vocab_size") == -1:
        del found["vocab_size"]
    return found
