"""Progress on stderr: a bar for each candidate on a terminal, lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from elige.cli.lines import Lines, Pulse, notice_line, settled_line
from elige.cli.screen import shortened_name, stderr_console
from elige.records import Answered, Event, Failed, Noticed, RunStarted, Settled
from elige.text import human_seconds

# What stands beside the name on a line of progress.
_FIGURES_WIDTH = 56


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


class Talk:
    """What a command says on stderr while it works."""

    def __init__(self) -> None:
        self._console = stderr_console()

    def say(self, text: str) -> None:
        """One line, above the bars if there are any."""
        self._console.print(text, markup=False, soft_wrap=True)

    def view(self) -> ProgressView:
        """Bars on a terminal, lines elsewhere."""
        return Bars(self._console) if self._console.is_terminal else Lines(self.say)

    @contextmanager
    def waiting(self, doing: str) -> Iterator[None]:
        """Say every two seconds that `doing` goes on, for as long as it does."""
        with Pulse(lambda seconds: self.say(f"{doing} ({human_seconds(seconds)})")):
            yield

    @contextmanager
    def counting(self, doing: Callable[[], str]) -> Iterator[None]:
        """Show every two seconds what `doing` says: in one place on a terminal, lines elsewhere."""
        if not self._console.is_terminal:
            with Pulse(lambda seconds: self.say(f"{doing()} ({human_seconds(seconds)})")):
                yield
            return
        with (
            self._console.status(escape(doing())) as status,
            Pulse(lambda seconds: status.update(escape(f"{doing()} ({human_seconds(seconds)})"))),
        ):
            yield


class Bars:
    """One bar a candidate, with the time left at most."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._name_width = max(12, console.width - _FIGURES_WIDTH)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=12),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TextColumn("at most"),
            TimeRemainingColumn(compact=True),
            console=console,
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
                    shown = shortened_name(name, self._name_width)
                    self._rows[name] = self._progress.add_task(
                        shown, total=event.samples, note="waiting"
                    )
            case Answered():
                note = f"score {100 * event.value:.0f}"
                self._update(event.candidate, done=event.done, of=event.planned, note=note)
            case Settled():
                self._update(event.candidate, visible=False)
                self._console.print(settled_line(event), markup=False)
            case Failed() | Noticed():
                self._console.print(notice_line(event), markup=False)
            case _:
                pass

    def _update(
        self,
        name: str,
        *,
        done: int | None = None,
        of: int | None = None,
        note: str | None = None,
        visible: bool = True,
    ) -> None:
        if name not in self._rows:
            return
        row = self._rows[name]
        self._progress.update(row, completed=done, total=of, visible=visible)
        if note is not None:
            self._progress.update(row, note=note)
