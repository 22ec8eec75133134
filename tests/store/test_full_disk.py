import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from store.kept import key, said

from elige.errors import StoreError
from elige.records import AnswerKey
from elige.store import Store


def fill(store: Store) -> tuple[list[AnswerKey], StoreError]:
    """Save batches until no more fit: what was saved, and the refusal."""
    saved: list[AnswerKey] = []
    for start in range(0, 10_000, 10):
        batch = [key(number) for number in range(start, start + 10)]
        try:
            store.save_answers([(one, said("x" * 2000)) for one in batch])
        except StoreError as refusal:
            return saved, refusal
        saved += batch
    raise AssertionError("the disk never filled")


def test_a_full_disk_loses_nothing_that_was_saved(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk}/home/elige.db"
    with Store.open(url) as store:
        saved, refusal = fill(store)
        assert "full" in str(refusal)
        assert "ELIGE_HOME" in refusal.hint
        assert set(store.answers(saved)) == set(saved)
    assert len(saved) >= 50
    more = [key(number) for number in range(len(saved) + 20)]
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    with Store.open(url) as store:
        assert set(store.answers(more)) == set(saved)
        assert store.save_answers([(one, said()) for one in more]) == 20


def test_no_store_fits_on_a_disk_that_is_full(small_disk: Path) -> None:
    try:
        with (small_disk / "filler").open("wb") as filler:
            filler.write(b"x" * 2_000_000)
    except OSError:
        pass
    with pytest.raises(StoreError, match="full|No space left") as caught:
        Store.open(f"sqlite:///{small_disk}/home/elige.db")
    assert "ELIGE_HOME" in caught.value.hint


def test_a_database_that_may_not_grow_loses_nothing_that_was_saved(file: Path) -> None:
    Store.open(f"sqlite:///{file}").close()
    event.listen(Engine, "connect", limit_size)
    try:
        with Store.open(f"sqlite:///{file}") as store:
            saved, refusal = fill(store)
            assert "full" in str(refusal)
            assert set(store.answers(saved)) == set(saved)
    finally:
        event.remove(Engine, "connect", limit_size)
    with Store.open(f"sqlite:///{file}") as store:
        assert set(store.answers([key(number) for number in range(10_000)])) == set(saved)


def limit_size(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA max_page_count = 200")
    cursor.close()
