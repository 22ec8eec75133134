"""The store: what outlives a process."""

from types import TracebackType
from typing import Self
from uuid import uuid4

from elige.errors import EligeError
from elige.store.answers import Answers
from elige.store.database import Database
from elige.store.entries import Entries
from elige.store.facts import Facts
from elige.store.leases import Leases
from elige.store.looks import Looks
from elige.store.owner import this_process
from elige.store.record import Owner
from elige.store.runs import Runs


class Store(Answers, Leases, Runs, Entries, Looks, Facts):
    """One open database. Threads may share it; processes open one each, on the same file."""

    def __init__(self, database: Database, *, owner: Owner) -> None:
        self._database = database
        self._owner = owner
        self._holder = uuid4().hex
        self._closed = False

    @classmethod
    def open(cls, url: str, *, owner: Owner | None = None, patience: float = 30.0) -> "Store":
        """The store at `url` (sqlite:///FILE or postgresql://...), made where it is missing.

        `owner` is this process unless said otherwise. `patience` is for how many seconds a
        transaction waits for those of other processes. Raises `StoreError` when it cannot be
        opened, or when a newer elige made it; `BadInput` for a URL that is no such thing.
        """
        database = Database(url, patience=patience)
        try:
            database.open()
        except BaseException:
            database.close()
            raise
        return cls(database, owner=owner or this_process())

    def close(self) -> None:
        """End the leases and give back the connections. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self._sign_out()
        except EligeError:
            # Whoever wants the leases finds this process ended, or waits until they lapse.
            pass
        finally:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
