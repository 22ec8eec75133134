"""One sync: what was read takes the place of what the shelf had, all of it or nothing."""

import sqlite3
from dataclasses import dataclass

from elige.catalog.shelf.codec import kin
from elige.catalog.shelf.file import DROP_BARE_NAMES, INDEX_BARE_NAMES
from elige.catalog.shelf.staging import Staging
from elige.catalog.shelf.state import Synced, SyncOptions
from elige.errors import BadInput
from elige.records import Place, Source

# In an entry's way stands the same key with other content, or, in a full listing, its absence.
_REPLACED = """
INSERT INTO temp.doomed SELECT e.id, 0 FROM temp.incoming AS i
CROSS JOIN main.entries AS e ON e.source = ? AND e.key = i.key WHERE e.digest <> i.digest
"""
_GONE = """
INSERT INTO temp.doomed SELECT e.id, 1 FROM main.entries AS e WHERE e.source = ?
AND NOT EXISTS (SELECT 1 FROM temp.incoming AS i WHERE i.key = e.key)
"""
_TOUCH_DOOMED = """
INSERT OR REPLACE INTO touched SELECT DISTINCT e.model, ? FROM temp.doomed AS d
CROSS JOIN entries AS e ON e.id = d.id ORDER BY e.model
"""
# In the order of the models' names, so that reading by name is reading in one go.
_ADD = """
INSERT INTO entries (source, key, model, read, digest, payload)
SELECT ?1, i.key, i.model, ?2, i.digest, i.payload FROM temp.incoming AS i
{only} ORDER BY i.model, i.key
"""
_ONLY_NEW = """
WHERE NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.source = ?1 AND e.key = i.key)
"""
_TOUCH_ADDED = """
INSERT OR REPLACE INTO touched SELECT DISTINCT model, ? FROM entries WHERE id > ? ORDER BY model
"""
# The keys are put in order first: millions of them are looked up in one go, not here and there.
_ORDER_KIN = """
CREATE TEMP TABLE kin AS SELECT i.key AS key, k.{column} AS name
FROM temp.incoming_{table} AS k CROSS JOIN temp.incoming AS i ON i.n = k.n ORDER BY 1
"""
_ADD_KIN = """
INSERT OR IGNORE INTO {table} SELECT k.name, e.id FROM temp.kin AS k
CROSS JOIN entries AS e ON e.source = ? AND e.key = k.key WHERE e.id > ? ORDER BY 1, 2
"""
_REMEMBER = """
UPDATE sources SET place = :place, synced = :synced, listed = max(listed, :listed),
entries = entries + :more, broken = :broken, etag = :etag,
watermark = max(watermark, :watermark), version = :version WHERE id = :id
"""
# From so many entries on, ordering all names again takes less than putting each in its place.
_MANY = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What changed, in entries."""

    added: int
    changed: int
    removed: int


def sync(
    connection: sqlite3.Connection, source: Source, place: Place, options: SyncOptions
) -> Synced:
    """Read `source` at `place` and put what it says on the shelf.

    What was not read is taken off unless the reading was partial. The file is changed within one
    transaction at the end, so whoever reads meanwhile, or is killed, has the state before.
    """
    if options.is_same:
        return _confirm(connection, source.name, place.fetched or options.today)
    staging = Staging(connection, source, options)
    staging.read(place)
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = _within(connection, staging, place, options)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite ends it by itself on a full disk
            connection.execute("ROLLBACK")
        raise
    return done


def _confirm(connection: sqlite3.Connection, name: str, when: str) -> Synced:
    """All that the source said the last time holds on the day `when`."""
    connection.execute(
        "UPDATE sources SET synced = ?1, listed = max(listed, ?1) WHERE name = ?2", (when, name)
    )
    row = connection.execute("SELECT entries, broken FROM sources WHERE name = ?", (name,))
    entries, broken = row.fetchone()
    generation = int(connection.execute("SELECT generation FROM shelf").fetchone()[0])
    return Synced(
        source=name,
        added=0,
        changed=0,
        removed=0,
        unchanged=entries,
        broken=(),
        broken_count=broken,
        generation=generation,
    )


def _within(
    connection: sqlite3.Connection, staging: Staging, place: Place, options: SyncOptions
) -> Synced:
    """The sync itself, within its transaction."""
    at = _source_id(connection, staging.source.name)
    is_partial = options.partial or bool(place.since)
    if not is_partial:
        _refuse_nothing(connection, at, staging, options.place)
    generation, when = _next_generation(connection), place.fetched or options.today
    if staging.count > _MANY:
        connection.execute(DROP_BARE_NAMES)
    counts = _put(connection, at, generation, when, is_partial)
    connection.execute(INDEX_BARE_NAMES)  # a file that an older elige has made lacks it too
    remembered = {
        "id": at,
        "place": options.place,
        "synced": when,
        "more": counts.added - counts.removed,
        "listed": "" if is_partial else when,
        "broken": staging.broken_count,
        "etag": options.etag,
        "watermark": staging.watermark,
        "version": options.version,
    }
    connection.execute(_REMEMBER, remembered)
    return Synced(
        source=staging.source.name,
        added=counts.added,
        changed=counts.changed,
        removed=counts.removed,
        unchanged=staging.count - counts.added - counts.changed,
        broken=tuple(staging.broken),
        broken_count=staging.broken_count,
        generation=generation,
    )


def _put(
    connection: sqlite3.Connection, at: int, generation: int, when: str, is_partial: bool
) -> _Counts:
    """Within the transaction: take off what is gone or replaced, then add what is new."""
    run = connection.execute
    run("CREATE TEMP TABLE doomed (id INTEGER PRIMARY KEY, gone INTEGER NOT NULL)")
    is_first = run("SELECT 1 FROM entries WHERE source = ? LIMIT 1", (at,)).fetchone() is None
    replaced = 0 if is_first else run(_REPLACED, (at,)).rowcount
    removed = 0 if is_first or is_partial else run(_GONE, (at,)).rowcount
    if replaced or removed:
        run(_TOUCH_DOOMED, (generation,))
        _remove_kin(connection)
        run("DELETE FROM entries WHERE id IN (SELECT id FROM temp.doomed)")
    last = run("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
    put = run(_ADD.format(only="" if is_first else _ONLY_NEW), (at, when)).rowcount
    run(_TOUCH_ADDED, (generation, last))
    for table, column in (("names", "name"), ("parents", "parent")):
        run(_ORDER_KIN.format(table=table, column=column))
        run(_ADD_KIN.format(table=table), (at, last))
        run("DROP TABLE temp.kin")
    return _Counts(added=put - replaced, changed=replaced, removed=removed)


def _remove_kin(connection: sqlite3.Connection) -> None:
    """Take off the names and parents of the entries that go, told by the entries themselves."""
    rows = connection.execute(
        "SELECT d.id, e.payload FROM temp.doomed AS d CROSS JOIN entries AS e ON e.id = d.id"
    )
    for at, payload in rows:
        parents, names = kin(payload)
        for table, column, found in (("names", "name", names), ("parents", "parent", parents)):
            if found:
                connection.executemany(
                    f"DELETE FROM {table} WHERE {column} = ? AND entry = ?",
                    [(name, at) for name in found],
                )


def _source_id(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", (name,))
    row = connection.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
    return int(row[0])


def _next_generation(connection: sqlite3.Connection) -> int:
    connection.execute("UPDATE shelf SET generation = generation + 1")
    return int(connection.execute("SELECT generation FROM shelf").fetchone()[0])


def _refuse_nothing(connection: sqlite3.Connection, at: int, staging: Staging, place: str) -> None:
    """An empty folder or the wrong file is no reason to take everything off the shelf."""
    row = connection.execute("SELECT entries FROM sources WHERE id = ?", (at,)).fetchone()
    if staging.count or not row[0]:
        return
    broken = f" ({staging.broken_count} records are broken)" if staging.broken_count else ""
    raise BadInput(
        f"Nothing could be read at {place or 'that place'}{broken}, while the catalogue holds "
        f"{row[0]} entries of that source; they are kept.",
        hint="Check what --from names.",
    )
