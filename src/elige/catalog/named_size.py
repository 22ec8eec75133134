"""The size that a model's name states, against the parameters that its sources state."""

import re

from elige.catalog.lineage.names import bare, sizes, words
from elige.records import Card, Column

# 'Qwen3-0.6B' counts no embeddings, and 'OLMo-2-0425-1B' has 1.48 of them: names are rounded so.
_FACTOR = 2.0
# '17B-128E' states what works on one token, of 128 experts.
_EXPERTS = re.compile(r"\d+e")
# A million tokens of context, not parameters.
_CONTEXT = frozenset({"1m", "2m", "10m"})
_UNITS = {"b": 10**9, "m": 10**6}


def contrary_size(card: Card) -> str:
    """The size in the model's name where its parameters are far from it; '' where nothing is."""
    stated = card.value(Column.PARAMETERS)
    if not isinstance(stated, int) or stated <= 0:
        return ""
    named = named_sizes(card.model)
    if any(low / _FACTOR <= stated <= high * _FACTOR for low, high in named.values()):
        return ""
    return " and ".join(named)


def size_doubt(card: Card) -> str:
    """What is to be doubted of the parameters that are stated, in a sentence; '' for nothing."""
    named = contrary_size(card)
    if not named:
        return ""
    return (
        f"The name says {named}: one of the two is wrong, or only a part is counted (packed "
        "weights, an adapter)."
    )


def named_sizes(model: str) -> dict[str, tuple[int, int]]:
    """The sizes in a name, each with the fewest and the most parameters that it can mean.

    Experts share what is not of experts, so '8x7B' means between 7 and 56 billion.
    """
    parts = words(bare(model))
    if any(_EXPERTS.fullmatch(part) for part in parts):
        return {}
    return {one.upper(): _meant(one) for one in sorted(sizes(parts)) if one not in _CONTEXT}


def _meant(size: str) -> tuple[int, int]:
    times, _, each = size.rpartition("x")
    count = round(float(each[:-1]) * _UNITS[each[-1]])
    return count, count * int(times or 1)
