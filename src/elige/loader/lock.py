"""Locks between processes that the system gives back when their holder dies, kill -9 included."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def hold(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """A file descriptor that holds the lock at `path` until it is closed.

    None when `wait` is false and somebody else holds it. Many may hold a shared lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(descriptor, mode)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def alone(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock at `path` alone, and take its file away in the end.

    `waiting` is called once where somebody else holds it.
    """
    descriptor = hold(path, wait=False)
    if descriptor is None:
        waiting()
        descriptor = hold(path)
    while descriptor is not None and not _is_at(descriptor, path):
        os.close(descriptor)  # who held it took the file away, and another may hold the new one
        descriptor = hold(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        if descriptor is not None:
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock at `path` alone; wait for it as long as it takes."""
    descriptor = hold(path)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)
