"""What was written ahead goes into the catalogue's file beside whatever comes next."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Thread

from elige.catalog.shelf.file import opened
from elige.errors import StoreError


class Tidying:
    """Copies what a sync wrote ahead, in a thread: readers find it in either place meanwhile."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin, once an earlier one has ended."""
        self.wait()
        self._thread = Thread(target=self._copy, name="catalogue, tidying")
        self._thread.start()

    def wait(self) -> None:
        """Until it has ended."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _copy(self) -> None:
        """What cannot be copied now, as someone reads it or the disk is full, is copied later."""
        with suppress(sqlite3.Error, StoreError):
            connection = opened(self._place)
            try:
                connection.execute("PRAGMA busy_timeout = 0")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
