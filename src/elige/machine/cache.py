"""What a model keeps of the tokens it has read."""

from collections.abc import Sequence
from dataclasses import dataclass

FORMULA = (
    "users x sum over layers of (values a token x min(context, window) + values a sequence) x bytes"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one layer keeps: `token` values of each token, at most of `window` of them (0: of all).

    `sequence` values are kept whatever the length.
    """

    token: int
    window: int = 0
    sequence: int = 0


def values_kept(layers: Sequence[Kept], *, context: int) -> int:
    """Values kept of one sequence of `context` tokens."""
    return sum(
        layer.token * (min(context, layer.window) if layer.window else context) + layer.sequence
        for layer in layers
    )


def longest_context(layers: Sequence[Kept], *, values: int, most: int) -> int:
    """The longest context, up to `most`, whose values do not exceed `values`; 0 if none does."""
    if values_kept(layers, context=1) > values:
        return 0
    low, high = 1, max(1, most)
    while low < high:
        middle = (low + high + 1) // 2
        if values_kept(layers, context=middle) <= values:
            low = middle
        else:
            high = middle - 1
    return low
