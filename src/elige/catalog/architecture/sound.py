"""Refuses sizes that no model can have together."""

from collections.abc import Mapping
from typing import Any  # configurations are JSON

from elige.catalog.architecture.keys import (
    HEAD_DIM,
    HEADS,
    HIDDEN,
    KV_HEADS,
    VOCABULARY,
    WINDOWS,
    Keys,
)
from elige.errors import BadInput

_AT_LEAST_ONE = (*HIDDEN, *HEADS, *KV_HEADS, *VOCABULARY)
_FLAGS = ("tie_word_embeddings", "use_sliding_window", "use_mla", "is_encoder_decoder")
_HINT = "Compare it with the config.json at the model's source."


def check_sizes(given: Mapping[str, Any], name: str, *, looks: bool) -> None:
    """Raise `BadInput` for what `given` states and no model has.

    `looks` is false for models without attention. Values that are never read are let be.
    """
    keys = Keys(given, name)
    for one in _AT_LEAST_ONE if looks else ():
        value = given.get(one)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == 0:
            raise BadInput(f"{name}: {one} is 0; a model has at least one.", hint=_HINT)
    for one in _FLAGS:
        if isinstance(given.get(one), str):
            raise BadInput(
                f"{name}: {one} is {given[one][:40]!r}; true or false is wanted.", hint=_HINT
            )
    for one in WINDOWS:
        if isinstance(given.get(one), str):
            keys.size(one)  # says that a whole number is wanted
    heads, hidden = keys.size(*HEADS), keys.size(*HIDDEN)
    if looks and heads > hidden > 0 and not keys.size(*HEAD_DIM):
        raise BadInput(
            f"{name}: {heads:,} heads do not share {hidden:,} values of hidden_size.", hint=_HINT
        )
    _check_kinds(keys)


def _check_kinds(keys: Keys) -> None:
    kinds = keys.items("layer_types")
    if any(not isinstance(kind, str) for kind in kinds):
        raise BadInput(f"{keys.name}: layer_types holds other things than words.", hint=_HINT)
    if kinds and len(kinds) < keys.layers():
        raise BadInput(
            f"{keys.name}: layer_types names {len(kinds)} of {keys.layers()} layers.", hint=_HINT
        )
