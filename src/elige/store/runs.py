"""Runs: what was asked for, how it ended, and which answers belong to it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from difflib import get_close_matches
from typing import Any  # what a row holds is known by its query alone

from sqlalchemy import Connection, Row, and_, func, select, tuple_

from elige.errors import BadInput, NotFound
from elige.records import AnswerKey
from elige.store.codec import read_answer, read_score
from elige.store.database import Database
from elige.store.dialect import insert_new, upsert
from elige.store.keys import columns_of
from elige.store.record import RunEntry, RunObservation, RunRecord, RunStatus
from elige.store.table import ANSWERS, ENTRIES, RUNS, SCORES, TEXTS
from elige.text import digest

_Found = Row[*tuple[Any, ...]]
_PAGE = 2000
_RUN = tuple(RUNS.c[field.name] for field in fields(RunRecord))
_SAME_ANSWER = and_(
    ANSWERS.c.candidate == ENTRIES.c.candidate,
    ANSWERS.c.sent == ENTRIES.c.sent,
    ANSWERS.c.repeat == ENTRIES.c.repeat,
)
_SAME_SCORE = and_(
    SCORES.c.candidate == ENTRIES.c.candidate,
    SCORES.c.sent == ENTRIES.c.sent,
    SCORES.c.repeat == ENTRIES.c.repeat,
    SCORES.c.scorer == ENTRIES.c.scorer,
    SCORES.c.target == ENTRIES.c.target,
)
_ORDER = (ENTRIES.c.name, ENTRIES.c.position, ENTRIES.c.repeat)
_ENTRIES = select(ENTRIES, TEXTS.c.body.label("text")).join(
    TEXTS, TEXTS.c.digest == ENTRIES.c.prompt
)
_OBSERVATIONS = (
    _ENTRIES.add_columns(
        ANSWERS.c.body.label("answer"),
        ANSWERS.c.run.label("asked_by"),
        SCORES.c.value,
        SCORES.c.outcome,
        SCORES.c.body.label("score"),
    )
    .outerjoin(ANSWERS, _SAME_ANSWER)
    .outerjoin(SCORES, _SAME_SCORE)
)


class Runs:
    """The part of the store that knows runs."""

    _database: Database

    def start_run(self, run: RunRecord) -> RunRecord:
        """The run as it is kept, now running; one that is known keeps its date and verdict."""

        def work(connection: Connection) -> RunRecord:
            insert_new(connection, RUNS, [asdict(run)])
            known = RUNS.update().where(RUNS.c.id == run.id)
            updated = run.updated or run.created
            connection.execute(known.values(status="running", updated=updated))
            return _exact(connection, run.id)

        return self._database.write(work)

    def finish_run(
        self, id: str, status: RunStatus, verdict_json: str | None, updated: str
    ) -> RunRecord:
        """The run as it ended; without a verdict it keeps the one it had.

        Raises `NotFound` for an id that was never started.
        """
        values = {"status": status, "updated": updated}
        if verdict_json is not None:
            values["verdict"] = verdict_json

        def work(connection: Connection) -> RunRecord:
            connection.execute(RUNS.update().where(RUNS.c.id == id).values(**values))
            return _exact(connection, id)

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

    def link(self, run_id: str, entries: Sequence[RunEntry]) -> None:
        """Note that `entries` belong to the run; the same entry again changes nothing.

        Raises `NotFound` for an id that was never started.
        """
        texts = {digest(entry.prompt): entry.prompt for entry in entries}
        rows = [_row_of(run_id, entry) for entry in entries]

        def work(connection: Connection) -> None:
            _exact(connection, run_id)
            insert_new(
                connection,
                TEXTS,
                [{"digest": key, "body": body} for key, body in sorted(texts.items())],
            )
            upsert(connection, ENTRIES, rows)

        self._database.write(work)

    def entries(self, run_id: str) -> list[RunEntry]:
        """What belongs to the run, by candidate and position, answered or not."""
        query = _ENTRIES.where(ENTRIES.c.run == run_id).order_by(*_ORDER)
        found = self._database.read(lambda connection: connection.execute(query).all())
        return [_entry_of(row) for row in found]

    def observations(self, run_id: str) -> Iterator[RunObservation]:
        """The run's entries with their answers and scores, by candidate and position.

        They come in pages, so that no transaction stays open while the caller works.
        """
        after: tuple[str, int, int] | None = None
        while True:
            rows = self._page(run_id, after)
            yield from map(_observation_of, rows)
            if len(rows) < _PAGE:
                return
            after = (rows[-1].name, rows[-1].position, rows[-1].repeat)

    def _page(self, run_id: str, after: tuple[str, int, int] | None) -> Sequence[_Found]:
        query = _OBSERVATIONS.where(ENTRIES.c.run == run_id).order_by(*_ORDER).limit(_PAGE)
        if after is not None:
            query = query.where(tuple_(*_ORDER) > tuple_(*after))
        return self._database.read(lambda connection: connection.execute(query).all())


def _exact(connection: Connection, id: str) -> RunRecord:
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


def _row_of(run_id: str, entry: RunEntry) -> dict[str, object]:
    return columns_of(entry.key) | {
        "run": run_id,
        "name": entry.candidate,
        "position": entry.position,
        "sample": entry.sample,
        "scorer": entry.scorer,
        "target": entry.target,
        "prompt": digest(entry.prompt),
    }


def _entry_of(row: _Found) -> RunEntry:
    return RunEntry(
        candidate=row.name,
        sample=row.sample,
        position=row.position,
        key=AnswerKey(candidate=row.candidate, sent=row.sent, repeat=row.repeat),
        scorer=row.scorer,
        target=row.target,
        prompt=row.text,
    )


def _observation_of(row: _Found) -> RunObservation:
    scored = row.score is not None
    return RunObservation(
        entry=_entry_of(row),
        answer=None if row.answer is None else read_answer(row.answer),
        score=read_score(row.value, row.outcome, row.score) if scored else None,
        asked_by=row.asked_by or "",
    )
