"""What a source says now, written down beside the shelf before anything on it is touched."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from elige.catalog.by_two import PartFailed, by_two, without_collecting
from elige.catalog.shelf import prepared as p
from elige.catalog.shelf.doubles import Keys
from elige.catalog.shelf.state import SyncOptions
from elige.errors import BadInput, EligeError
from elige.records import Broken, Entry, Place, Source
from elige.text import one_line, printable

# So many broken records are kept by name; all of them are counted.
MOST_NAMED = 10_000
_AT_ONCE = 2_000
# Doubles are named last.
_AFTER_ALL = 1 << 62
# Of the temporary tables, in KiB: their keys are looked up in any order.
_CACHE_KIB = 65_536
_TABLES = """
CREATE TEMP TABLE incoming (
    n INTEGER PRIMARY KEY, key TEXT NOT NULL, model TEXT NOT NULL, digest BLOB NOT NULL,
    payload BLOB NOT NULL
);
CREATE TEMP TABLE incoming_names (n INTEGER NOT NULL, name TEXT NOT NULL, model TEXT NOT NULL);
CREATE TEMP TABLE incoming_parents (n INTEGER NOT NULL, parent TEXT NOT NULL, model TEXT NOT NULL);
"""
_ALL_TABLES = ("incoming", "incoming_names", "incoming_parents")


class Staging:
    """Reads a source into temporary tables of `connection`; they go when it is closed."""

    def __init__(
        self, connection: sqlite3.Connection, source: Source, options: SyncOptions
    ) -> None:
        self._connection = connection
        self.source = source
        self._options = options
        self._rows: list[tuple[int, str, str, bytes, bytes]] = []
        self._names: list[tuple[int, str, str]] = []
        self._parents: list[tuple[int, str, str]] = []
        self._keys = Keys()
        self._broken: list[p.Bad] = []
        self.broken_count = 0
        self.count = 0
        self.watermark = ""

    @property
    def broken(self) -> list[Broken]:
        """The first records that could not be read, in their order."""
        return [Broken(where=where, why=why) for _, where, why in sorted(self._broken)]

    def read(self, place: Place) -> None:
        """Read all of `place`.

        Raises `BadInput` where nothing can be read or the source itself fails.
        """
        self._connection.execute(f"PRAGMA temp.cache_size = -{_CACHE_KIB}")
        for statement in _TABLES.split(";"):
            self._connection.execute(statement)
        self._connection.execute("BEGIN")
        part, before = self._division(place)
        with without_collecting():
            if part:
                self._read_by_two(place, part, before)
            else:
                self._take(p.prepared(self._told(self.source.read(place))))
        self._settle_doubles()
        self._connection.execute("COMMIT")

    def _division(self, place: Place) -> tuple[int, int]:
        with self._telling():
            return p.division(self.source, place)

    def _read_by_two(self, place: Place, part: int, before: int) -> None:
        """Read the records up to `before` here, those from `part` on in another process."""
        source = self.source
        assert isinstance(source, p.Divisible)  # as `division` has seen
        own = p.prepared(self._told(source.read_parts(place, 0, part)))
        words = [source.name, str(place.path), str(part), str(before)]
        try:
            self._take(by_two(own, p.__name__, words))
        except PartFailed:
            self._drop(before)
            rest = self._told(source.read_parts(place, part, None))
            self._take(p.prepared(rest, before))

    def _drop(self, before: int) -> None:
        """Forget the records after the first `before`."""
        self._write()
        run = self._connection.execute
        for table in _ALL_TABLES:
            run(f"DELETE FROM temp.{table} WHERE n > ?", (before,))
        self._keys.drop_after(before)
        self.count = int(run("SELECT count(*) FROM temp.incoming").fetchone()[0])
        self._broken = [one for one in self._broken if one[0] <= before]
        self.broken_count = before - self.count

    def _told(self, records: Iterable[Entry | Broken]) -> Iterator[Entry | Broken]:
        with self._telling():
            yield from records

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Whatever a source raises is told as its failure: it can be anybody's code."""
        try:
            yield
        except (EligeError, sqlite3.Error):
            raise
        except Exception as error:
            raise BadInput(
                f"The source {self.source.name} failed after {self.count + self.broken_count} "
                f"records: {type(error).__name__}: {one_line(error)}.",
                hint="Nothing was changed. Check that --from is what this source reads.",
            ) from error

    def _take(self, rows: Iterable[p.Good | p.Bad]) -> None:
        for row in rows:
            if len(row) == 3:  # a bad one
                self._break(row)
                continue
            number, key, model, digest, payload, names, parents, moment = row
            self.count += 1
            self._rows.append((number, key, model, digest, payload))
            if names or parents:
                self._names.extend([(number, name, model) for name in names])
                self._parents.extend([(number, parent, model) for parent in parents])
            # One record from the future would hide all that changes until then.
            if self.watermark < moment <= self._options.today:
                self.watermark = moment
            if len(self._rows) >= _AT_ONCE:
                self._write()
        self._write()

    def _break(self, one: p.Bad) -> None:
        self.broken_count += 1
        if len(self._broken) < MOST_NAMED:
            number, where, why = one
            self._broken.append((number, printable(one_line(where)), printable(one_line(why))))

    def _write(self) -> None:
        run = self._connection.executemany
        run("INSERT INTO temp.incoming VALUES (?, ?, ?, ?, ?)", self._rows)
        run("INSERT INTO temp.incoming_names VALUES (?, ?, ?)", self._names)
        run("INSERT INTO temp.incoming_parents VALUES (?, ?, ?)", self._parents)
        self._keys.add((row[0], row[1]) for row in self._rows)
        self._rows.clear()
        self._names.clear()
        self._parents.clear()
        self._options.seen(self.count + self.broken_count)

    def _settle_doubles(self) -> None:
        """Of several entries with one key the last one counts."""
        run = self._connection.execute
        run("CREATE TEMP TABLE doubled (n INTEGER PRIMARY KEY)")
        numbers = ((number,) for number in self._keys.perhaps_doubled())
        self._connection.executemany("INSERT INTO temp.doubled VALUES (?)", numbers)
        asked = (
            "SELECT i.key, i.n, i.digest FROM temp.doubled AS d JOIN temp.incoming AS i USING (n)"
        )
        dropped: list[tuple[int]] = []
        for key, rows in groupby(run(f"{asked} ORDER BY 1, 2"), key=itemgetter(0)):
            *before, last = rows
            dropped += [(number,) for _, number, _ in before]
            if any(digest != last[2] for *_, digest in before):
                why = "stands there more than once, and differently; the last one counts"
                self._break((_AFTER_ALL, key, why))
        self._forget(dropped)

    def _forget(self, dropped: Sequence[tuple[int]]) -> None:
        """Take off the records with these numbers."""
        run = self._connection.execute
        run("DELETE FROM temp.doubled")
        if not dropped:
            return
        self._connection.executemany("INSERT INTO temp.doubled VALUES (?)", dropped)
        for table in _ALL_TABLES:
            run(f"DELETE FROM temp.{table} WHERE n IN (SELECT n FROM temp.doubled)")
        self.count -= len(dropped)
