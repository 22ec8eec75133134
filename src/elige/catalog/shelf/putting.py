"""What was read takes the place of what stood on the shelf, within one transaction."""

import sqlite3
from dataclasses import dataclass

from elige.catalog.shelf.kin import moved, settle

_TABLES = """
CREATE TEMP TABLE asked AS SELECT key, n, digest FROM temp.incoming ORDER BY key;
CREATE TEMP TABLE found (
    id INTEGER PRIMARY KEY, n INTEGER NOT NULL, differs INTEGER NOT NULL
);
CREATE TEMP TABLE doomed (id INTEGER PRIMARY KEY)
"""
# An entry stands under its key as its model's name, or else in the index of the other keys.
_FIND = """
INSERT INTO temp.found
SELECT e.id, a.n, e.digest <> a.digest FROM temp.asked AS a
CROSS JOIN main.entries AS e INDEXED BY entries_by_model ON e.model = lower(a.key)
WHERE e.source = ?1 AND e.key = a.key
UNION ALL
SELECT e.id, a.n, e.digest <> a.digest FROM temp.asked AS a
CROSS JOIN main.entries AS e INDEXED BY entries_by_other_key ON e.source = ?1 AND e.key = a.key
WHERE lower(e.key) <> e.model
"""
_DOOM = """
INSERT INTO temp.doomed SELECT id FROM main.entries INDEXED BY entries_by_change
WHERE source = ? AND id NOT IN (SELECT id FROM temp.found)
"""
_CHANGED = """
FROM temp.found AS f CROSS JOIN main.entries AS e ON e.id = f.id
CROSS JOIN temp.incoming AS i ON i.n = f.n WHERE f.differs
"""
_DOOMED = "FROM temp.doomed AS d CROSS JOIN main.entries AS e ON e.id = d.id"
_KIN = f"""
SELECT e.model, e.payload, i.model, i.payload {_CHANGED}
UNION ALL SELECT e.model, e.payload, NULL, NULL {_DOOMED}
"""
_LOSE = f"""
INSERT OR REPLACE INTO lost
SELECT e.model, ?1 {_CHANGED} AND e.model <> i.model UNION SELECT e.model, ?1 {_DOOMED}
"""
_SAID = "FROM temp.found AS f CROSS JOIN temp.incoming AS i ON i.n = f.n WHERE f.id = entries.id"
_CHANGE = f"""
UPDATE main.entries SET generation = ?1, read = ?2,
(digest, payload) = (SELECT i.digest, i.payload {_SAID})
WHERE id IN (SELECT id FROM temp.found WHERE differs)
"""
# Apart, for the few that need it: a column that is set is written to its index anew.
_RENAME = f"""
UPDATE main.entries SET model = (SELECT i.model {_SAID})
WHERE id IN (SELECT e.id {_CHANGED} AND e.model <> i.model)
"""
# In the order of the models' names, so that reading by name is reading in one go.
_ADD = """
INSERT INTO main.entries (source, generation, key, model, read, digest, payload)
SELECT ?1, ?2, i.key, i.model, ?3, i.digest, i.payload FROM temp.incoming AS i {only}
ORDER BY i.model, i.key
"""
_ADD_KIN = """
INSERT OR IGNORE INTO main.{table} SELECT i.{column}, i.model FROM temp.incoming_{table} AS i {only}
ORDER BY 1, 2
"""
_ONLY_NEW = "WHERE i.n NOT IN (SELECT n FROM temp.found)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What changed, in entries."""

    added: int
    changed: int
    removed: int


def put(
    connection: sqlite3.Connection, at: int, generation: int, when: str, is_partial: bool
) -> Counts:
    """Make the entries of the source `at` those of the temporary table `incoming`.

    They are read on the day `when`. What was there and does not come in goes, unless that
    `is_partial`.
    """
    run = connection.execute
    is_first = run("SELECT 1 FROM entries WHERE source = ? LIMIT 1", (at,)).fetchone() is None
    changed = removed = 0
    if not is_first:
        for statement in _TABLES.split(";"):
            run(statement)
        run(_FIND, (at,))
        removed = 0 if is_partial else run(_DOOM, (at,)).rowcount
        lost, gained = moved(run(_KIN))
        run(_LOSE, (generation,))
        run(_RENAME)
        changed = run(_CHANGE, (generation, when)).rowcount
        run("DELETE FROM entries WHERE id IN (SELECT id FROM temp.doomed)")
        settle(connection, lost, gained)
    only = "" if is_first else _ONLY_NEW
    added = run(_ADD.format(only=only), (at, generation, when)).rowcount
    for table, column in (("names", "name"), ("parents", "parent")):
        run(_ADD_KIN.format(table=table, column=column, only=only))
    return Counts(added=added, changed=changed, removed=removed)
