"""What was allowed, what was measured, and which file holds what."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import select

from elige.store.database import Database
from elige.store.dialect import upsert
from elige.store.record import Allowed, Measure
from elige.store.table import ALLOWED, FILES, MEASURES
from elige.text import file_digest


class Facts:
    """The part of the store that remembers small facts."""

    _database: Database

    def allow(self, kind: str, name: str, digest: str) -> None:
        """Let the code with this digest run. `kind` is 'scorer', 'remote code' or the like."""
        row = {"kind": kind, "name": name, "digest": digest}
        self._database.write(lambda connection: upsert(connection, ALLOWED, [row]))

    def is_allowed(self, kind: str, digest: str) -> bool:
        """Whether the code with this digest may run."""
        query = select(ALLOWED.c.name).where(ALLOWED.c.kind == kind, ALLOWED.c.digest == digest)
        return bool(self._database.read(lambda connection: connection.execute(query).all()))

    def allowed(self) -> list[Allowed]:
        """Everything that was allowed, by kind and name."""
        query = select(ALLOWED).order_by(ALLOWED.c.kind, ALLOWED.c.name, ALLOWED.c.digest)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [Allowed(**row._asdict()) for row in rows]

    def save_measure(
        self, candidate: str, machine: str, name: str, value: float, date: str
    ) -> None:
        """Keep a measured value; one of an earlier date stays beside it."""
        one = Measure(candidate=candidate, machine=machine, name=name, value=value, date=date)
        self._database.write(lambda connection: upsert(connection, MEASURES, [asdict(one)]))

    def measures(self, candidate: str) -> list[Measure]:
        """What was measured for a candidate, by machine and name, the newest first."""
        query = (
            select(MEASURES)
            .where(MEASURES.c.candidate == candidate)
            .order_by(MEASURES.c.machine, MEASURES.c.name, MEASURES.c.date.desc())
        )
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [Measure(**row._asdict()) for row in rows]

    def measures_named(self, names: Iterable[str]) -> list[Measure]:
        """Everything that is kept under one of these names, of whatever candidate."""
        keys = (MEASURES.c.candidate, MEASURES.c.machine, MEASURES.c.name, MEASURES.c.date)
        query = select(MEASURES).where(MEASURES.c.name.in_(list(names))).order_by(*keys)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [Measure(**row._asdict()) for row in rows]

    def has_measures(self, machine: str) -> bool:
        """Whether anything but the machine itself was measured on this machine."""
        query = select(MEASURES.c.name).where(
            MEASURES.c.machine == machine, MEASURES.c.candidate != "machine"
        )
        return bool(
            self._database.read(lambda connection: connection.execute(query.limit(1)).all())
        )

    def known_digest(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """The digest of a file that looks as it did then, None when it is not known."""
        query = select(FILES.c.digest).where(
            FILES.c.path == path,
            FILES.c.size == size,
            FILES.c.mtime_ns == mtime_ns,
            FILES.c.inode == str(inode),
        )
        return self._database.read(lambda connection: connection.execute(query).scalar())

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Keep the digest of a file and how the file looked when it was read."""
        row = {"path": path, "size": size, "mtime_ns": mtime_ns}
        row |= {"inode": str(inode), "digest": digest}
        self._database.write(lambda connection: upsert(connection, FILES, [row]))

    def digest_of(self, path: Path) -> str:
        """Hex SHA-256 of the file at `path`, read only when it changed since the last time.

        Raises `OSError` when it cannot be read.
        """
        where = path.resolve()
        seen = where.stat()
        look = (str(where), seen.st_size, seen.st_mtime_ns, seen.st_ino)
        known = self.known_digest(*look)
        if known is None:
            known = file_digest(where)
            now = where.stat()
            if (now.st_size, now.st_mtime_ns, now.st_ino) == look[1:]:
                self.remember_digest(*look, known)
        return known
