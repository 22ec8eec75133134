"""Texts that begin alike as one tree of tokens, laid out for a single pass.

Sequences are sorted, so every subtree lies in one piece: a node's tokens, then all that stands
below it. What a node's tokens may look at is then a handful of slices, never a mask over all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `stop` look at all tokens `first` to `last` of the layout."""

    start: int
    stop: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Node:
    """Tokens that always follow each other: places `start` to `stop`, the first `depth` deep.

    All that stands below them ends before the place `end`.
    """

    start: int
    stop: int
    depth: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Sequences of tokens, what they share standing once.

    `ids` and `depths` describe each place of the layout; a depth counts the tokens before it in
    its own sequence. `paths` gives for each sequence handed over the places of its tokens.
    """

    ids: list[int]
    depths: list[int]
    nodes: list[Node]
    paths: list[list[int]]

    def below(self) -> list[Span]:
        """For each node that others stand on: they look at all of it."""
        return [
            Span(node.stop, node.end, node.start, node.stop)
            for node in self.nodes
            if node.end > node.stop
        ]


def common(first: Ids, second: Ids) -> int:
    """How many tokens two sequences begin with in common."""
    most = min(len(first), len(second))
    if first[:most] == second[:most]:
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle
    return low


def tree_of(sequences: Sequence[Ids]) -> Tree:
    """The tree of `sequences`; equal ones share all of their path."""
    ids: list[int] = []
    depths: list[int] = []
    open_: list[_Open] = []
    nodes: list[Node] = []
    paths: list[list[int]] = [[] for _ in sequences]
    before: Ids = ()
    path: list[int] = []
    for at in sorted(range(len(sequences)), key=sequences.__getitem__):
        sequence = sequences[at]
        shared = common(before, sequence)
        _close(open_, nodes, shared, len(ids))
        fresh = len(sequence) - shared
        if fresh:
            open_.append(_Open(start=len(ids), stop=len(ids) + fresh, depth=shared))
            path = [*path[:shared], *range(len(ids), len(ids) + fresh)]
            ids.extend(sequence[shared:])
            depths.extend(range(shared, len(sequence)))
        before, paths[at] = sequence, path[: len(sequence)]
    _close(open_, nodes, 0, len(ids))
    return Tree(ids=ids, depths=depths, nodes=sorted(nodes, key=_begin), paths=paths)


@dataclass(slots=True)
class _Open:
    """A node on the path of the sequence that was laid out last."""

    start: int
    stop: int
    depth: int


def _close(open_: list[_Open], nodes: list[Node], shared: int, end: int) -> None:
    """Take from the path what the next sequence does not share; split a node it shares in part."""
    while open_ and open_[-1].depth >= shared:
        last = open_.pop()
        nodes.append(Node(last.start, last.stop, last.depth, end))
    if open_:
        last = open_[-1]
        cut = last.start + shared - last.depth
        if cut < last.stop:
            nodes.append(Node(cut, last.stop, shared, end))
            last.stop = cut


def _begin(node: Node) -> int:
    return node.start
