"""Progress on stderr: a bar for each candidate on a terminal, lines elsewhere."""

import sys
import time
from threading import Event as Flag
from threading import Thread
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from elige.records import (
    Answered,
    EngineOpening,
    Event,
    Failed,
    Noticed,
    RunStarted,
    Settled,
)
from elige.text import human_seconds

# Without a terminal, a line at least this often while work goes on.
_SILENCE_SECONDS = 1.8


class ProgressView(Protocol):
    """Draws events until it is left."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, event: Event) -> None:
        """Draw one event."""
        ...


def progress_view() -> ProgressView:
    """Bars where stderr is a terminal, lines where it is not."""
    return Bars() if sys.stderr.isatty() else Lines()


class Bars:
    """One bar a candidate, with the time left at most."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed}/{task.total}"),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            TextColumn("at most"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=self._console,
            transient=True,
        )
        self._rows: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Move the bars, and print what should stay above them."""
        match event:
            case RunStarted():
                for name in event.candidates:
                    self._rows[name] = self._progress.add_task(name, total=event.samples, note="")
            case EngineOpening() if event.candidate in self._rows:
                self._progress.update(self._rows[event.candidate], note="loading")
            case Answered():
                row = self._rows[event.candidate]
                self._progress.update(row, completed=event.done, note=f"{event.value:.0%} right")
            case Settled():
                if event.candidate in self._rows:
                    self._progress.stop_task(self._rows[event.candidate])
                self._console.print(settled_line(event), markup=False)
            case Failed() | Noticed():
                self._console.print(notice_line(event), markup=False)
            case _:
                pass


class Lines:
    """Plain lines: what happens, and a sign of life when nothing new did."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._started = self._last
        self._doing = "preparing"
        self._done = Flag()
        self._pulse = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._pulse.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._pulse.join()

    def show(self, event: Event) -> None:
        """Print what is worth a line; answers only move the sign of life on."""
        match event:
            case RunStarted():
                names = ", ".join(event.candidates)
                self._say(f"run {event.run}: {event.samples} samples, asking {names}")
            case EngineOpening():
                self._doing = f"{event.candidate}: loading"
            case Answered():
                self._doing = f"{event.candidate}: {event.done} of {event.planned}"
            case Settled():
                self._say(settled_line(event))
            case Failed() | Noticed():
                self._say(notice_line(event))
            case _:
                pass

    def _beat(self) -> None:
        while not self._done.wait(0.2):
            if time.perf_counter() - self._last > _SILENCE_SECONDS:
                elapsed = human_seconds(time.perf_counter() - self._started)
                self._say(f"{self._doing} ({elapsed})")

    def _say(self, line: str) -> None:
        self._last = time.perf_counter()
        sys.stderr.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
        sys.stderr.flush()


def settled_line(event: Settled) -> str:
    """One settled candidate in a line."""
    return f"{event.candidate}: {event.status.value} after {event.samples} samples ({event.reason})"


def notice_line(event: Failed | Noticed) -> str:
    """A failure or a notice in a line."""
    return f"{event.candidate}: {event.why}" if isinstance(event, Failed) else event.text
