"""Passes side by side: one core a pass is faster than every core on one pass.

A core that works alone waits for no other between two operations and keeps its activations in
its own cache; on two cores that is worth a fifth.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


class Lanes:
    """Threads that each run passes of their own; `threads` is how many cores there are in all."""

    def __init__(self, threads: int) -> None:
        self.threads = max(1, threads)
        self._pool: ThreadPoolExecutor | None = None
        self._guard = threading.Lock()

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterable[Result]:
        """The results in the order of `items`; one item, or one core, needs no thread."""
        if len(items) < 2 or self.threads < 2:
            return [work(item) for item in items]
        count = min(self.threads, len(items))
        share = self.threads // count

        def alone(item: Item) -> Result:
            _compute_with(share)
            return work(item)

        try:
            return list(self._threads().map(alone, items))
        finally:
            # PyTorch gives threads that are new to it the number that was set last.
            torch.set_num_threads(self.threads)

    def close(self) -> None:
        """Let the threads go. Safe to call twice."""
        with self._guard:
            if self._pool is not None:
                self._pool.shutdown(wait=False)
            self._pool = None

    def _threads(self) -> ThreadPoolExecutor:
        with self._guard:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.threads, "elige-lane")
            return self._pool


def _compute_with(threads: int) -> None:
    """Let this thread's operations use so many cores; PyTorch keeps the number by thread."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
