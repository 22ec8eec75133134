"""Jobs on threads: lanes side by side, the jobs of one lane in turn."""

from collections.abc import Callable, Generator, Iterable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread

from elige.records import Job, Result

# The main thread wakes this often, so that Ctrl-C is noticed while workers are busy.
_WAKE_SECONDS = 0.2
# How long `close` waits for work that is under way; a thread past it dies with the process.
_CLOSE_SECONDS = 30.0

_Item = tuple[Job, Result] | BaseException | None


class ThreadExecutor:
    """One thread for each lane of the jobs handed over; results come as they are ready."""

    def __init__(self) -> None:
        self._stop = Event()
        self._threads: list[Thread] = []

    def run(
        self, jobs: Iterable[Job], work: Callable[[Job], Iterator[Result]]
    ) -> Generator[tuple[Job, Result]]:
        """Yield each job's results as they come.

        An exception in `work` stops every lane and is raised here. Closing the iterator stops
        the lanes after the result they are working on.
        """
        self._stop.clear()
        results: SimpleQueue[_Item] = SimpleQueue()
        lanes = _by_lane(jobs)
        self._threads = [
            Thread(target=self._lane, args=(lane, work, results), daemon=True, name=name)
            for name, lane in lanes.items()
        ]
        for thread in self._threads:
            thread.start()
        try:
            yield from _drained(results, lanes=len(lanes))
        finally:
            self.close()

    def close(self) -> None:
        """Stop the lanes and wait for what is under way. Safe to call twice."""
        self._stop.set()
        for thread in self._threads:
            thread.join(_CLOSE_SECONDS)
        self._threads = []

    def _lane(
        self,
        jobs: list[Job],
        work: Callable[[Job], Iterator[Result]],
        results: "SimpleQueue[_Item]",
    ) -> None:
        try:
            for job in jobs:
                stream = work(job)
                for result in stream:
                    results.put((job, result))
                    if self._stop.is_set():
                        return
        except BaseException as error:
            results.put(error)
        finally:
            results.put(None)


def _by_lane(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    lanes: dict[str, list[Job]] = {}
    for job in jobs:
        lanes.setdefault(job.lane, []).append(job)
    return lanes


def _drained(results: "SimpleQueue[_Item]", *, lanes: int) -> Iterator[tuple[Job, Result]]:
    while lanes:
        try:
            item = results.get(timeout=_WAKE_SECONDS)
        except Empty:
            continue
        if item is None:
            lanes -= 1
        elif isinstance(item, BaseException):
            raise item
        else:
            yield item
