"""Texts written token by token, a batch of prompts at once.

The main path is *read, pick, write*: read the prompts, pick each row's next token, write it into
the row's text. Rows that are done leave the batch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any  # caches of transformers

import torch
from torch import Tensor

from elige.engines.torch.network import Limits, Network, Tokens
from elige.engines.torch.sampler import pick
from elige.engines.torch.tokenise import Encoded
from elige.engines.torch.writer import Writer
from elige.records import Answer, Finish, Piece, Sampling

# More rows than this wait for each other longer than they gain.
MOST_ROWS = 64


@dataclass(slots=True, kw_only=True)
class Row:
    """One prompt on its way: `budget` is the most tokens it may write, `ends` those that end it."""

    index: int
    prompt: Encoded
    writer: Writer
    roll: torch.Generator
    budget: int
    ends: frozenset[int]
    written: list[int] = field(default_factory=list)
    seconds: float = 0.0
    finish: Finish | None = None

    @property
    def ids(self) -> list[int]:
        """All tokens so far, the prompt's first."""
        return [*self.prompt.ids, *self.written]

    @property
    def size(self) -> int:
        """Tokens it may come to hold."""
        return len(self.prompt.ids) + self.budget

    def write(self, token: int) -> Iterator[Piece]:
        """Take one more token; sets `finish` when it was the last one."""
        self.written.append(token)
        if token in self.ends:
            self.finish = Finish.STOP
        else:
            yield from self._pieces(self.writer.feed(token))
            if self.writer.stopped:
                self.finish = Finish.STOP
            elif len(self.written) >= self.budget:
                self.finish = Finish.LENGTH
        if self.finish is not None:
            yield from self._pieces(self.writer.finish())

    def answer(self) -> Answer:
        """The whole answer of a finished row."""
        written = self.writer.written
        return Answer(
            text="".join(written.text),
            reasoning="".join(written.reasoning),
            finish=self.finish or Finish.STOP,
            unclosed=self.writer.unclosed,
            prompt_tokens=len(self.prompt.ids),
            completion_tokens=len(self.written),
            reasoning_tokens=written.reasoning_tokens,
            seconds=self.seconds,
            bos=self.prompt.bos,
            template=self.prompt.template,
        )

    def _pieces(self, parts: Sequence[tuple[bool, str]]) -> Iterator[Piece]:
        for reasoning, text in parts:
            yield Piece(index=self.index, text=text, reasoning=reasoning)


def batches(network: Network, rows: Sequence[Row], limits: Limits) -> Iterator[list[Row]]:
    """Rows that are written together: of like length, or of one length where filling is unsafe."""
    batch: list[Row] = []
    for row in sorted(rows, key=lambda row: len(row.prompt.ids)):
        room = limits.cached // max([row.size, *(other.size for other in batch)])
        room = min(room, limits.logits, MOST_ROWS)
        alike = not batch or len(batch[0].prompt.ids) == len(row.prompt.ids)
        if batch and (len(batch) >= room or not (network.shareable or alike)):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def write(
    network: Network, rows: list[Row], sampling: Sampling, limits: Limits
) -> Iterator[tuple[Row, Piece | None]]:
    """Every row's pieces as they come; a row that is done comes once more, with None."""
    state = _State(network, limits)
    logits = state.read(rows)
    while rows:
        start = perf_counter()
        tokens = pick(logits, [row.ids for row in rows], [row.roll for row in rows], sampling)
        _share_time(rows, perf_counter() - start)
        for row, token in zip(rows, tokens, strict=True):
            for piece in row.write(token):
                yield row, piece
            if row.finish is not None:
                yield row, None
        alive = [at for at, row in enumerate(rows) if row.finish is None]
        rows = [rows[at] for at in alive]
        if rows:
            logits = state.read_on(rows, alive)


class _State:
    """What the model has read of each row."""

    def __init__(self, network: Network, limits: Limits) -> None:
        self._network = network
        self._limits = limits
        self._cache: Any = network.new_cache()
        self._mask: Tensor | None = None

    def read(self, rows: Sequence[Row]) -> Tensor:
        """Read the prompts; logits of the next token, [rows, vocabulary]."""
        start = perf_counter()
        tokens = self._network.batch([row.prompt.ids for row in rows], left=True)
        logits = self._network.last(tokens, self._cache, self._limits)
        self._mask = tokens.mask
        _share_time(rows, perf_counter() - start)
        return logits

    def read_on(self, rows: Sequence[Row], alive: Sequence[int]) -> Tensor:
        """Read the last token of the rows that are left; `alive` are their places before."""
        start = perf_counter()
        tokens = self._next(rows, alive)
        logits = self._network.last(tokens, self._cache, self._limits)
        self._mask = tokens.mask
        _share_time(rows, perf_counter() - start)
        return logits

    def _next(self, rows: Sequence[Row], alive: Sequence[int]) -> Tokens:
        if self._mask is None or not self._network.has_cache:
            return self._network.batch([row.ids for row in rows], left=True)
        if len(alive) < len(self._mask):
            kept = torch.tensor(alive, device=self._mask.device)
            self._network.keep_rows(self._cache, kept)
            self._mask = self._mask[kept]
        return self._network.batch([row.written[-1:] for row in rows], left=True, before=self._mask)


def _share_time(rows: Sequence[Row], seconds: float) -> None:
    """Each row bears its share of the batch's time."""
    for row in rows:
        row.seconds += seconds / len(rows)
