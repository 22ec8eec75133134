"""Leases: who asks what, so that two processes never pay for one answer."""

from collections.abc import Iterable

from sqlalchemy import Connection, case, delete, func, select

from elige.records import AnswerKey
from elige.store.database import Database
from elige.store.dialect import insert_new, upsert
from elige.store.keys import columns_of, matches
from elige.store.owner import is_dead
from elige.store.record import Owner
from elige.store.table import ANSWERS, HOLDERS, LEASES


class Leases:
    """The part of the store that hands out work.

    Each open store is a holder of its own, even two within one process. All leases of a holder
    end together: when its time is up without a `renew`, or when its process is gone.
    Every `now` is in seconds since the epoch, and so comparable between processes.
    """

    _database: Database
    _owner: Owner
    _holder: str
    _signed_in: bool = False

    def claim(self, keys: Iterable[AnswerKey], *, now: float, ttl: float) -> set[AnswerKey]:
        """Those of `keys` that are this store's to ask, for `ttl` seconds unless renewed.

        Left out are keys that are answered already or held by somebody who lives. A key that
        this store holds already is granted again.
        """
        wanted = set(keys)
        if not wanted:
            return set()

        def work(connection: Connection) -> set[AnswerKey]:
            self._sign_in(connection, now=now, ttl=ttl)
            connection.execute(delete(HOLDERS).where(HOLDERS.c.expires <= now))
            self._bury_the_dead(connection, wanted)
            free = sorted(wanted, key=lambda key: (key.candidate, key.sent, key.repeat))
            rows = [columns_of(key) | {"holder": self._holder} for key in free]
            insert_new(connection, LEASES, rows)
            held = self._held(connection, wanted, mine=True)
            # Looked up after the lease was taken: before, an answer could still slip in.
            answered = _answered(connection, held)
            self._give_back(connection, answered)
            return held - answered

        return self._database.write(work)

    def release(self, keys: Iterable[AnswerKey]) -> None:
        """Give back the leases of `keys` that this store holds."""
        given = set(keys)
        if given:
            self._database.write(lambda connection: self._give_back(connection, given))

    def renew(self, *, now: float, ttl: float) -> int:
        """Keep every lease for `ttl` seconds from `now`; how many this store still holds."""

        def work(connection: Connection) -> int:
            self._sign_in(connection, now=now, ttl=ttl)
            count = select(func.count()).where(LEASES.c.holder == self._holder)
            return connection.execute(count).scalar_one()

        return self._database.write(work)

    def lives(self, holder: str, *, now: float) -> bool:
        """Whether the open store of this name still works, as far as can be seen from here."""
        query = select(HOLDERS.c.host, HOLDERS.c.pid, HOLDERS.c.started).where(
            HOLDERS.c.id == holder, HOLDERS.c.expires > now
        )
        row = self._database.read(lambda connection: connection.execute(query).one_or_none())
        return row is not None and not is_dead(Owner(**row._asdict()), seen_from=self._owner)

    def busy(self, keys: Iterable[AnswerKey], *, now: float) -> set[AnswerKey]:
        """Those of `keys` that somebody else holds, lives and is asking."""
        wanted = set(keys)

        def work(connection: Connection) -> set[AnswerKey]:
            dead = self._dead(connection, wanted)
            lapsed = select(HOLDERS.c.id).where(HOLDERS.c.expires <= now)
            gone = dead | set(connection.execute(lapsed).scalars())
            return self._held(connection, wanted, mine=False, gone=gone)

        return self._database.read(work)

    def _sign_in(self, connection: Connection, *, now: float, ttl: float) -> None:
        """Say until when this holder's leases run; a shorter time never cuts a longer one."""
        self._signed_in = True
        until = now + ttl
        owner = self._owner
        row = {"id": self._holder, "host": owner.host, "pid": owner.pid, "started": owner.started}
        later = case((HOLDERS.c.expires > until, HOLDERS.c.expires), else_=until)
        known = HOLDERS.update().where(HOLDERS.c.id == self._holder, HOLDERS.c.expires > now)
        if not connection.execute(known.values(expires=later)).rowcount:
            upsert(connection, HOLDERS, [row | {"expires": until}])

    def _sign_out(self) -> None:
        """End every lease of this store."""
        if not self._signed_in:
            return
        self._database.write(
            lambda connection: connection.execute(
                delete(HOLDERS).where(HOLDERS.c.id == self._holder)
            )
        )

    def _bury_the_dead(self, connection: Connection, wanted: set[AnswerKey]) -> None:
        dead = self._dead(connection, wanted)
        if dead:
            connection.execute(delete(HOLDERS).where(HOLDERS.c.id.in_(sorted(dead))))

    def _dead(self, connection: Connection, wanted: set[AnswerKey]) -> set[str]:
        """The holders of any of `wanted` whose process has ended."""
        holders: set[str] = set()
        for match in matches(LEASES, wanted):
            query = select(LEASES.c.holder).where(match, LEASES.c.holder != self._holder)
            holders.update(connection.execute(query.distinct()).scalars())
        query = select(HOLDERS.c.id, HOLDERS.c.host, HOLDERS.c.pid, HOLDERS.c.started)
        others = connection.execute(query.where(HOLDERS.c.id.in_(sorted(holders))))
        return {
            holder
            for holder, host, pid, started in others
            if is_dead(Owner(host=host, pid=pid, started=started), seen_from=self._owner)
        }

    def _held(
        self,
        connection: Connection,
        wanted: set[AnswerKey],
        *,
        mine: bool,
        gone: Iterable[str] = (),
    ) -> set[AnswerKey]:
        """Those of `wanted` that this holder has, or that others have who are not `gone`."""
        held = set()
        without = set(gone)
        for match in matches(LEASES, wanted):
            for candidate, sent, repeat, holder in connection.execute(select(LEASES).where(match)):
                if (holder == self._holder) is mine and holder not in without:
                    held.add(AnswerKey(candidate=candidate, sent=sent, repeat=repeat))
        return held

    def _give_back(self, connection: Connection, keys: Iterable[AnswerKey]) -> None:
        for match in matches(LEASES, keys):
            connection.execute(delete(LEASES).where(match, LEASES.c.holder == self._holder))


def _answered(connection: Connection, keys: set[AnswerKey]) -> set[AnswerKey]:
    found = set()
    for match in matches(ANSWERS, keys):
        query = select(ANSWERS.c.candidate, ANSWERS.c.sent, ANSWERS.c.repeat).where(match)
        for candidate, sent, repeat in connection.execute(query):
            found.add(AnswerKey(candidate=candidate, sent=sent, repeat=repeat))
    return found
