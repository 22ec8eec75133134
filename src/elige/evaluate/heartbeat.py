"""A sign of life: leases held by this process are renewed while it works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

# A beat that waits for the database must not hold up whoever wants to leave.
_LEAVE_SECONDS = 1.0


@contextmanager
def heartbeat(beat: Callable[[], object], *, every: float) -> Iterator[None]:
    """Call `beat` each `every` seconds until the block is left.

    A beat that fails is left out: the next one tries again, and a lease that expires costs at
    most that its batch is asked twice, never that an answer is counted twice.
    """
    done = Event()

    def pulse() -> None:
        while not done.wait(every):
            try:
                beat()
            except Exception:  # the work itself reports a broken store
                continue

    thread = Thread(target=pulse, daemon=True, name="heartbeat")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(_LEAVE_SECONDS)
