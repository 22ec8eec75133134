"""The catalogue's file: its tables, and how it is opened."""

import sqlite3
import time
from pathlib import Path

from elige.catalog.shelf.older import convert
from elige.catalog.shelf.trouble import damaged, folder_trouble, newer, trouble

FORMAT = 2
# Tells the file from any other SQLite database: 'eliC' (PRAGMA application_id).
_MARK = 0x656C6943
_PATIENCE_SECONDS = 60.0

# A model's names and keys are folded, so that they count without case. An entry has the generation
# in which it last changed; `lost` has the one in which a model last lost an entry. An entry counts
# as read on the later of its own date and of the date on which its source was last listed in full.
# Nearly all keys are their models' names, and found by these: only the others have an index.
_TABLES = """
CREATE TABLE shelf (generation INTEGER NOT NULL);
INSERT INTO shelf VALUES (0);
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, place TEXT NOT NULL DEFAULT '',
    synced TEXT NOT NULL DEFAULT '', listed TEXT NOT NULL DEFAULT '',
    entries INTEGER NOT NULL DEFAULT 0, broken INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '', watermark TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT ''
);
"""
_ENTRIES = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, generation INTEGER NOT NULL,
    key TEXT NOT NULL, model TEXT NOT NULL, read TEXT NOT NULL, digest BLOB NOT NULL,
    payload BLOB NOT NULL
);
CREATE INDEX entries_by_model ON entries (model);
CREATE INDEX entries_by_change ON entries (source, generation);
CREATE UNIQUE INDEX entries_by_other_key ON entries (source, key) WHERE lower(key) <> model;
CREATE TABLE names (
    name TEXT NOT NULL, model TEXT NOT NULL, PRIMARY KEY (name, model)
) WITHOUT ROWID;
CREATE TABLE parents (
    parent TEXT NOT NULL, model TEXT NOT NULL, PRIMARY KEY (parent, model)
) WITHOUT ROWID;
CREATE TABLE lost (model TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
"""


# The name behind the stroke with one kind of separator, as guesses at parents look for it.
BARE_NAME = "replace(replace(replace(substr(model, instr(model, '/') + 1), {}), {}), {})".format(
    "'_', '-'", "' ', '-'", "'.', '-'"
)
DROP_BARE_NAMES = "DROP INDEX entries_by_bare_name"
INDEX_BARE_NAMES = f"CREATE INDEX entries_by_bare_name ON entries ({BARE_NAME})"


def opened(place: Path) -> sqlite3.Connection:
    """A connection to the catalogue at `place`, made when it is not there yet.

    A file or folder that cannot be written is opened for reading. Raises `StoreError` for a file
    that cannot be read, is damaged, or was made by a newer elige.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise folder_trouble(place.parent, error) from error
    try:
        return _checked(_connected(f"{place.absolute().as_uri()}?mode=rwc"), place)
    except sqlite3.OperationalError as error:
        if not place.is_file():
            raise trouble(error, place) from error
        return _read_only(place, error)
    except sqlite3.Error as error:
        raise trouble(error, place) from error


def _read_only(place: Path, cause: sqlite3.Error) -> sqlite3.Connection:
    """The file as it is; `immutable` where not even SQLite's own files beside it can be made."""
    for how in ("mode=ro", "mode=ro&immutable=1"):
        try:
            connection = _connected(f"{place.absolute().as_uri()}?{how}")
            if _format(connection, place) == FORMAT:
                return connection
            connection.close()
        except sqlite3.Error:
            continue
    raise trouble(cause, place) from cause


def _connected(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA cache_size = -32768")
    return connection


def _checked(connection: sqlite3.Connection, place: Path) -> sqlite3.Connection:
    try:
        if _format(connection, place) != FORMAT:
            _make(connection, place)
        # The file can be made anew, so the last commit may be lost in a power cut; never its order.
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _format(connection: sqlite3.Connection, place: Path) -> int:
    """The number of the file's format, 0 for an empty file."""
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    number = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if mark != _MARK:
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables or mark:
            raise damaged(place, "it is a database of something else")
        return 0
    if number > FORMAT:
        raise newer(place, number, FORMAT)
    return number


def _make(connection: sqlite3.Connection, place: Path) -> None:
    """Make the tables; when two programs do so at once, the second finds them made."""
    connection.execute("PRAGMA page_size = 8192")
    _log_ahead(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _format(connection, place)
        if found == 0:
            for statement in (*_TABLES.split(";"), *_ENTRIES.split(";")):
                connection.execute(statement)
        elif found < FORMAT:
            convert(connection, _ENTRIES)
        if found < FORMAT:
            connection.execute(INDEX_BARE_NAMES)
            connection.execute(f"PRAGMA application_id = {_MARK}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite ends it by itself on a full disk
            connection.execute("ROLLBACK")
        raise


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Write ahead, so that nobody who reads waits; SQLite does not wait for this by itself."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not is_busy or time.monotonic() >= give_up:
                raise
        time.sleep(0.02)
