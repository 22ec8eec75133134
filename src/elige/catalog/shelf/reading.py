"""What stands on the shelf, entry by entry and model by model."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from elige.catalog.lineage.names import bare, plain_name
from elige.catalog.shelf.codec import decoded
from elige.catalog.shelf.file import BARE_NAME
from elige.catalog.shelf.state import SourceState
from elige.records import Entry, Relation

Read: TypeAlias = tuple[Entry, str]
# A row below: the model's name, folded; the source; the key; the date; the payload.
_Row: TypeAlias = tuple[str, str, str, str, bytes]

_ENTRY = "e.model, s.name, e.key, max(e.read, s.listed), e.payload"
_OF_MODEL = f"""
SELECT {_ENTRY} FROM entries AS e CROSS JOIN sources AS s ON s.id = e.source
WHERE e.model = ? ORDER BY s.name, e.key
"""
_NAMED_OTHERWISE = f"""
SELECT {_ENTRY} FROM names AS n CROSS JOIN entries AS e ON e.model = n.model
CROSS JOIN sources AS s ON s.id = e.source WHERE n.name = ? ORDER BY s.name, e.key
"""
_CHILDREN = f"""
SELECT {_ENTRY} FROM parents AS p CROSS JOIN entries AS e ON e.model = p.model
CROSS JOIN sources AS s ON s.id = e.source WHERE p.parent = ? ORDER BY s.name, e.key
"""
_ALL = f"""
SELECT {_ENTRY} FROM entries AS e INDEXED BY entries_by_model
CROSS JOIN sources AS s ON s.id = e.source
WHERE e.model >= ?1 AND (?2 = '' OR e.model < ?2) ORDER BY e.model
"""
_CHANGED = """
SELECT t.model, s.name, e.key, max(e.read, s.listed), e.payload FROM (
    SELECT e.model AS model FROM sources AS s CROSS JOIN entries AS e INDEXED BY entries_by_change
    ON e.source = s.id AND e.generation > ?1
    UNION SELECT model FROM lost WHERE generation > ?1
) AS t LEFT JOIN entries AS e ON e.model = t.model LEFT JOIN sources AS s ON s.id = e.source
ORDER BY t.model
"""
_COUNT_CHANGED = """
SELECT count(*) FROM sources AS s CROSS JOIN entries AS e INDEXED BY entries_by_change
ON e.source = s.id AND e.generation > ?
"""
_STATES = """
SELECT name, place, synced, entries, broken, etag, watermark, version FROM sources ORDER BY name
"""
_NEAR = """
SELECT DISTINCT model FROM entries WHERE model >= ?1 AND model < ?1 || char(0x10ffff) LIMIT ?2
"""
_WITHIN = "SELECT DISTINCT model FROM entries WHERE instr(model, ?) LIMIT ?"
_MOST_NEAR = 2000
_NAMED = f"""
SELECT {_ENTRY} FROM entries AS e CROSS JOIN sources AS s ON s.id = e.source
WHERE {BARE_NAME} IN (?, ?) LIMIT ?
"""
_MOST_NAMED = 400


def entries_of(connection: sqlite3.Connection, name: str) -> list[Read]:
    """What each source says of a model, by its own name or by another."""
    key = name.casefold()
    found = _read(connection.execute(_OF_MODEL, (key,)))
    if found:
        return found
    for entry, _ in _read(connection.execute(_NAMED_OTHERWISE, (key,))):
        if any(other.casefold() == key for other in entry.names):
            return _read(connection.execute(_OF_MODEL, (entry.model.casefold(),)))
    return []


def children_of(connection: sqlite3.Connection, name: str) -> list[tuple[str, Relation]]:
    """The models that name this one as their parent, each kind of relation once."""
    key = name.casefold()
    found: dict[tuple[str, str], tuple[str, Relation]] = {}
    for entry, _ in _read(connection.execute(_CHILDREN, (key,))):
        for relation in entry.relations:
            if relation.parent.casefold() == key:
                child = (entry.model.casefold(), relation.kind)
                found.setdefault(child, (entry.model, relation))
    return list(found.values())


def has_children(connection: sqlite3.Connection, name: str) -> bool:
    """Whether any model names this one as its parent."""
    asked = "SELECT 1 FROM parents WHERE parent = ? LIMIT 1"
    return connection.execute(asked, (name.casefold(),)).fetchone() is not None


def all_models(
    connection: sqlite3.Connection, within: tuple[str, str] = ("", "")
) -> Iterator[tuple[str, list[Read]]]:
    """Every model by its folded name, in their order, with all that is said of it.

    `within` is the first folded name, and the one after the last; '' is no bound.
    """
    return _by_model(connection.execute(_ALL, within))


def changed_models(
    connection: sqlite3.Connection, since: int, within: tuple[str, str]
) -> Iterator[tuple[str, list[Read]]]:
    """The models that changed after a generation, with all that is said of them now.

    After 0 these are all, of which `within` takes those that `all_models` does.
    """
    if since > 0:
        return _by_model(connection.execute(_CHANGED, (since,)))
    return all_models(connection, within)


def name_at(connection: sqlite3.Connection, share: float, least: int, since: int) -> str:
    """The folded name after that share of all entries.

    '' where fewer than `least`, or than a third of all, changed after the generation `since`.
    """
    changed = int(connection.execute(_COUNT_CHANGED, (since,)).fetchone()[0])
    if changed < least:
        return ""
    count = int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])
    if 3 * changed < count:
        return ""
    asked = "SELECT model FROM entries ORDER BY model LIMIT 1 OFFSET ?"
    return str(connection.execute(asked, (int(share * count),)).fetchone()[0])


def generation_of(connection: sqlite3.Connection) -> int:
    """The number of the last sync that was committed, 0 for none."""
    return int(connection.execute("SELECT generation FROM shelf").fetchone()[0])


def states_of(connection: sqlite3.Connection) -> list[SourceState]:
    """Every source that was ever read, by name."""
    return [
        SourceState(
            source=name,
            place=place,
            synced=synced,
            entries=entries,
            broken=broken,
            etag=etag,
            watermark=watermark,
            version=version,
        )
        for name, place, synced, entries, broken, etag, watermark, version in connection.execute(
            _STATES
        )
    ]


def near(connection: sqlite3.Connection, name: str) -> list[str]:
    """Folded names that may be meant by `name`: of the same author, or with its last part."""
    key = name.casefold()
    author, slash, last = key.rpartition("/")
    found: list[str] = []
    if slash:
        rows = connection.execute(_NEAR, (author + slash, _MOST_NEAR))
        found += [row[0] for row in rows]
    if last:
        rows = connection.execute(_WITHIN, (last, _MOST_NEAR))
        found += [row[0] for row in rows]
    return list(dict.fromkeys(found))


def named(connection: sqlite3.Connection, plain: str) -> list[str]:
    """The models whose bare name is `plain`, as `lineage.names.plain_name` writes it.

    Of hundreds only some.
    """
    if not plain:
        return []
    key = plain.replace(".", "-").replace("_", "-")
    rows = connection.execute(_NAMED, (key, f"{key}-hf", _MOST_NAMED)).fetchall()
    first = {row[0]: row for row in reversed(rows)}
    found = [entry.model for entry, _ in _read(first.values())]
    return sorted(one for one in found if plain_name(bare(one)) == plain)


def _by_model(rows: Iterable[_Row]) -> Iterator[tuple[str, list[Read]]]:
    for model, of_model in groupby(rows, key=lambda row: row[0]):
        kept = [row for row in of_model if row[1] is not None]
        if len(kept) > 1:
            kept.sort(key=lambda row: (row[1], row[2]))
        yield model, _read(kept)


def _read(rows: Iterable[_Row]) -> list[Read]:
    return [(decoded(source, key, data), read) for _, source, key, read, data in rows]
