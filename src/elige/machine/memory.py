"""What a model needs of memory, by what holds it, and whether that is there."""

from collections.abc import Iterable
from dataclasses import dataclass

from elige.errors import DoesNotFit
from elige.records import Fact, FactKind
from elige.text import human_bytes

# Python with torch and transformers imported, before any weight: 0.45 GB measured on Linux, CPU.
RUNTIME_BYTES = 500_000_000
# Live copies of a token's hidden state in one layer: input, residual, norm, q, k, v, output.
_HIDDEN_COPIES = 8
FORMULA = "weights + keys and values + activations + logits + runtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeed:
    """Bytes, by what they hold; `mapped` are the files of the weights while they are open."""

    weights: int
    cache: int
    activations: int
    logits: int
    runtime: int = RUNTIME_BYTES
    mapped: int = 0

    @property
    def total(self) -> int:
        """All that has to be there; what is `mapped` can be read again and is not part of it."""
        return self.weights + self.cache + self.activations + self.logits + self.runtime

    @property
    def peak(self) -> int:
        """The most that the process holds, as the system counts it: the mapped files as well."""
        return self.total + self.mapped

    def fact(self) -> Fact:
        """The total in bytes, marked as an estimate with its formula."""
        return Fact(value=self.total, kind=FactKind.ESTIMATED, source=FORMULA)


def together(needs: Iterable[MemoryNeed | None]) -> MemoryNeed | None:
    """What several models take that are loaded at once and read one after another; None of none.

    The runtime is there once; activations and logits are those of the largest.
    """
    known = [one for one in needs if one is not None]
    if not known:
        return None
    return MemoryNeed(
        weights=sum(one.weights for one in known),
        cache=sum(one.cache for one in known),
        activations=max(one.activations for one in known),
        logits=max(one.logits for one in known),
        runtime=max(one.runtime for one in known),
    )


def activation_bytes(tokens: int, *, hidden: int, inner: int, size: int) -> int:
    """Bytes of one layer's activations while `tokens` are read; those of the others are freed."""
    return tokens * (_HIDDEN_COPIES * hidden + 3 * inner) * size


def check_fits(name: str, need: MemoryNeed, *, available_bytes: int, limit_bytes: int = 0) -> None:
    """Refuse, with `DoesNotFit`, a model that would need more than is free or was allowed."""
    if limit_bytes and need.total > limit_bytes:
        raise DoesNotFit(
            f"{name} needs about {human_bytes(need.total)} of memory (estimated), "
            f"more than the {human_bytes(limit_bytes)} allowed.",
            hint="Raise --max-memory, or choose a smaller model or dtype=bf16.",
        )
    if need.total > available_bytes:
        raise DoesNotFit(
            f"{name} needs about {human_bytes(need.total)} of memory (estimated), "
            f"but only {human_bytes(available_bytes)} are free.",
            hint="Choose a smaller model or dtype=bf16, or close other programs.",
        )
