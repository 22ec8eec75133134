"""Jobs on threads: lanes side by side, the jobs of one lane in turn."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from queue import Empty, Full, Queue
from threading import Thread

from elige.records import Job, Result

# The main thread wakes this often, so that Ctrl-C is noticed while workers are busy.
_WAKE_SECONDS = 0.2
# How long leaving waits, for all lanes together: a model may compute for minutes, or a server
# be silent. A thread past it ends at its next result, or with the process.
_CLOSE_SECONDS = 1.0
# Results that wait to be read; a lane that is further ahead waits for the reader.
_AHEAD = 256

_Item = tuple[Job, Result] | BaseException | None


class ThreadExecutor:
    """One thread for each lane of the jobs handed over; results come as they are ready."""

    def __init__(self) -> None:
        # Plain flags: a signal's handler must not wait for a lock that its own thread may hold.
        self._halted = False
        self._threads: list[Thread] = []

    def run(
        self, jobs: Iterable[Job], work: Callable[[Job], Iterator[Result]]
    ) -> Generator[tuple[Job, Result]]:
        """Yield each job's results as they come.

        An exception in `work` stops every lane and is raised here. Closing the iterator stops
        the lanes after the result they are working on; so does `halt`, and the iterator ends.
        """
        round_ = _Round(work)
        lanes = {} if self._halted else _by_lane(jobs)
        threads = [
            Thread(target=round_.lane, args=(lane,), daemon=True, name=name)
            for name, lane in lanes.items()
        ]
        self._threads += threads
        try:
            for thread in threads:
                thread.start()
            yield from self._drained(round_, lanes=len(lanes))
        finally:
            round_.stopped = True
            if not self._halted:  # whoever halted it is in a hurry, and closes it
                self._wait(_CLOSE_SECONDS)

    def halt(self) -> None:
        """End every run within a moment, now and later. Waits for nothing: signals may call it."""
        self._halted = True

    def close(self) -> None:
        """Stop the lanes and wait a moment for what is under way. Safe to call twice."""
        self._halted = True
        self._wait(_CLOSE_SECONDS)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        self._threads = [thread for thread in self._threads if thread.is_alive()]

    def _drained(self, round_: "_Round", *, lanes: int) -> Iterator[tuple[Job, Result]]:
        while lanes:
            halted = self._halted  # then only what is ready already is handed over
            round_.stopped |= halted
            try:
                item = round_.results.get(block=not halted, timeout=_WAKE_SECONDS)
            except Empty:
                if halted:
                    return
                continue
            if item is None:
                lanes -= 1
            elif not isinstance(item, BaseException):
                yield item
            elif not halted:  # what was stopped may well complain of it
                raise item


class _Round:
    """The lanes of one run: whatever they come to goes into `results`, None when one ends."""

    def __init__(self, work: Callable[[Job], Iterator[Result]]) -> None:
        self.results: Queue[_Item] = Queue(_AHEAD)
        self.stopped = False
        self._work = work

    def lane(self, jobs: list[Job]) -> None:
        """Do the jobs in turn until the round is stopped."""
        try:
            for job in jobs:
                if self.stopped:
                    return
                self._do(job)
        except BaseException as error:
            self._put(error)
        finally:
            self._put(None)

    def _do(self, job: Job) -> None:
        stream = self._work(job)
        try:
            for result in stream:
                if not self._put((job, result)) or self.stopped:
                    return
        finally:
            close = getattr(stream, "close", None)  # a generator gives back what it holds
            if close is not None:
                close()

    def _put(self, item: _Item) -> bool:
        """Hand `item` over once there is room; False when nobody reads any more."""
        while True:
            try:
                self.results.put(item, timeout=_WAKE_SECONDS)
                return True
            except Full:
                if self.stopped:
                    return False


def _by_lane(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    lanes: dict[str, list[Job]] = {}
    for job in jobs:
        lanes.setdefault(job.lane, []).append(job)
    return lanes
