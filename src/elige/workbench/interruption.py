"""Ctrl-C: the first one ends a run with what it knows, the second one at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from signal import SIGINT, default_int_handler, getsignal, signal
from threading import current_thread, main_thread
from types import FrameType


class Interruption:
    """`asked` once Ctrl-C was pressed, `urgent` once it was pressed again."""

    def __init__(self, halt: Callable[[], None]) -> None:
        self.asked = False
        self.urgent = False
        self._halt = halt

    def press(self, signum: int, frame: FrameType | None) -> None:
        """Note one Ctrl-C. Raises `KeyboardInterrupt` at the second.

        A signal may come in the middle of anything, so the first one only sets flags: the
        arithmetic of the race and the events are never left half done.
        """
        if self.asked:
            self.urgent = True
            raise KeyboardInterrupt
        self.asked = True
        self._halt()


@contextmanager
def interruptible(halt: Callable[[], None]) -> Iterator[Interruption]:
    """Listen for Ctrl-C within the block; `halt` must wait for no lock.

    Outside the main thread, and where a program handles Ctrl-C itself, nothing is changed.
    """
    interruption = Interruption(halt)
    if current_thread() is not main_thread() or getsignal(SIGINT) is not default_int_handler:
        yield interruption
        return
    press = interruption.press
    signal(SIGINT, press)
    try:
        yield interruption
    finally:
        # An abandoned iterator may be collected in any thread, where signals cannot be set.
        if current_thread() is main_thread() and getsignal(SIGINT) is press:
            signal(SIGINT, default_int_handler)
