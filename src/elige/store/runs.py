"""Runs: what was asked for, and how it ended."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from difflib import get_close_matches
from typing import Any  # what a row holds is known by its query alone

from sqlalchemy import Connection, Row, func, select

from elige.errors import BadInput, NotFound
from elige.store.database import Database
from elige.store.dialect import insert_new
from elige.store.record import RunRecord, RunStatus
from elige.store.table import RUNS

_Found = Row[*tuple[Any, ...]]
_PAGE = 100
_RUN = tuple(RUNS.c[field.name] for field in fields(RunRecord))


class Runs:
    """The part of the store that knows runs."""

    _database: Database
    _holder: str

    def start_run(self, run: RunRecord) -> RunRecord:
        """The run as it is kept, now running; one that is known keeps its date and verdict.

        Its spec is the one given: it may say more than that of an older elige did.
        """

        def work(connection: Connection) -> RunRecord:
            insert_new(connection, RUNS, [asdict(run)])
            known = RUNS.update().where(RUNS.c.id == run.id)
            now = {"status": "running", "updated": run.updated or run.created}
            now |= {"reason": "", "holder": self._holder, "spec": run.spec}
            connection.execute(known.values(**now))
            return exact_run(connection, run.id)

        return self._database.write(work)

    def finish_run(
        self,
        id: str,
        status: RunStatus,
        verdict_json: str | None,
        updated: str,
        *,
        reason: str = "",
    ) -> RunRecord:
        """The run as it ended, and why if it failed; without a verdict it keeps the one it had.

        Raises `NotFound` for an id that was never started.
        """
        values = {"status": status, "updated": updated, "reason": reason, "holder": ""}
        if verdict_json is not None:
            values["verdict"] = verdict_json

        def work(connection: Connection) -> RunRecord:
            connection.execute(RUNS.update().where(RUNS.c.id == id).values(**values))
            return exact_run(connection, id)

        return self._database.write(work)

    def run(self, id_or_prefix: str) -> RunRecord:
        """The run of this id, or the only one whose id begins so.

        Raises `NotFound` when there is none, `BadInput` when there are several.
        """
        return self._database.read(lambda connection: _resolved(connection, id_or_prefix))

    def runs(self, limit: int = 20, offset: int = 0) -> list[RunRecord]:
        """The runs, the newest first."""
        query = select(*_RUN).order_by(RUNS.c.created.desc(), RUNS.c.id).limit(limit)
        found = self._database.read(
            lambda connection: connection.execute(query.offset(offset)).all()
        )
        return [_run_of(row) for row in found]

    def run_marks(self) -> list[tuple[str, str, str]]:
        """Each run's id, when it last changed and its status, in the order of their creation."""
        query = select(RUNS.c.id, RUNS.c.updated, RUNS.c.status)
        ordered = query.order_by(RUNS.c.created, RUNS.c.id)
        rows = self._database.read(lambda connection: connection.execute(ordered).all())
        return [(row.id, row.updated, row.status) for row in rows]

    def runs_since(self, moment: str) -> Iterator[RunRecord]:
        """The runs that changed at `moment` (ISO) or later ('' for all), by their ids."""
        last = ""
        while page := self._changed(moment, last):
            yield from map(_run_of, page)
            last = page[-1].id

    def _changed(self, moment: str, last: str) -> Sequence[_Found]:
        query = select(*_RUN).where(RUNS.c.updated >= moment, RUNS.c.id > last)
        ordered = query.order_by(RUNS.c.id).limit(_PAGE)
        return self._database.read(lambda connection: connection.execute(ordered).all())


def exact_run(connection: Connection, id: str) -> RunRecord:
    """The run of exactly this id. Raises `NotFound`."""
    row = connection.execute(select(*_RUN).where(RUNS.c.id == id)).one_or_none()
    if row is None:
        raise _no_run(connection, id)
    return _run_of(row)


def _resolved(connection: Connection, prefix: str) -> RunRecord:
    begins = func.substr(RUNS.c.id, 1, len(prefix)) == prefix
    rows = connection.execute(select(*_RUN).where(begins).order_by(RUNS.c.id).limit(6)).all()
    exact = [row for row in rows if row.id == prefix]
    if exact or (prefix and len(rows) == 1):
        return _run_of((exact or rows)[0])
    if not rows or not prefix:
        raise _no_run(connection, prefix)
    some = ", ".join(row.id[: len(prefix) + 6] for row in rows[:5])
    raise BadInput(
        f"Several runs have an id that begins with {prefix!r}: {some}{', ...' * (len(rows) > 5)}.",
        hint="Give more of the id; `elige runs` lists them.",
    )


def _no_run(connection: Connection, id: str) -> NotFound:
    newest = select(RUNS.c.id).order_by(RUNS.c.created.desc()).limit(1000)
    # Whoever types an id types its beginning.
    shown = max(len(id), 8)
    known = {known[:shown] for known in connection.execute(newest).scalars()}
    near = get_close_matches(id, sorted(known), n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "List them with: elige runs"
    return NotFound("run", id, known, hint=hint)


def _run_of(row: _Found) -> RunRecord:
    return RunRecord(**row._asdict())
