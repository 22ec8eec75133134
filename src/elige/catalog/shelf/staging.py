"""What a source says now, written down beside the shelf before anything on it is touched."""

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b

from elige.catalog.shelf.codec import encoded, kin_of
from elige.catalog.shelf.state import SyncOptions
from elige.errors import BadInput, EligeError
from elige.records import Broken, Column, Entry, Place, Source
from elige.text import one_line, printable

# So many broken records are kept by name; all of them are counted.
MOST_NAMED = 10_000
_AT_ONCE = 2_000
_TABLES = """
CREATE TEMP TABLE incoming (
    n INTEGER PRIMARY KEY, key TEXT NOT NULL, model TEXT NOT NULL, digest BLOB NOT NULL,
    payload BLOB NOT NULL
);
CREATE TEMP TABLE incoming_names (n INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TEMP TABLE incoming_parents (n INTEGER NOT NULL, parent TEXT NOT NULL);
"""
# The last of several entries with one key is the one that counts.
_DOUBLED = """
SELECT key, max(n), min(digest) <> max(digest) FROM temp.incoming GROUP BY key HAVING count(*) > 1
"""


class Staging:
    """Reads a source into temporary tables of `connection`; they go when it is closed."""

    def __init__(
        self, connection: sqlite3.Connection, source: Source, options: SyncOptions
    ) -> None:
        self._connection = connection
        self.source = source
        self._options = options
        self._rows: list[tuple[int, str, str, bytes, bytes]] = []
        self._names: list[tuple[int, str]] = []
        self._parents: list[tuple[int, str]] = []
        self.broken: list[Broken] = []
        self.broken_count = 0
        self.count = 0
        self.watermark = ""

    def read(self, place: Place) -> None:
        """Read all of `place`.

        Raises `BadInput` where nothing can be read or the source itself fails.
        """
        for statement in _TABLES.split(";"):
            self._connection.execute(statement)
        self._connection.execute("BEGIN")
        for one in self._records(place):
            if isinstance(one, Broken):
                self._break(one)
            else:
                self._take(one)
            if len(self._rows) >= _AT_ONCE:
                self._write()
        self._write()
        self._connection.execute("COMMIT")
        self._connection.execute("CREATE INDEX temp.incoming_by_key ON incoming (key, digest)")
        self._settle_doubles()

    def _records(self, place: Place) -> Iterator[Entry | Broken]:
        try:
            yield from self.source.read(place)
        except (EligeError, sqlite3.Error):
            raise
        except Exception as error:  # a source can be anybody's code
            raise BadInput(
                f"The source {self.source.name} failed after {self.count + self.broken_count} "
                f"records: {type(error).__name__}: {one_line(error)}.",
                hint="Nothing was changed. Check that --from is what this source reads.",
            ) from error

    def _take(self, entry: Entry) -> None:
        try:
            model, key = _name(entry.model, "model"), _name(entry.key, "key")
            payload = encoded(entry)
            parents, names = kin_of(entry)
            for name in (*parents, *names):
                name.encode()
        except (ValueError, AttributeError) as error:
            self._break(Broken(where=one_line(entry.key or entry.model), why=_why(error)))
            return
        self.count += 1
        digest = blake2b(payload, digest_size=8).digest()
        self._rows.append((self.count, key, model.casefold(), digest, payload))
        if names or parents:
            self._names.extend((self.count, name) for name in names)
            self._parents.extend((self.count, parent) for parent in parents)
        updated = entry.values.get(Column.UPDATED)
        # One record from the future would hide all that changes until then.
        if isinstance(updated, str) and self.watermark < updated <= self._options.today:
            self.watermark = updated

    def _break(self, one: Broken) -> None:
        self.broken_count += 1
        if len(self.broken) < MOST_NAMED:
            where, why = printable(one_line(one.where)), printable(one_line(one.why))
            self.broken.append(Broken(where=where, why=why))

    def _write(self) -> None:
        run = self._connection.executemany
        run("INSERT INTO temp.incoming VALUES (?, ?, ?, ?, ?)", self._rows)
        run("INSERT INTO temp.incoming_names VALUES (?, ?)", self._names)
        run("INSERT INTO temp.incoming_parents VALUES (?, ?)", self._parents)
        self._rows.clear()
        self._names.clear()
        self._parents.clear()
        self._options.seen(self.count + self.broken_count)

    def _settle_doubles(self) -> None:
        for key, last, differ in self._connection.execute(_DOUBLED).fetchall():
            if differ:
                why = "stands there more than once, and differently; the last one counts"
                self._break(Broken(where=key, why=why))
            dropped = self._connection.execute(
                "DELETE FROM temp.incoming WHERE key = ? AND n < ?", (key, last)
            )
            self.count -= dropped.rowcount


def _name(text: str, what: str) -> str:
    """`text` where it can name something on the shelf. Raises `ValueError` otherwise."""
    if not text or not text.strip():
        raise ValueError(f"it has no {what}")
    text.encode()
    return text


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "its names are no valid Unicode text"
    return one_line(error)
