"""Passes side by side: one core a pass is faster than every core on one pass.

A core that works alone waits for no other between two operations and keeps its activations in
its own cache; on two cores that is worth a fifth.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What a job came to, and the jobs that are possible now; these are next in the line."""

    result: Result
    more: "Sequence[Callable[[], Done[Result]]]" = ()


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

    def flow(self, jobs: Sequence[Callable[[], Done[Result]]]) -> list[Result]:
        """The results of all jobs and of those that they make possible, in no order."""
        line = _Line(jobs)

        def run(_: int) -> None:
            _compute_with(1)
            line.work()

        try:
            list(self._threads().map(run, range(self.threads)))
        finally:
            torch.set_num_threads(self.threads)
        return line.results

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


class _Line(Generic[Result]):
    """Jobs that wait; every thread takes the one in front until none can come any more."""

    def __init__(self, jobs: Sequence[Callable[[], Done[Result]]]) -> None:
        self.results: list[Result] = []
        self._jobs = deque(jobs)
        self._running = 0
        self._broken = False
        self._changed = threading.Condition()

    def work(self) -> None:
        while (job := self._next()) is not None:
            try:
                done = job()
            except BaseException:
                with self._changed:
                    self._broken = True  # the others stop after what they are at
                    self._changed.notify_all()
                raise
            with self._changed:
                self.results.append(done.result)
                self._jobs.extendleft(reversed(done.more))
                self._running -= 1
                self._changed.notify_all()

    def _next(self) -> Callable[[], Done[Result]] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._broken or self._jobs or not self._running)
            if self._broken or not self._jobs:
                return None
            self._running += 1
            return self._jobs.popleft()


def _compute_with(threads: int) -> None:
    """Let this thread's operations use so many cores; PyTorch keeps the number by thread."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
