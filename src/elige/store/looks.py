"""How often data was looked at, and the parts kept back for one final look."""

from dataclasses import asdict

from sqlalchemy import Connection, func, select

from elige.errors import NotFound
from elige.store.database import Database
from elige.store.dialect import insert_new
from elige.store.record import LockedPart, Opening
from elige.store.table import LOCKS, LOOKS, OPENINGS


class Looks:
    """The part of the store that counts looks at data."""

    _database: Database

    def look(self, data_hash: str, run_id: str) -> int:
        """Note that the finished run `run_id` saw the data; how many different runs did."""

        def work(connection: Connection) -> int:
            insert_new(connection, LOOKS, [{"data_hash": data_hash, "run": run_id}])
            return _looks(connection, data_hash)

        return self._database.write(work)

    def looks(self, data_hash: str) -> int:
        """How many different finished runs saw the data."""
        return self._database.read(lambda connection: _looks(connection, data_hash))

    def lock_part(self, part: LockedPart) -> LockedPart:
        """The part of this data that is kept back: `part`, or the one that was locked earlier.

        The first one stays, since another fraction or seed would show what was kept back.
        """

        def work(connection: Connection) -> LockedPart:
            insert_new(connection, LOCKS, [asdict(part) | {"seed": str(part.seed)}])
            return _locked(connection, part.data_hash) or part

        return self._database.write(work)

    def locked_part(self, data_hash: str) -> LockedPart | None:
        """The part of this data that is kept back, None when there is none."""
        return self._database.read(lambda connection: _locked(connection, data_hash))

    def open_locked(self, data_hash: str, run_id: str, *, opened: str) -> int:
        """Note that a run opens the part kept back; how many other runs opened it before.

        Anything but 0 means that this is no first look. `opened` is an ISO date. Raises
        `NotFound` when no part of this data is locked.
        """

        def work(connection: Connection) -> int:
            if _locked(connection, data_hash) is None:
                raise NotFound(
                    "locked part", data_hash, hint="Keep one back first, with: --lock-test 30%"
                )
            row = {"data_hash": data_hash, "run": run_id, "opened": opened}
            insert_new(connection, OPENINGS, [row])
            others = select(func.count()).where(
                OPENINGS.c.data_hash == data_hash, OPENINGS.c.run != run_id
            )
            return connection.execute(others).scalar_one()

        return self._database.write(work)

    def openings(self, data_hash: str) -> list[Opening]:
        """The runs that opened the part kept back, the first one first."""
        query = (
            select(OPENINGS.c.run, OPENINGS.c.opened)
            .where(OPENINGS.c.data_hash == data_hash)
            .order_by(OPENINGS.c.opened, OPENINGS.c.run)
        )
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [Opening(run=run, opened=opened) for run, opened in rows]


def _looks(connection: Connection, data_hash: str) -> int:
    count = select(func.count()).where(LOOKS.c.data_hash == data_hash)
    return connection.execute(count).scalar_one()


def _locked(connection: Connection, data_hash: str) -> LockedPart | None:
    query = select(LOCKS).where(LOCKS.c.data_hash == data_hash)
    row = connection.execute(query).one_or_none()
    return None if row is None else LockedPart(**row._asdict() | {"seed": int(row.seed)})
