"""A line of rows before the model: some are written, the others wait for a place.

Rows may stand in any columns here, so one that is done gives its place to another at any time.
"""

from collections import deque
from collections.abc import Sequence

import torch
from torch import Tensor

from elige.engines.torch.beginnings import beginnings
from elige.engines.torch.network import Limits, Network, Tokens
from elige.engines.torch.reading import Waiting, columns, packs, read
from elige.engines.torch.row import Row
from elige.engines.torch.slab import Slab

# More rows than this wait for each other longer than they gain.
MOST_ROWS = 64
# Rows that wait come in when they would be this share of all rows, so that they are read together.
WORTH_JOINING = 0.25

Turn = tuple[list[Row], Tensor]


class Line:
    """Reads packs of new rows while there is place, else one token of each row at work.

    `limits.cached` bounds what the rows at work may come to hold, with their beginnings; a pack
    that was just read is held twice while it joins.
    """

    def __init__(self, network: Network, rows: Sequence[Row], limits: Limits) -> None:
        self._network = network
        self._limits = limits
        found = beginnings([row.prompt.ids for row in rows])
        self._waiting = deque((rows[at], Waiting(rows[at].prompt.ids, b)) for at, b in found)
        self._packs: deque[list[tuple[Row, Waiting]]] = deque()
        self._rows: list[Row] = []
        self._slab: Slab | None = None
        self._fresh: tuple[list[Row], Slab] | None = None

    def read(self) -> Turn | None:
        """Rows that are not done, and the logits of the next token of each; None at the end."""
        self._settle()
        if not self._packs:
            self._admit()
        if self._packs:
            return self._read_pack(self._packs.popleft())
        if not self._rows:
            return None
        tokens = self._last_tokens()
        return self._rows, self._network.last(tokens, self._slab, self._limits)

    def _settle(self) -> None:
        """Let rows go that are done, and put those that were just read beside the others."""
        if self._fresh is not None:
            rows, slab = self._fresh
            self._fresh = None
            rows = _leave(rows, slab)
            if rows and self._slab is not None:
                self._slab.join(slab)
            elif rows:
                self._slab = slab
            self._rows = [*self._rows, *rows]
        elif self._slab is not None:
            self._rows = _leave(self._rows, self._slab)
            if not self._rows:
                self._slab = None

    def _admit(self) -> None:
        """Take as many of those that wait as there is room for, when that is worth a pass."""
        size = max((row.size for row in self._rows), default=0)
        room = min(self._limits.logits, MOST_ROWS) - len(self._rows)
        count = 0
        for row, waiting in self._waiting:
            size = max(size, row.size)
            held = waiting.beginning.held if waiting.beginning else 0
            taken = len(self._rows) + count
            if taken and (count >= room or (taken + 1) * size + held > self._limits.cached):
                break
            count += 1
        all_of_them = count == len(self._waiting)
        if all_of_them or not self._rows or count >= WORTH_JOINING * (len(self._rows) + count):
            joining = [self._waiting.popleft() for _ in range(count)]
            for pack in packs([waiting for _, waiting in joining], self._limits):
                self._packs.append([joining[at] for at in pack])

    def _read_pack(self, pack: Sequence[tuple[Row, Waiting]]) -> Turn:
        slab, logits = read(self._network, [waiting for _, waiting in pack], self._limits)
        rows = [row for row, _ in pack]
        self._fresh = (rows, slab)
        return rows, logits

    def _last_tokens(self) -> Tokens:
        lengths = [row.length for row in self._rows]
        device = self._network.device
        last = torch.tensor([[row.written[-1]] for row in self._rows], device=device)
        mask, positions = columns(torch.tensor(lengths, device=device), max(lengths), 1)
        return Tokens(ids=last, mask=mask, positions=positions)


def _leave(rows: list[Row], slab: Slab) -> list[Row]:
    """The rows that are not done; of the slab only theirs is kept."""
    alive = [at for at, row in enumerate(rows) if row.finish is None]
    if len(alive) == len(rows):
        return rows
    count = len(alive)
    holes = [at for at in range(count) if rows[at].finish is not None]
    movers = [at for at in alive if at >= count]
    moves = list(zip(movers, holes, strict=True))
    kept = rows[:count]
    for source, target in moves:
        kept[target] = rows[source]
    # The token written last is not read yet.
    length = max((row.length - 1 for row in kept), default=0)
    slab.leave(moves, count, length)
    return kept
