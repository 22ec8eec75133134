"""Progress without a terminal: plain lines, and a sign of life that shows what advances."""

import time
from collections import deque
from collections.abc import Callable
from threading import Event as Flag
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from elige.cli.screen import shortened_name
from elige.records import (
    Answered,
    Event,
    Failed,
    Noticed,
    RunStarted,
    Settled,
    Status,
)
from elige.text import human_seconds

# A sign of life comes this often while work goes on; the goal is never to be silent for longer.
_BEAT_SECONDS = 1.9
# The rate is that of the last so many seconds, noted so often.
_WINDOW_SECONDS, _NOTE_SECONDS = 20.0, 0.05
_NAMES_SHOWN, _NAME_WIDTH = 4, 28
_REASONED = {Status.OPEN, Status.REJECTED}


class Pulse:
    """Calls `beat` with the seconds since the start, every two seconds until it is left.

    `hold` puts the next beat off, for when something else was said.
    """

    def __init__(self, beat: Callable[[float], None]) -> None:
        self._beat = beat
        self._started = self._last = time.perf_counter()
        self._done = Flag()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def hold(self) -> None:
        """Something was said: the next beat is two seconds from now."""
        self._last = time.perf_counter()

    def _run(self) -> None:
        while not self._done.wait(0.1):
            moment = time.perf_counter()
            if moment - self._last >= _BEAT_SECONDS:
                self._last = moment
                self._beat(moment - self._started)


class Lines:
    """Plain lines: what happens, and every two seconds how far the asking is."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._write = say
        self._pulse = Pulse(self._beat)
        self._lock = Lock()
        self._tally = Tally()

    def __enter__(self) -> Self:
        self._pulse.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pulse.__exit__(kind, error, trace)

    def show(self, event: Event) -> None:
        """Print what is worth a line; answers only move the sign of life on."""
        with self._lock:
            line = self._tally.note(event, time.perf_counter())
        if line:
            self._pulse.hold()
            self._write(line)

    def _beat(self, seconds: float) -> None:
        with self._lock:
            line = self._tally.line(time.perf_counter())
        self._write(f"{line} ({human_seconds(seconds)})")


class Tally:
    """How far everybody is, as it can be told in a line."""

    def __init__(self) -> None:
        self._done: dict[str, int] = {}
        self._planned: dict[str, int] = {}
        self._settled: set[str] = set()
        self._failures: dict[tuple[str, str], int] = {}
        self._asked: deque[tuple[float, int]] = deque()  # moments, and the answers asked by then
        self._paid = 0
        self._answers = 0
        self._told = 0
        self._doing = "for the first answers"

    def note(self, event: Event, moment: float) -> str:
        """Take note of `event`; the line that it is worth at once, '' for none."""
        match event:
            case RunStarted():
                self._planned = dict.fromkeys(event.candidates, event.samples)
                names = ", ".join(event.candidates)
                return f"run {event.run}: {event.samples} samples, asking {names}"
            case Answered():
                self._answered(event, moment)
            case Settled():
                self._settled.add(event.candidate)
                return settled_line(event)
            case Failed():
                return self._failed(event)
            case Noticed():
                return event.text
            case _:
                pass
        return ""

    def line(self, moment: float) -> str:
        """What advanced since the last time, with the rate and the time left at most."""
        if self._answers == self._told:
            return f"waiting {self._doing}"
        self._told = self._answers
        planned = sum(self._planned.values())
        parts = [f"{sum(self._done.values())} of at most {planned} answers{self._each()}"]
        if rate := self._rate(moment):
            left = sum(
                self._planned[name] - self._done.get(name, 0)
                for name in self._planned
                if name not in self._settled
            )
            parts += [f"{rate:.3g} a second", f"at most {human_seconds(left / rate)} left"]
        if failed := sum(self._failures.values()):
            parts.append(f"{failed} failed")
        return ", ".join(parts)

    def _answered(self, event: Answered, moment: float) -> None:
        self._done[event.candidate] = event.done
        self._planned[event.candidate] = event.planned
        self._doing = "for the next answers"
        self._answers += 1
        if not event.cached:
            self._paid += 1
            if not self._asked or moment - self._asked[-1][0] >= _NOTE_SECONDS:
                self._asked.append((moment, self._paid))

    def _failed(self, event: Failed) -> str:
        """The first failure of a kind is told at once, the others are counted."""
        key = (event.candidate, event.why)
        self._failures[key] = self._failures.get(key, 0) + 1
        return notice_line(event) if self._failures[key] == 1 else ""

    def _each(self) -> str:
        asked = [name for name in self._planned if name not in self._settled]
        if not 1 < len(asked) <= _NAMES_SHOWN:
            return ""
        each = (f"{shortened_name(name, _NAME_WIDTH)} {self._done.get(name, 0)}" for name in asked)
        return f" ({', '.join(each)})"

    def _rate(self, moment: float) -> float:
        """Answers a second of late; 0.0 when that cannot be told."""
        while self._asked and self._asked[0][0] < moment - _WINDOW_SECONDS:
            self._asked.popleft()
        if not self._asked or self._paid - self._asked[0][1] < 1:
            return 0.0
        began, before = self._asked[0]
        return (self._paid - before + 1) / max(0.1, moment - began)


def settled_line(event: Settled) -> str:
    """One settled candidate in a line, with the reason where its state does not say it."""
    told = f"{event.candidate}: {event.status.value} after {event.samples} samples"
    return f"{told}, {event.reason}" if event.status in _REASONED else told


def notice_line(event: Failed | Noticed) -> str:
    """A failure or a notice in a line."""
    return f"{event.candidate}: {event.why}" if isinstance(event, Failed) else event.text
