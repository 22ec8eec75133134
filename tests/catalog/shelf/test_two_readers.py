"""A first load read by two processes: the same shelf, also where one of them fails."""

import marshal
import sqlite3
import sys
from pathlib import Path

import pytest
from catalog.shelf.toy import TODAY

from elige.catalog.shelf import Shelf, Synced, SyncOptions
from elige.catalog.shelf import prepared as rows
from elige.catalog.sources import source
from elige.errors import BadInput
from elige.records import Place

HUB = source("hub-stats")
COUNT = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Rows in parts of ten: one has no name in each half, one name stands twice."""
    import pyarrow
    from pyarrow import parquet

    names: list[str | None] = [f"org/m{n}" for n in range(COUNT)]
    names[7] = names[50] = None
    names[55] = "org/m3"
    table = pyarrow.table(
        {
            "id": names,
            "lastModified": [f"2025-01-{1 + n % 28:02}" for n in range(COUNT)],
            "tags": [["transformers", f"base_model:finetune:org/m{n // 2}"] for n in range(COUNT)],
            "likes": list(range(COUNT)),
        }
    )
    parquet.write_table(table, tmp_path / "models.parquet", row_group_size=10)
    return tmp_path / "models.parquet"


def loaded(place: Path, file: Path) -> tuple[Synced, list[tuple[object, ...]]]:
    """What a sync said, and everything on the shelf."""
    with Shelf(place, {HUB.name: HUB}) as shelf:
        done = shelf.sync(HUB, Place(path=file), SyncOptions(today=TODAY))
    connection = sqlite3.connect(place)
    found = [
        row
        for asked in (
            "SELECT key, model, digest, payload FROM entries ORDER BY key",
            "SELECT parent, model FROM parents ORDER BY 1, 2",
            "SELECT model, generation FROM entries ORDER BY 1",
            "SELECT entries, broken, watermark FROM sources",
        )
        for row in connection.execute(asked)
    ]
    connection.close()
    return done, found


def test_two_processes_read_what_one_reads(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = loaded(tmp_path / "one.db", file)
    monkeypatch.setattr(rows, "LEAST", 2)
    assert rows.division(HUB, Place(path=file)) == (3, 30)
    assert loaded(tmp_path / "two.db", file) == alone
    assert [one.where for one in alone[0].broken] == [
        *("models.parquet, row 8", "models.parquet, row 51"),
        "org/m3",
    ]
    assert alone[0].added == COUNT - 3


def test_what_a_failed_process_leaves_is_read_here(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = loaded(tmp_path / "one.db", file)
    row = (31, "org/m30", "org/m30", b"d", b"p", ["other"], ["org/m0"], "2025-01-02")
    block = marshal.dumps([row, (32, "x", "y")])
    (tmp_path / "block").write_bytes(len(block).to_bytes(8, "little") + block)
    failing = tmp_path / "python"
    failing.write_text(f'#!/bin/sh\ncat "{tmp_path}/block"\nexit 3\n', "utf-8")
    failing.chmod(0o755)
    monkeypatch.setattr(rows, "LEAST", 2)
    monkeypatch.setattr(sys, "executable", str(failing))
    assert loaded(tmp_path / "two.db", file) == alone


def test_a_part_that_cannot_be_read_changes_nothing(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "catalog.db"
    _, before = loaded(place, file)
    monkeypatch.setattr(rows, "LEAST", 2)
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = b"\xff" * 400
    file.write_bytes(data)
    with pytest.raises(BadInput, match="cannot be read"):
        loaded(place, file)
    connection = sqlite3.connect(place)
    kept = connection.execute(
        "SELECT count(DISTINCT model), max(generation) FROM entries"
    ).fetchone()
    connection.close()
    assert kept == (len({row[0] for row in before if len(row) == 4}), 1)


def test_a_small_file_is_read_here(file: Path) -> None:
    assert rows.division(HUB, Place(path=file)) == (0, 0)
    assert rows.division(HUB, Place()) == (0, 0)
