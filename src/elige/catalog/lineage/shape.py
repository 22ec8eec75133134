"""What the configurations of two models say of how one came from the other.

A larger vocabulary at equal width, heads and depth is an extended one (ELYZA's `-fast` models:
45,043 tokens where Llama 2 has 32,000). More layers at equal width and vocabulary are blocks put in
(LLaMA Pro, arXiv:2401.02415: 40 layers where Llama 2 7B has 32).
"""

from dataclasses import dataclass
from enum import StrEnum

from elige.records import Card, Column

# A few tokens for a chat template, or a vocabulary filled up to a multiple of 128, extend nothing.
_LEAST_TOKENS, _LEAST_SHARE = 256, 0.01
_SAME_SIZE = 0.1
_WIDTHS = (Column.HIDDEN, Column.HEADS)


class Match(StrEnum):
    """What a child's shape is beside its parent's."""

    SAME = "same"
    LARGER_VOCABULARY = "larger vocabulary"
    MORE_LAYERS = "more layers"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How two shapes compare, and in words what was seen."""

    match: Match
    why: str = ""


def compared(child: Card | None, parent: Card | None, *, weigh: bool = True) -> Likeness:
    """The shape of `child` beside that of `parent`; unknown where too little is known of them.

    `weigh` compares their numbers of parameters too, which quantised copies state in other ways.
    """
    if child is None or parent is None:
        return Likeness(match=Match.UNKNOWN)
    pairs = {column: _pair(child, parent, column) for column in _WIDTHS}
    kinds = _words(child), _words(parent)
    if all(kinds) and kinds[0] != kinds[1]:
        return Likeness(match=Match.OTHER, why=f"its architecture is {kinds[0]}, not {kinds[1]}")
    for column, pair in pairs.items():
        if pair is not None and pair[0] != pair[1]:
            return Likeness(
                match=Match.OTHER, why=f"{column} is {pair[0]:,}, the parent's {pair[1]:,}"
            )
    if pairs[Column.HIDDEN] is None:
        return _by_size(child, parent) if weigh else Likeness(match=Match.UNKNOWN)
    return _deeper(child, parent)


def _deeper(child: Card, parent: Card) -> Likeness:
    layers = _pair(child, parent, Column.LAYERS)
    tokens = _pair(child, parent, Column.VOCABULARY)
    if layers is None or tokens is None:
        return Likeness(match=Match.UNKNOWN)
    words = f"{tokens[0]:,} tokens where the parent has {tokens[1]:,}"
    if layers[0] == layers[1]:
        if _extends(*tokens):
            return Likeness(match=Match.LARGER_VOCABULARY, why=f"{words}, at equal width and depth")
        if _extends(tokens[1], tokens[0]):
            return Likeness(match=Match.OTHER, why=words)
        return Likeness(match=Match.SAME)
    told = f"{layers[0]} layers where the parent has {layers[1]}"
    if layers[0] < layers[1] or _extends(tokens[1], tokens[0]) or not _by_layers(child, parent):
        return Likeness(match=Match.OTHER, why=told)
    return Likeness(match=Match.MORE_LAYERS, why=f"{told}, at equal width")


def _extends(more: int, less: int) -> bool:
    return more - less >= max(_LEAST_TOKENS, _LEAST_SHARE * less)


def _by_layers(child: Card, parent: Card) -> bool:
    """Whether each added layer weighs about what the parent's do; true where that is not known."""
    parameters = _pair(child, parent, Column.PARAMETERS)
    layers = _pair(child, parent, Column.LAYERS)
    tokens = _number(parent, Column.VOCABULARY)
    hidden = _number(parent, Column.HIDDEN)
    if parameters is None or layers is None or not tokens or not hidden:
        return True
    least = (parameters[1] - 2 * tokens * hidden) / layers[1]
    most = (parameters[1] - tokens * hidden) / layers[1]
    added = (parameters[0] - parameters[1]) / (layers[0] - layers[1])
    return 0.75 * least <= added <= 1.25 * most


def _by_size(child: Card, parent: Card) -> Likeness:
    pair = _pair(child, parent, Column.PARAMETERS)
    if pair is None:
        return Likeness(match=Match.UNKNOWN)
    if abs(pair[0] - pair[1]) > _SAME_SIZE * pair[1]:
        return Likeness(
            match=Match.OTHER, why=f"{pair[0]:,} parameters, the parent has {pair[1]:,}"
        )
    return Likeness(match=Match.UNKNOWN)


def _words(card: Card) -> str:
    value = card.value(Column.ARCHITECTURE)
    return value.casefold() if isinstance(value, str) and value.casefold() != "unknown" else ""


def _pair(child: Card, parent: Card, column: Column) -> tuple[int, int] | None:
    pair = _number(child, column), _number(parent, column)
    return (pair[0], pair[1]) if pair[0] and pair[1] else None


def _number(card: Card, column: Column) -> int:
    value = card.value(column)
    return int(value) if isinstance(value, int | float) and value > 0 else 0
