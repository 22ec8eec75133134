"""Which questions are read together, and on what: packs of a bounded number of tokens.

Questions are sorted by their contexts, so that those which begin alike are neighbours. What many
of them share and no single pack holds is read once, before them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from elige.engines.torch.trie import Ids, common

# Below so many tokens a shared beginning saves less than its own pass costs.
WORTH_SHARING = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A question as work: `rows` counts the log-probabilities wanted, `tokens` its tails'."""

    index: int
    context: Ids
    tokens: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Questions read in one pass, by index, after the `before` tokens that all begin with."""

    before: Ids
    questions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Most tokens of a pass and most rows of logits; a single question may exceed them."""

    tokens: int
    rows: int


def packs(loads: Sequence[Load], bounds: Bounds, known: Sequence[Ids] = ()) -> list[Pack]:
    """Every question in one pack, packs on the same beginning next to each other.

    What all of several questions begin with is read apart even where one pack would hold it: the
    next call begins so too. `known` are beginnings that were read already.
    """
    ordered = sorted(loads, key=lambda load: (load.context, load.index))
    if not ordered:
        return []
    return list(_Plan(ordered, bounds).whole(known))


def unique_tokens(loads: Sequence[Load]) -> int:
    """Tokens of all questions, what their contexts share counted once."""
    ordered = sorted(loads, key=lambda load: load.context)
    plan = _Plan(ordered, Bounds(tokens=1, rows=1))
    return int(sum(plan.fresh(at, at == 0, 0) for at in range(len(ordered))))


class _Plan:
    def __init__(self, loads: list[Load], bounds: Bounds) -> None:
        self._loads = loads
        self._bounds = bounds
        pairs = zip(loads, loads[1:], strict=False)
        # How much of its context each question shares with the one before it.
        self._alike = [0, *(common(one.context, two.context) for one, two in pairs)]

    def whole(self, known: Sequence[Ids]) -> Iterator[Pack]:
        """The packs of all questions."""
        high = len(self._loads)
        shared = self._shared(0, high)
        if high == 1:
            shared = min(
                shared, max((common(self._loads[0].context, one) for one in known), default=0)
            )
        yield from self.parts(0, high, shared if shared >= WORTH_SHARING else 0)

    def fresh(self, at: int, leads: bool, depth: int) -> int:
        """Tokens that question `at` adds to a pack that stands on `depth` tokens."""
        load = self._loads[at]
        known = depth if leads else max(depth, self._alike[at])
        return len(load.context) - known + load.tokens

    def parts(self, low: int, high: int, depth: int) -> Iterator[Pack]:
        """The packs of questions `low` to `high`, which all share `depth` tokens that are read."""
        if self._size(low, high, depth) <= 1.0:
            yield self._pack(low, high, depth)
            return
        shared = self._shared(low, high)
        if shared - depth >= WORTH_SHARING:
            yield from self.parts(low, high, shared)
        elif high - low == 1:
            yield self._pack(low, high, max(depth, shared))
        else:
            yield from self._filled(self._children(low, high, shared), depth)

    def _filled(self, children: Sequence[tuple[int, int]], depth: int) -> Iterator[Pack]:
        """Neighbours together until a pack is full; what is too large alone is taken apart."""
        start, filled = children[0][0], 0.0
        for low, high in children:
            size = self._size(low, high, depth)
            if start < low and filled + size > 1.0:
                yield self._pack(start, low, depth)
                start, filled = low, 0.0
            if size > 1.0:
                yield from self.parts(low, high, depth)
                start, filled = high, 0.0
            else:
                filled += size
        if start < children[-1][1]:
            yield self._pack(start, children[-1][1], depth)

    def _children(self, low: int, high: int, shared: int) -> list[tuple[int, int]]:
        """The questions in runs that share more than all of them do; else one by one."""
        cuts = [at for at in range(low + 1, high) if self._alike[at] <= shared]
        cuts = cuts or list(range(low + 1, high))
        return list(zip([low, *cuts], [*cuts, high], strict=True))

    def _shared(self, low: int, high: int) -> int:
        """Tokens that all these contexts begin with; each keeps one of its own."""
        lengths = [len(load.context) for load in self._loads[low:high]]
        return min([min(lengths) - 1, *self._alike[low + 1 : high]])

    def _size(self, low: int, high: int, depth: int) -> float:
        """How full these questions make a pack; 1.0 is full."""
        tokens = sum(self.fresh(at, at == low, depth) for at in range(low, high))
        rows = sum(load.rows for load in self._loads[low:high])
        return max(tokens / self._bounds.tokens, rows / self._bounds.rows)

    def _pack(self, low: int, high: int, depth: int) -> Pack:
        return Pack(
            before=self._loads[low].context[:depth],
            questions=tuple(load.index for load in self._loads[low:high]),
        )
