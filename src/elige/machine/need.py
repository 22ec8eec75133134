"""Whether a model fits: what it needs in one precision, and how long a text may then be."""

from dataclasses import dataclass
from enum import StrEnum

from elige.machine.cache import Kept, longest_context, values_kept
from elige.machine.memory import RUNTIME_BYTES, MemoryNeed, activation_bytes
from elige.machine.precision import Precision

# A pass of elige's torch engine reads no more tokens at once; llama.cpp reads 512.
_PASS_TOKENS = 4096
_SHORTEST_CONTEXT = 256
# Files of one precision differ from their weights by a header and a table or two.
_ALIKE = 0.1


class Fits(StrEnum):
    """Whether memory suffices: for all that was asked, for less of it, or not at all."""

    FITS = "fits"
    PARTLY = "partly"
    NOT = "does not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """A model as its memory sees it. `head` is the table that serves as head too, 0 for none.

    Whatever is not known is 0, and so is `stored_bytes`, what its files take.
    """

    parameters: int
    hidden: int = 0
    inner: int = 0
    vocabulary: int = 0
    head: int = 0
    layers: tuple[Kept, ...] = ()
    stored_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is asked of it: tokens of context for each of `users` at once, and its cache's kind."""

    context: int
    users: int
    cache: Precision


def need_of(sizes: Sizes, kind: Precision, use: Use, *, on_cpu: bool) -> MemoryNeed:
    """The memory of a model in the precision `kind`.

    On a CPU elige's torch engine keeps a head that is tied to the table of tokens twice, laid out
    for its kernels, and the files stay mapped while weights are converted.
    """
    torch_here = bool(kind.engine) and on_cpu
    size = max(2, round(kind.bits / 8))
    tokens = min(use.context * use.users, _PASS_TOKENS)
    values = values_kept(sizes.layers, context=use.context) * use.users
    weights = kind.bytes_of(sizes.parameters + (sizes.head if torch_here else 0))
    return MemoryNeed(
        weights=weights,
        cache=use.cache.bytes_of(values),
        activations=activation_bytes(tokens, hidden=sizes.hidden, inner=sizes.inner, size=size),
        logits=use.users * sizes.vocabulary * 4,
        runtime=RUNTIME_BYTES,
        mapped=_mapped(sizes, kind) if torch_here else 0,
    )


def verdict(
    sizes: Sizes, need: MemoryNeed, use: Use, *, memory: int, most: int
) -> tuple[Fits, int]:
    """Whether `need` fits into `memory` bytes, and the longest context (up to `most`) that does.

    PARTLY is a model that fits with a shorter context for as many users, or for one.
    """
    spare = memory - need.total + need.cache
    longest = _longest(sizes, use, spare // max(1, use.users), most) if spare > 0 else 0
    if need.total <= memory:
        return Fits.FITS, longest
    alone = _longest(sizes, use, spare, most) if spare > 0 else 0
    usable = min(_SHORTEST_CONTEXT, use.context)
    return (Fits.PARTLY if max(longest, alone) >= usable else Fits.NOT), longest


def _longest(sizes: Sizes, use: Use, spare: int, most: int) -> int:
    values = int(spare * 8 // use.cache.bits)
    return longest_context(sizes.layers, values=values, most=most)


def _mapped(sizes: Sizes, kind: Precision) -> int:
    """Bytes of the open files at the peak, where they hold another precision.

    Weights of the same precision are used as they are mapped, and go back a layer at a time while
    they are laid out; others are converted with the whole file open, and the head's second copy
    is made when it is closed.
    """
    own = kind.bytes_of(sizes.parameters)
    files = sizes.stored_bytes or own
    return 0 if abs(files - own) < _ALIKE * own else max(0, files - kind.bytes_of(sizes.head))
