"""Models joined or converted by elige: whole or absent, bounded, least recently used go first."""

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from elige.errors import EligeError, StoreError
from elige.loader.lock import hold, locked
from elige.text import human_bytes

_PART = ".part-"


class ModelCache:
    """Folders under `root`, each made once, whatever the number of processes.

    An entry exists only when it is whole: it is built beside its place and renamed. Entries
    that any living process took from the cache are never evicted.
    """

    def __init__(self, root: Path, limit_bytes: int) -> None:
        self._root = root
        self._limit_bytes = limit_bytes
        self._held: dict[str, int] = {}
        self._guard = threading.Lock()

    def find(self, key: str) -> Path | None:
        """The whole entry `key`, kept from eviction while this object lives; None if absent."""
        if not (self._root / key).is_dir():
            return None
        with written(self._root), self._guard:
            if key not in self._held:
                descriptor = hold(self._lock(key, "use"), shared=True)
                if descriptor is not None:
                    self._held[key] = descriptor
            if not (self._root / key).is_dir():  # evicted between the look and the lock
                os.close(self._held.pop(key))
                return None
            os.utime(self._lock(key, "use"))
        return self._root / key

    def make(self, key: str, build: Callable[[Path], None]) -> Path:
        """The entry `key`; `build` fills an empty folder when there is none yet.

        Raises `StoreError` when the disk is full or cannot be written.
        """
        with written(self._root):
            (self._root / "locks").mkdir(parents=True, exist_ok=True)
            with locked(self._lock(key, "build")):
                found = self.find(key)
                if found is None:
                    self._sweep(mine=key)
                    self._build(key, build)
                    found = self.find(key)
            self.evict()
        if found is None:
            raise StoreError(f"The model made at {self._root / key} was removed by somebody.")
        return found

    def evict(self) -> None:
        """Remove what was not used for longest until the limit holds."""
        entries = sorted(self._entries(), key=self._last_use)
        sizes = {entry.name: folder_bytes(entry) for entry in entries}
        total = sum(sizes.values())
        for entry in entries:
            if total <= self._limit_bytes:
                return
            if self._remove(entry):
                total -= sizes[entry.name]

    def close(self) -> None:
        """Let go of the entries in use. Safe to call twice."""
        with self._guard:
            while self._held:
                os.close(self._held.popitem()[1])

    def _build(self, key: str, build: Callable[[Path], None]) -> None:
        part = self._root / f"{_PART}{key}"
        part.mkdir()
        try:
            build(part)
            for path in [*part.rglob("*"), part]:
                _sync(path)
            part.rename(self._root / key)
            _sync(self._root)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise

    def _sweep(self, *, mine: str) -> None:
        """Remove what processes that died half-way left behind; `mine` is locked by us."""
        for part in self._root.glob(f"{_PART}*"):
            key = part.name.removeprefix(_PART)
            descriptor = None if key == mine else hold(self._lock(key, "build"), wait=False)
            if key == mine or descriptor is not None:
                shutil.rmtree(part, ignore_errors=True)
            if descriptor is not None:
                os.close(descriptor)

    def _remove(self, entry: Path) -> bool:
        descriptor = hold(self._lock(entry.name, "use"), wait=False)
        if descriptor is None:
            return False
        try:
            # Renamed first, so that no half-removed folder is ever taken for an entry.
            gone = entry.with_name(f"{_PART}{entry.name}.evicted")
            entry.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True

    def _entries(self) -> Iterator[Path]:
        for path in self._root.iterdir():
            if path.is_dir() and path.name != "locks" and not path.name.startswith("."):
                yield path

    def _last_use(self, entry: Path) -> float:
        with suppress(OSError):
            return self._lock(entry.name, "use").stat().st_mtime
        return 0.0

    def _lock(self, key: str, purpose: str) -> Path:
        return self._root / "locks" / f"{key}.{purpose}"


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """Turn the system's errors while writing under `folder` into one line."""
    try:
        yield
    except EligeError:
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreError(
                f"The disk that holds {folder} is full.",
                hint="Free some space, or set ELIGE_HOME to a folder on a larger disk.",
            ) from error
        raise StoreError(
            f"{folder} cannot be written: {error.strerror or error}.",
            hint="Set ELIGE_HOME to a folder that you can write to.",
        ) from error


def check_space(folder: Path, wanted_bytes: int, *, purpose: str) -> None:
    """Refuse, with `StoreError`, work that the disk under `folder` has no room for."""
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    if free < wanted_bytes:
        raise StoreError(
            f"{purpose} needs {human_bytes(wanted_bytes)} in {folder}, "
            f"but only {human_bytes(free)} are free.",
            hint="Free some space, or set ELIGE_HOME to a folder on a larger disk.",
        )


def folder_bytes(folder: Path) -> int:
    """Bytes of all files under `folder`."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.lstat().st_size if path.is_file() else 0
    return total


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
