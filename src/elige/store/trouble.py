"""What a database's errors mean for a user."""

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from elige.errors import StoreError

_ELSEWHERE = "set ELIGE_HOME to a folder on another disk"
_TOLD = {
    "SQLITE_FULL": (
        "The disk is full, {place} cannot grow.",
        f"Free some space, or {_ELSEWHERE}; what was saved before is safe.",
    ),
    "SQLITE_NOTADB": (
        "{place} is not a database of elige.",
        "Move that file away, or set ELIGE_HOME to another folder.",
    ),
    "SQLITE_CORRUPT": (
        "{place} is damaged.",
        "Move it away and restore a copy, or set ELIGE_HOME to another folder.",
    ),
    "SQLITE_BUSY": (
        "{place} is locked by another program.",
        "End the program that holds it, then try again; or set ELIGE_HOME to another folder.",
    ),
    "SQLITE_CANTOPEN": (
        "{place} cannot be opened.",
        "Check the folder's permissions, or set ELIGE_HOME to a folder that can be written.",
    ),
    "SQLITE_READONLY": (
        "{place} cannot be written.",
        "Check its permissions, or set ELIGE_HOME to a folder that can be written.",
    ),
    "SQLITE_IOERR": (
        "The disk under {place} reports an error.",
        f"Check the disk, or {_ELSEWHERE}; what was saved before is safe.",
    ),
}
_TOLD["SQLITE_LOCKED"] = _TOLD["SQLITE_BUSY"]
_TOLD["SQLITE_PERM"] = _TOLD["SQLITE_READONLY"]
# PostgreSQL: serialization failure, deadlock, lock not available (appendix A of its manual).
_PASSING_STATES = {"40001", "40P01", "55P03"}
# Less than this is no space for one more transaction.
_FULL_BYTES = 256 * 1024


def place_of(url: URL) -> str:
    """Where the store is, without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether doing the same again may work: somebody else was in the way."""
    if not isinstance(error, DBAPIError):
        return False
    if _sqlite_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return True
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in _PASSING_STATES


def told(error: SQLAlchemyError, url: URL) -> StoreError:
    """`error` in one line, with the next step."""
    place = place_of(url)
    name = _sqlite_name(error)
    if name.startswith("SQLITE_IOERR") and _is_full(place):
        name = "SQLITE_FULL"
    for known, (message, hint) in _TOLD.items():
        if name == known or name.startswith(f"{known}_"):
            return StoreError(message.format(place=place), hint=hint)
    if url.get_backend_name() == "sqlite":
        hint = "Set ELIGE_HOME to another folder if this does not pass."
    else:
        hint = "Check ELIGE_DATABASE and that the server runs, or unset it to use a file."
    return StoreError(f"The store at {place} failed: {_first_line(error)}.", hint=hint)


def folder_trouble(folder: Path, error: OSError) -> StoreError:
    """Why the store's folder cannot be made."""
    return StoreError(
        f"The folder {folder} cannot be made: {error.strerror or error}.",
        hint="Set ELIGE_HOME to a folder that can be written.",
    )


def _sqlite_name(error: SQLAlchemyError) -> str:
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "")
    return ""


def _is_full(place: str) -> bool:
    try:
        return shutil.disk_usage(Path(place).parent).free < _FULL_BYTES
    except OSError:
        return False


def _first_line(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return lines[0].rstrip(".")
