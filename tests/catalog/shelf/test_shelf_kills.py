"""Killed while syncing, two at once, the file damaged: nothing lost, nothing doubled."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from catalog.shelf import syncing
from catalog.shelf.toy import TODAY, Shipped, Toy, entry

from elige.catalog.shelf import Shelf, SyncOptions
from elige.errors import StoreError
from elige.records import Column, Place

COUNT = 4_000
SCRIPT = Path(syncing.__file__)


def started(place: Path, *, seconds: float, layers: int) -> "subprocess.Popen[str]":
    """A process that has begun to read."""
    words = [sys.executable, str(SCRIPT), str(place), str(COUNT), str(seconds), str(layers)]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    return child


def line_of(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def rest_of(child: "subprocess.Popen[str]") -> str:
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return out.strip()


def layers_of(place: Path) -> tuple[int, set[object]]:
    """How many cards there are, and which numbers of layers they have."""
    with Shelf(place, {"toy": Toy()}) as shelf:
        values = [card.value(Column.LAYERS) for card in shelf.cards()]
        assert shelf.card(f"ALIAS-{COUNT - 1}") is not None
        assert whole(place) == (COUNT, COUNT, 0)
    return len(values), set(values)


def whole(place: Path) -> tuple[int, int, int]:
    """Rows of entries and of names, and names whose entry is not there."""
    connection = sqlite3.connect(place)
    try:
        (checked,) = connection.execute("PRAGMA integrity_check").fetchone()
        assert checked == "ok"
        (found,) = connection.execute("SELECT count(*) FROM entries").fetchall()
        (names,) = connection.execute("SELECT count(*) FROM names").fetchall()
        lost = connection.execute(
            "SELECT count(*) FROM names WHERE model NOT IN (SELECT model FROM entries)"
        ).fetchone()
        return found[0], names[0], lost[0]
    finally:
        connection.close()


def test_a_sync_killed_at_any_moment_leaves_the_state_before_or_after(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    rest_of(started(place, seconds=0, layers=0))
    last = 0
    for layers, seconds in enumerate((0.05, 0.15, 0.25, 0.32, 0.38, 0.45), start=1):
        child = started(place, seconds=0.2, layers=layers)
        assert line_of(child) == "reading"
        time.sleep(seconds)
        child.kill()
        child.communicate(timeout=60)
        count, found = layers_of(place)
        assert (count, found <= {last, layers}, len(found)) == (COUNT, True, 1)
        last = layers if found == {layers} else last
    assert rest_of(started(place, seconds=0, layers=99)).endswith(f"done 0 {COUNT} 0 0")
    assert layers_of(place) == (COUNT, {99})


def test_of_two_processes_one_waits_and_says_so(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    first = started(place, seconds=0.6, layers=1)
    assert line_of(first) == "reading"
    second = started(place, seconds=0, layers=2)
    told = rest_of(second).splitlines()
    assert rest_of(first) == f"done {COUNT} 0 0 0"
    assert told == [
        "Another elige is writing the catalogue; waiting for it.",
        "reading",
        f"done 0 {COUNT} 0 0",
    ]
    assert layers_of(place) == (COUNT, {2})


def test_two_that_make_the_file_at_once_make_it_once(tmp_path: Path) -> None:
    place = tmp_path / "new" / "catalog.db"
    both = [started(place, seconds=0, layers=number) for number in (1, 2)]
    assert sorted(rest_of(child).splitlines()[-1] for child in both) == [
        f"done 0 {COUNT} 0 0",
        f"done {COUNT} 0 0 0",
    ]
    assert layers_of(place)[0] == COUNT


def test_whoever_reads_goes_on_while_another_syncs(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    rest_of(started(place, seconds=0, layers=1))
    child = started(place, seconds=0.3, layers=2)
    assert line_of(child) == "reading"
    with Shelf(place, {"toy": Toy()}) as shelf:
        walk = shelf.cards()
        first = next(walk)
        rest_of(child)
        rest = [card.value(Column.LAYERS) for card in walk]
        after = shelf.card("o/m0")
    assert (first.value(Column.LAYERS), set(rest), len(rest)) == (1, {1}, COUNT - 1)
    assert after is not None and after.value(Column.LAYERS) == 2


def filled(place: Path, count: int = 300) -> None:
    with Shelf(place, {}) as shelf:
        shelf.sync(
            Toy([entry(f"o/{number}", description="x" * 99) for number in range(count)]),
            Place(),
            SyncOptions(today=TODAY),
        )


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    place.write_bytes(b"%PDF-1.7 and more of that" * 400)
    with (
        pytest.raises(StoreError, match="is not a catalogue of elige") as told,
        Shelf(place, {}) as s,
    ):
        s.card("o/1")
    assert "elige models sync" in told.value.hint


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE mine (a)")
    other.close()
    with pytest.raises(StoreError, match="something else"), Shelf(place, {}) as shelf:
        shelf.card("o/1")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    filled(place)
    data = bytearray(place.read_bytes())
    data[8192 * 2 :] = b"\x5a" * (len(data) - 8192 * 2)
    place.write_bytes(data)
    with pytest.raises(StoreError, match="is damaged"), Shelf(place, {}) as shelf:
        list(shelf.cards())


def test_a_damaged_entry_is_told(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    filled(place)
    connection = sqlite3.connect(place)
    connection.execute("UPDATE entries SET payload = x'01ffff' WHERE key = 'o/7'")
    connection.commit()
    connection.close()
    with Shelf(place, {}) as shelf:
        assert shelf.card("o/1") is not None
        with pytest.raises(StoreError, match="the entry 'o/7' of toy is damaged"):
            shelf.card("o/7")


def test_a_newer_format_is_told(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    filled(place)
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with (
        pytest.raises(StoreError, match="has format 7, made by a newer elige"),
        Shelf(place, {}) as s,
    ):
        s.card("o/1")


def test_a_full_disk_is_told_and_what_was_there_is_whole(small_disk: Path) -> None:
    filled(small_disk / "catalog.db")
    more = [entry(f"o/{number}", description=str(number**99)) for number in range(20_000)]
    with Shelf(small_disk / "catalog.db", {}) as shelf:
        with pytest.raises(StoreError, match="The disk is full") as told:
            shelf.sync(Toy(more), Place(), SyncOptions(today=TODAY))
        assert "ELIGE_HOME" in told.value.hint
        assert (sum(1 for _ in shelf.cards()), shelf.generation) == (300, 1)


def test_a_disk_that_may_only_be_read_can_be_read(small_disk: Path) -> None:
    filled(small_disk / "catalog.db")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Shelf(small_disk / "catalog.db", {}) as shelf:
        assert shelf.card("o/1") is not None
        with pytest.raises(StoreError, match="cannot be written"):
            shelf.sync(Toy([entry("o/a")]), Place(), SyncOptions(today=TODAY))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    source = Shipped([entry("o/a", source="starter")], version="1")
    with pytest.raises(StoreError, match="cannot be written"):
        Shelf.open(tmp_path / "file" / "catalog.db", {"starter": source}, today=TODAY)
