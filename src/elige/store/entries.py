"""Entries: which answers belong to a run, and what a run's answers came to."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any  # what a row holds is known by its query alone

from sqlalchemy import Connection, Row, and_, func, select, tuple_

from elige.errors import NotFound
from elige.records import AnswerKey, Score
from elige.store.answers import score_rows
from elige.store.codec import read_answer, read_score
from elige.store.database import Database
from elige.store.dialect import insert_new, upsert
from elige.store.keys import columns_of
from elige.store.record import RunEntry, RunObservation, ScoreKey
from elige.store.runs import exact_run
from elige.store.table import ANSWERS, ENTRIES, SCORES, TEXTS
from elige.text import digest

_Found = Row[*tuple[Any, ...]]
_PAGE = 2000
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


class Entries:
    """The part of the store that knows what belongs to a run."""

    _database: Database

    def link(
        self,
        run_id: str,
        entries: Sequence[RunEntry],
        scores: Sequence[tuple[ScoreKey, Score]] = (),
    ) -> None:
        """Keep new scores, and that `entries` belong to the run, in one transaction.

        What stands there already is not written again. Raises `NotFound` for an id that was
        never started, `ValueError` for the score of an answer that is not kept.
        """
        rows = [(_row_of(run_id, entry), entry.prompt) for entry in entries]
        there = self._database.read(lambda connection: _there(connection, run_id, entries))
        new = [(row, text) for row, text in rows if tuple(row.values()) not in there]
        if not new and not scores:
            return
        texts = {str(row["prompt"]): text for row, text in new}

        def work(connection: Connection) -> None:
            exact_run(connection, run_id)
            insert_new(connection, SCORES, score_rows(scores))
            insert_new(
                connection,
                TEXTS,
                [{"digest": key, "body": body} for key, body in sorted(texts.items())],
            )
            upsert(connection, ENTRIES, [row for row, _ in new])

        self._database.write(work)

    def keep_texts(self, texts: Iterable[str]) -> None:
        """Keep texts under their hashes; what is there already is not written again."""
        for text in texts:  # one after another, for together they can be as large as the data
            self._keep_text({"digest": digest(text), "body": text})

    def _keep_text(self, row: dict[str, str]) -> None:
        self._database.write(lambda connection: insert_new(connection, TEXTS, [row]))

    def texts(self, digests: Sequence[str]) -> list[str]:
        """The texts of these hashes, in their order. Raises `NotFound` for one that is not kept."""

        def work(connection: Connection) -> dict[str, str]:
            found = (
                connection.execute(select(TEXTS).where(TEXTS.c.digest == one)).one_or_none()
                for one in digests
            )
            return {row.digest: row.body for row in found if row is not None}

        bodies = self._database.read(work)
        for one in digests:
            if one not in bodies:
                raise NotFound("text", one, hint="Run the same command again.")
        return [bodies[one] for one in digests]

    def paid(self, run_id: str) -> dict[str, int]:
        """How many answers the run paid for itself, by candidate; those that paid none are not."""
        asked = (
            select(ENTRIES.c.name, ENTRIES.c.candidate, ENTRIES.c.sent, ENTRIES.c.repeat)
            .join(ANSWERS, _SAME_ANSWER)
            .where(ENTRIES.c.run == run_id, ANSWERS.c.run == run_id)
            .distinct()
            .subquery()
        )
        query = select(asked.c.name, func.count()).group_by(asked.c.name)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {name: count for name, count in rows}

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


def _there(
    connection: Connection, run_id: str, entries: Sequence[RunEntry]
) -> set[tuple[object, ...]]:
    """The rows that the run has of these entries' candidates and positions, as they are."""
    spans: dict[str, list[int]] = {}
    for entry in entries:
        spans.setdefault(entry.candidate, []).append(entry.position)
    columns = [ENTRIES.c[name] for name in _COLUMNS]
    found: set[tuple[object, ...]] = set()
    for name, positions in spans.items():
        query = select(*columns).where(
            ENTRIES.c.run == run_id,
            ENTRIES.c.name == name,
            ENTRIES.c.position.between(min(positions), max(positions)),
        )
        found.update(tuple(row) for row in connection.execute(query))
    return found


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


_COLUMNS = (
    *("candidate", "sent", "repeat", "run", "name", "position", "sample"),
    *("scorer", "target", "prompt"),
)


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
