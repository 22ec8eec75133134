"""Catalogues that an older elige has made."""

import sqlite3

# Of format 1: an index of all keys, the kin by entries, and each model's last change apart.
_FROM_1 = """
ALTER TABLE entries RENAME TO entries_1;
ALTER TABLE names RENAME TO names_1;
ALTER TABLE parents RENAME TO parents_1;
DROP INDEX IF EXISTS entries_by_bare_name;
DROP INDEX entries_by_key;
DROP INDEX entries_by_model;
{tables};
INSERT INTO entries SELECT e.id, e.source, t.generation, e.key, e.model, e.read, e.digest, e.payload
FROM entries_1 AS e CROSS JOIN touched AS t ON t.model = e.model;
INSERT INTO lost SELECT model, generation FROM touched
WHERE model NOT IN (SELECT model FROM entries_1);
INSERT OR IGNORE INTO names
SELECT k.name, e.model FROM names_1 AS k CROSS JOIN entries_1 AS e ON e.id = k.entry;
INSERT OR IGNORE INTO parents
SELECT k.parent, e.model FROM parents_1 AS k CROSS JOIN entries_1 AS e ON e.id = k.entry;
DROP TABLE names_1;
DROP TABLE parents_1;
DROP TABLE entries_1;
DROP TABLE touched
"""


def convert(connection: sqlite3.Connection, tables: str) -> None:
    """Bring a catalogue of format 1 to the one of which `tables` makes those that changed."""
    for statement in _FROM_1.format(tables=tables).split(";"):
        connection.execute(statement)
