"""Rows of one length that are read whole and go on in step.

For models whose memory is not keys and values alone, or whose keys change as a text grows.
"""

from collections.abc import Sequence
from typing import Any  # caches of transformers

import torch
from torch import Tensor

from elige.engines.torch.network import Limits, Network, Tokens
from elige.engines.torch.row import Row

# These read their text anew once it passes the length they were first trained for.
_READ_ANEW = frozenset({"phi3", "phimoe"})


class Lockstep:
    """Reads the prompts, then one token of each row that is left."""

    def __init__(self, network: Network, rows: Sequence[Row], limits: Limits) -> None:
        self._network = network
        self._limits = limits
        self._rows = list(rows)
        self._cache: Any = network.new_cache()
        self._mask: Tensor | None = None

    def read(self) -> tuple[list[Row], Tensor] | None:
        """The rows that are not done, and the logits of the next token of each."""
        alive = [at for at, row in enumerate(self._rows) if row.finish is None]
        tokens = self._next(alive) if alive else None
        if tokens is None:
            return None
        logits = self._network.last(tokens, self._cache, self._limits)
        self._mask = tokens.mask
        return self._rows, logits

    def _next(self, alive: Sequence[int]) -> Tokens:
        fewer = len(alive) < len(self._rows)
        self._rows = [self._rows[at] for at in alive]
        if self._reads_anew():
            self._cache, self._mask = self._network.new_cache(), None
        if self._mask is None or not self._network.has_cache:
            return self._network.batch([row.ids for row in self._rows], left=True)
        if fewer:
            kept = torch.tensor(alive, device=self._mask.device)
            self._network.keep_rows(self._cache, kept)
            self._mask = self._mask[kept]
        last = [row.written[-1:] for row in self._rows]
        return self._network.batch(last, left=True, before=self._mask)

    def _reads_anew(self) -> bool:
        config = self._network.model.config
        bound = getattr(config, "original_max_position_embeddings", None)
        return config.model_type in _READ_ANEW and self._rows[0].length - 1 == bound
