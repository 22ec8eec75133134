"""Which questions are read together, and on what: packs of a bounded number of tokens.

Questions are sorted by their contexts, so that those which begin alike are neighbours. What many
of them share and no single pack holds is read once, before them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from elige.engines.torch.trie import Ids, common

# Below so many tokens a shared beginning saves less than its own pass costs.
WORTH_SHARING = 32
# Packs are planned this much below their bound, so that whole questions fill them evenly.
_SLACK = 0.08

_Range = tuple[int, int]


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
    """Most tokens of a pass and most rows of logits; a single question may exceed them.

    `lanes` passes run side by side.
    """

    tokens: int
    rows: int
    lanes: int = 1


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


def families(beginnings: Sequence[Ids]) -> tuple[Ids, list[list[int]]]:
    """What all of several beginnings begin with, and which of them are best read in turn.

    Neighbours that share `WORTH_SHARING` tokens more than all of them do are of one family, by
    index: the next goes on from what the one before it has read.
    """
    if not beginnings:
        return (), []
    stem = beginnings[0][: min((common(beginnings[0], one) for one in beginnings), default=0)]
    if len(stem) < WORTH_SHARING:
        stem = ()
    found = [[0]]
    for at in range(1, len(beginnings)):
        if common(beginnings[at - 1], beginnings[at]) - len(stem) >= WORTH_SHARING:
            found[-1].append(at)
        else:
            found.append([at])
    return stem, found


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

    def _filled(self, children: Sequence[_Range], depth: int) -> Iterator[Pack]:
        """Neighbours together in packs; what is too large alone is taken apart."""
        run: list[_Range] = []
        for low, high in children:
            if self._size(low, high, depth) <= 1.0:
                run.append((low, high))
                continue
            yield from self._even(run, depth)
            run = []
            yield from self.parts(low, high, depth)
        yield from self._even(run, depth)

    def _even(self, run: Sequence[_Range], depth: int) -> Iterator[Pack]:
        """Neighbours in packs of like size; as many for each lane, where they are all there is."""
        if not run:
            return
        sizes = [self._size(low, high, depth) for low, high in run]
        count = ceil(sum(sizes) * (1.0 + _SLACK))
        if run[-1][1] - run[0][0] == len(self._loads):
            count = -(-count // self._bounds.lanes) * self._bounds.lanes
        fair = sum(sizes) / max(count, 1)
        start, before, filled, made = run[0][0], 0.0, 0.0, 0
        for (low, _), size in zip(run, sizes, strict=True):
            if start < low and (filled + size > 1.0 or before + size / 2 > fair * (made + 1)):
                yield self._pack(start, low, depth)
                start, filled, made = low, 0.0, made + 1
            before, filled = before + size, filled + size
        yield self._pack(start, run[-1][1], depth)

    def _children(self, low: int, high: int, shared: int) -> list[_Range]:
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
