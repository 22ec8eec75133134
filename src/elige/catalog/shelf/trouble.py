"""What the catalogue's errors mean for a user."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elige.errors import StoreError

_ELSEWHERE = "set ELIGE_HOME (and TMPDIR) to folders on another disk"
_ANEW = (
    "Delete it: the models that ship with elige come back by themselves, and "
    "`elige models sync SOURCE` brings each other source again."
)
_TOLD = {
    "SQLITE_FULL": (
        "The disk is full: neither the catalogue {place} nor its temporary files can grow.",
        f"Free some space, or {_ELSEWHERE}; what was there before is whole.",
    ),
    "SQLITE_NOTADB": ("{place} is not a catalogue of elige.", _ANEW),
    "SQLITE_CORRUPT": ("The catalogue {place} is damaged.", _ANEW),
    "SQLITE_BUSY": (
        "The catalogue {place} is being written by another program.",
        "Wait until it has finished, then try again.",
    ),
    "SQLITE_CANTOPEN": (
        "The catalogue {place} cannot be opened.",
        "Check the folder's permissions, or set ELIGE_HOME to a folder that can be written.",
    ),
    "SQLITE_READONLY": (
        "The catalogue {place} cannot be written.",
        "Check its permissions, or set ELIGE_HOME to a folder that can be written.",
    ),
    "SQLITE_IOERR": (
        "The disk under the catalogue {place} reports an error.",
        f"Check the disk, or {_ELSEWHERE}; what was there before is whole.",
    ),
}
_TOLD["SQLITE_LOCKED"] = _TOLD["SQLITE_BUSY"]
_TOLD["SQLITE_PERM"] = _TOLD["SQLITE_READONLY"]
# Less than this is no space for one more transaction.
_FULL_BYTES = 256 * 1024


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn whatever SQLite raises within into a `StoreError` of one line."""
    try:
        yield
    except sqlite3.Error as error:
        raise trouble(error, place) from error


def trouble(error: sqlite3.Error, place: Path) -> StoreError:
    """`error` in one line, with the next step."""
    name: str = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_IOERR") and _is_full(place):
        name = "SQLITE_FULL"
    for known, (message, hint) in _TOLD.items():
        if name == known or name.startswith(f"{known}_"):
            return StoreError(message.format(place=place), hint=hint)
    line = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return StoreError(f"The catalogue {place} failed: {line}.", hint=_ANEW)


def busy(place: Path) -> StoreError:
    """Another process syncs just now."""
    message, hint = _TOLD["SQLITE_BUSY"]
    return StoreError(message.format(place=place), hint=hint)


def damaged(place: Path, why: str) -> StoreError:
    """What stands in the file cannot be what elige wrote."""
    return StoreError(f"The catalogue {place} is damaged: {why}.", hint=_ANEW)


def newer(place: Path, found: int, known: int) -> StoreError:
    """A later elige made the file."""
    return StoreError(
        f"The catalogue {place} has format {found}, made by a newer elige; this one reads {known}.",
        hint=f"Update elige, or use another ELIGE_HOME. {_ANEW}",
    )


def folder_trouble(folder: Path, error: OSError) -> StoreError:
    """Why the catalogue's folder cannot be made or locked."""
    return StoreError(
        f"The catalogue cannot be written to {folder}: {error.strerror or error}.",
        hint="Set ELIGE_HOME to a folder that can be written.",
    )


def _is_full(place: Path) -> bool:
    try:
        return shutil.disk_usage(place.parent).free < _FULL_BYTES
    except OSError:
        return False
