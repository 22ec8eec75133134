"""One open database: transactions that wait, try again, and fail in words."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from elige.store.dialect import BEGIN, OUTSIDE, READING, WRITING, log_ahead, opened, parsed
from elige.store.migrate import applied, migrate, refuse_newer
from elige.store.migrations import NEWEST
from elige.store.trouble import folder_trouble, is_passing, told

T = TypeVar("T")


class Database:
    """A database that threads and processes share.

    `patience` is for how many seconds a transaction waits for those of other processes.
    """

    def __init__(self, url: str, *, patience: float = 30.0) -> None:
        self.url = parsed(url)
        self._patience = patience
        self._writing = Lock()
        self.engine = opened(self.url, patience=patience)

    def open(self) -> None:
        """Make the file, its folder and its tables where they are missing.

        Raises `StoreError` when that cannot be done, or a newer program made the tables.
        """
        if self.url.get_backend_name() == "sqlite":
            folder = Path(str(self.url.database)).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise folder_trouble(folder, error) from error
        number = self.read(applied)
        refuse_newer(number)
        self._patiently(lambda: self._within(log_ahead, OUTSIDE))
        if number < NEWEST:
            self.write(migrate)

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, within one transaction that only reads."""
        return self._patiently(lambda: self._within(work, READING))

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, once its changes are on the disk; all of them or none.

        `work` may be called more than once, so it has no effect but on the connection. Raises
        `ValueError` for a row that breaks a reference: the caller's mistake.
        """
        with self._writing:
            return self._patiently(lambda: self._within(work, WRITING))

    def close(self) -> None:
        """Give back every connection. Safe to call twice."""
        self.engine.dispose()

    def _within(self, work: Callable[[Connection], T], begin: str) -> T:
        with self.engine.connect() as plain:
            connection = plain.execution_options(**{BEGIN: begin})
            with connection.begin():
                return work(connection)

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """What `attempt` returns, tried again while others are in the way."""
        give_up = time.monotonic() + self._patience
        while True:
            try:
                return attempt()
            except IntegrityError as error:
                raise ValueError(f"the store refuses such a row: {error.orig}") from error
            except SQLAlchemyError as error:
                if not is_passing(error) or time.monotonic() >= give_up:
                    raise told(error, self.url) from error
            # At random, so that two processes do not meet again and again.
            time.sleep(random.uniform(0.005, 0.05))
