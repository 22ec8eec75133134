"""The catalogue of this machine: one file beside the store, filled by syncs, read by everyone."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Self

from elige.catalog.cards import card_of
from elige.catalog.shelf import reading
from elige.catalog.shelf.codec import Damaged
from elige.catalog.shelf.file import opened
from elige.catalog.shelf.state import SourceState, Synced, SyncOptions
from elige.catalog.shelf.tidying import Tidying
from elige.catalog.shelf.trouble import busy, damaged, folder_trouble, trouble
from elige.catalog.shelf.writing import sync
from elige.loader.lock import hold
from elige.records import Card, Entry, Place, Relation, Source

_SYNC_CACHE_KIB = 131_072
# Threads that SQLite may take to order very many rows.
_SORTERS = 2


class Shelf:
    """Cards of everything that was synced. Threads and processes may share the file.

    `sources` are the installed ones by name. `say` hears what is worth telling at once. Errors of
    the file are `StoreError`; it can be made anew, so it is safe to delete.
    """

    def __init__(
        self,
        place: Path,
        sources: Mapping[str, Source],
        *,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.place = place
        self.sources = sources
        self._say = say
        self._own = local()
        self._connections: list[sqlite3.Connection] = []
        self._tidying = Tidying(place)

    @classmethod
    def open(
        cls,
        place: Path,
        sources: Mapping[str, Source],
        *,
        today: str,
        say: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """The shelf at `place`, made when it is not there, with what ships with elige on it.

        `today` (ISO date) is when what ships counts as read. Raises `StoreError`.
        """
        shelf = cls(place, sources, say=say)
        try:
            shelf._load_shipped(today)
        except BaseException:
            shelf.close()
            raise
        return shelf

    @property
    def generation(self) -> int:
        """A number that rises with each sync; 0 before the first."""
        with self._reading() as connection:
            return reading.generation_of(connection)

    def card(self, name: str) -> Card | None:
        """The card of a model, None where nothing is known of it."""
        found = self.entries(name)
        return card_of(found[0][0].model, found, self.sources) if found else None

    def entries(self, name: str) -> Sequence[tuple[Entry, str]]:
        """What each source says of a model, with the ISO date on which that was read."""
        with self._reading() as connection:
            return reading.entries_of(connection, name)

    def children(self, name: str) -> Sequence[tuple[str, Relation]]:
        """The models that name this one as their parent, and how they come from it."""
        with self._reading() as connection:
            return reading.children_of(connection, name)

    def has_children(self, name: str) -> bool:
        """Whether any model names this one as its parent."""
        with self._reading() as connection:
            return reading.has_children(connection, name)

    def cards(self) -> Iterator[Card]:
        """Every card, in the order of the models' names, of one moment."""
        with self._apart() as connection:
            for _, found in reading.all_models(connection):
                yield card_of(found[0][0].model, found, self.sources)

    def changed(
        self, since: int, within: tuple[str, str] = ("", "")
    ) -> Iterator[tuple[str, list[tuple[Entry, str]]]]:
        """Every model that changed after the generation `since`, of one moment.

        Each comes by its name, folded (`str.casefold`), in their order, with all that every
        source says of it now: nothing, where it is gone. After 0 these are all models. `within`
        is, for these, the first folded name and the one after the last, '' for no bound.
        """
        with self._apart() as connection:
            yield from reading.changed_models(connection, since, within)

    def name_at(self, share: float, *, least: int, since: int = 0) -> str:
        """The folded name after that share of all; '' where too few changed, as `least` says."""
        with self._reading() as connection:
            return reading.name_at(connection, share, least, since)

    def states(self) -> list[SourceState]:
        """The last sync of every source that was ever read."""
        with self._reading() as connection:
            return reading.states_of(connection)

    def near(self, name: str) -> list[str]:
        """Folded names of models of which one may be meant by `name`."""
        with self._reading() as connection:
            return reading.near(connection, name)

    def named(self, plain: str) -> list[str]:
        """The models whose bare name is `plain`, as `lineage.names.plain_name` writes it."""
        with self._reading() as connection:
            return reading.named(connection, plain)

    def sync(self, source: Source, place: Place, options: SyncOptions) -> Synced:
        """Read `source` at `place`; all of what it says now takes the place of what it said.

        Entries that did not change are not written again. Only one process syncs at a time,
        another one waits and says so; whoever reads goes on. Killed at any time, the shelf is as
        it was before. Raises `BadInput` where nothing can be read, and `StoreError`.
        """
        with self._locked(patient=options.is_patient), self._apart(_SYNC_CACHE_KIB) as connection:
            # A program in Python's hands between a few thousand steps notices Ctrl-C.
            connection.set_progress_handler(lambda: 0, 100_000)
            done = sync(connection, source, place, options)
        self._tidying.start()
        return done

    def close(self) -> None:
        """Give back every file. Safe to call twice."""
        self._tidying.wait()
        while self._connections:
            self._connections.pop().close()
        self._own = local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load_shipped(self, today: str) -> None:
        """Put what ships with elige on the shelf, where that version is not on it yet."""
        known = {state.source: state.version for state in self.states()}
        for source in self.sources.values():
            version = getattr(source, "version", "")
            if getattr(source, "ships", False) and known.get(source.name) != version:
                options = SyncOptions(today=today, place="shipped with elige", version=version)
                self.sync(source, Place(fetched=today), options)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread; errors become words."""
        with self._told():
            connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
            if connection is None:
                connection = opened(self.place)
                self._own.connection = connection
                self._connections.append(connection)
            yield connection

    @contextmanager
    def _apart(self, kib: int = 0) -> Iterator[sqlite3.Connection]:
        """A connection for one long work, with a cache of `kib` where that is given."""
        with self._told():
            connection = opened(self.place)
            try:
                if kib:
                    connection.execute(f"PRAGMA cache_size = -{kib}")
                    connection.execute(f"PRAGMA threads = {_SORTERS}")
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise KeyboardInterrupt from error
            raise trouble(error, self.place) from error
        except sqlite3.Error as error:
            raise trouble(error, self.place) from error
        except Damaged as error:
            raise damaged(self.place, str(error)) from error

    @contextmanager
    def _locked(self, *, patient: bool) -> Iterator[None]:
        """Alone among those who sync; waits for the one who does. Raises `StoreError` instead."""
        path = self.place.with_name(f"{self.place.name}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = hold(path, wait=False)
            if descriptor is None and not patient:
                raise busy(self.place)
            if descriptor is None:
                self._say("Another elige is writing the catalogue; waiting for it.")
                descriptor = hold(path)
        except OSError as error:
            raise folder_trouble(path.parent, error) from error
        try:
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)
