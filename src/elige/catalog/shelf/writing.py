"""One sync: what was read takes the place of what the shelf had, all of it or nothing."""

import sqlite3

from elige.catalog.shelf.file import DROP_BARE_NAMES, INDEX_BARE_NAMES
from elige.catalog.shelf.putting import put
from elige.catalog.shelf.staging import Staging
from elige.catalog.shelf.state import Synced, SyncOptions
from elige.errors import BadInput
from elige.records import Place, Source

_REMEMBER = """
UPDATE sources SET place = :place, synced = :synced, listed = max(listed, :listed),
entries = entries + :more, broken = :broken, etag = :etag,
watermark = max(watermark, :watermark), version = :version WHERE id = :id
"""
# From so many entries on, ordering all names again takes less than putting each in its place.
_MANY = 200_000


def sync(
    connection: sqlite3.Connection, source: Source, place: Place, options: SyncOptions
) -> Synced:
    """Read `source` at `place` and put what it says on the shelf.

    What was not read is taken off unless the reading was partial. The file is changed within one
    transaction at the end, so whoever reads meanwhile, or is killed, has the state before.
    """
    if options.is_same:
        return _confirm(connection, source.name, place.fetched or options.today)
    # What is written ahead is copied afterwards, by `Tidying`.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
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
    is_long = staging.count > _MANY
    if is_long:
        connection.execute(DROP_BARE_NAMES)
    counts = put(connection, at, generation, when, is_partial)
    if is_long:
        connection.execute(INDEX_BARE_NAMES)
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


def _source_id(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", (name,))
    row = connection.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
    return int(row[0])


def _next_generation(connection: sqlite3.Connection) -> int:
    connection.execute("UPDATE shelf SET generation = generation + 1")
    return int(connection.execute("SELECT generation FROM shelf").fetchone()[0])


def _refuse_nothing(connection: sqlite3.Connection, at: int, staging: Staging, place: str) -> None:
    """An empty folder or the wrong file is no reason to take everything off the shelf.

    Nor is one of which all records are broken what anybody meant, whatever stands there.
    """
    row = connection.execute("SELECT entries FROM sources WHERE id = ?", (at,)).fetchone()
    if staging.count or not (row[0] or staging.broken_count):
        return
    raise BadInput(
        f"Nothing could be read at {place or 'that place'}{_why_not(staging)}.",
        hint=f"{_kept(row[0])} Check what --from names.",
    )


def _why_not(staging: Staging) -> str:
    if not staging.broken:
        return ""
    first = staging.broken[0]
    where = "" if first.why.startswith(first.where) else f"{first.where}: "
    more = f" and {staging.broken_count - 1:,} more" if staging.broken_count > 1 else ""
    return f" ({where}{first.why.rstrip('.')}{more})"


def _kept(entries: int) -> str:
    if not entries:
        return "Nothing was changed."
    return f"The catalogue keeps {entries:,} {'entry' if entries == 1 else 'entries'} of it."
