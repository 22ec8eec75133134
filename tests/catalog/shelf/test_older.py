"""A catalogue that an older elige has made is brought to the format of today, and nothing lost."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from catalog.shelf.toy import TODAY, Toy, entry

from elige.catalog.shelf import Shelf, SyncOptions
from elige.errors import StoreError
from elige.records import Place, Relation, RelationKind

# The tables of format 1, as they were.
_FORMAT_1 = """
CREATE TABLE shelf (generation INTEGER NOT NULL);
INSERT INTO shelf VALUES (3);
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, place TEXT NOT NULL DEFAULT '',
    synced TEXT NOT NULL DEFAULT '', listed TEXT NOT NULL DEFAULT '',
    entries INTEGER NOT NULL DEFAULT 0, broken INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '', watermark TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT ''
);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, key TEXT NOT NULL, model TEXT NOT NULL,
    read TEXT NOT NULL, digest BLOB NOT NULL, payload BLOB NOT NULL
);
CREATE UNIQUE INDEX entries_by_key ON entries (source, key);
CREATE INDEX entries_by_model ON entries (model);
CREATE TABLE names (
    name TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (name, entry)
) WITHOUT ROWID;
CREATE TABLE parents (
    parent TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (parent, entry)
) WITHOUT ROWID;
CREATE TABLE touched (model TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX touched_by_generation ON touched (generation);
PRAGMA application_id = 1701603651;
PRAGMA user_version = 1;
"""
OPTIONS = SyncOptions(today=TODAY)
CHILD = replace(
    entry("Org/Child"),
    names=("Kid",),
    relations=(Relation(kind=RelationKind.MERGE, parent="Org/Base"),),
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A catalogue of format 1 with three models, one of them gone since."""
    from elige.catalog.shelf.prepared import prepared

    connection = sqlite3.connect(tmp_path / "catalog.db")
    connection.executescript(_FORMAT_1)
    run = connection.execute
    run("INSERT INTO sources (id, name, entries, listed) VALUES (1, 'toy', 2, '2026-01-01')")
    for row in prepared([CHILD, entry("org/base")]):
        assert len(row) == 8
        number, key, model, digest, payload, names, parents, _ = row
        asked = "INSERT INTO entries VALUES (?, 1, ?, ?, '2026-01-01', ?, ?)"
        run(asked, (number, key, model, digest, payload))
        for name in names:
            run("INSERT INTO names VALUES (?, ?)", (name, number))
        for parent in parents:
            run("INSERT INTO parents VALUES (?, ?)", (parent, number))
        run("INSERT INTO touched VALUES (?, ?)", (model, number))
    run("INSERT INTO touched VALUES ('org/gone', 3)")
    connection.commit()
    connection.close()
    return tmp_path / "catalog.db"


def test_all_that_stood_in_an_older_file_is_there(old: Path) -> None:
    toy = Toy()
    with Shelf(old, {"toy": toy}) as shelf:
        assert [card.model for card in shelf.cards()] == ["org/base", "Org/Child"]
        assert [found.key for found, _ in shelf.entries("KID")] == ["Org/Child"]
        assert [name for name, _ in shelf.children("org/base")] == ["Org/Child"]
        assert [name for name, _ in shelf.changed(1)] == ["org/base", "org/gone"]
        assert (shelf.generation, shelf.states()[0].entries) == (3, 2)
    connection = sqlite3.connect(old)
    tables = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    lost = connection.execute("SELECT model, generation FROM lost").fetchall()
    connection.close()
    assert lost == [("org/gone", 3)]
    assert not [name for name in tables if name.endswith("_1") or name.startswith("touched")]


def test_an_older_file_is_synced_like_any_other(old: Path) -> None:
    with Shelf(old, {"toy": Toy()}) as shelf:
        done = shelf.sync(Toy([CHILD, entry("org/base", layers=4)]), Place(), OPTIONS)
        assert (done.added, done.changed, done.removed, done.unchanged) == (0, 1, 0, 1)
        done = shelf.sync(Toy([entry("org/base", layers=4)]), Place(), OPTIONS)
        assert (done.removed, shelf.has_children("org/base"), shelf.entries("kid")) == (
            1,
            False,
            [],
        )


def test_an_older_file_that_lacks_a_table_is_told_and_left(old: Path) -> None:
    connection = sqlite3.connect(old)
    connection.execute("DROP TABLE touched")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError), Shelf(old, {"toy": Toy()}) as shelf:
        list(shelf.cards())
    connection = sqlite3.connect(old)
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    count = connection.execute("SELECT count(*) FROM entries").fetchone()
    connection.close()
    assert (number, count) == (1, (2,))
