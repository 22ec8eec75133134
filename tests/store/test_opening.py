import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, MetaData, event, inspect, text
from store.kept import key, keys, said

from elige.errors import BadInput, EligeError, MissingExtra, StoreError
from elige.store import Database, Store
from elige.store.dialect import opened, parsed
from elige.store.migrate import migrate
from elige.store.migrations import NEWEST, STEPS
from elige.store.table import METADATA


def open_file(file: Path, *, patience: float = 30.0) -> Store:
    return Store.open(f"sqlite:///{file}", patience=patience)


def refusal(file: Path, *, patience: float = 30.0) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_file(file, patience=patience)
    told = caught.value
    assert "\n" not in str(told)
    assert "ELIGE_HOME" in told.hint
    return told


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    assert str(tmp_path / "home") in str(refusal(tmp_path / "home" / "elige.db"))
    assert "Not a directory" in str(refusal(tmp_path / "home" / "deeper" / "elige.db"))


def test_a_folder_in_the_place_of_the_file_is_refused(file: Path) -> None:
    file.mkdir(parents=True)
    assert "cannot be opened" in str(refusal(file))


def test_what_is_no_database_is_refused(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("This is a letter and no database at all. " * 100)
    assert "is not a database" in str(refusal(file))
    assert file.read_text().startswith("This is a letter")


def test_the_database_of_another_program_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = file.read_bytes()
    assert f"{file} is the database of another program" in str(refusal(file))
    assert file.read_bytes() == before


def test_a_damaged_file_is_told(file: Path) -> None:
    with open_file(file) as store:
        store.save_answers([(one, said("x" * 500)) for one in keys(500)])
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * 200_000)
    with pytest.raises(StoreError, match="damaged|not a database"):
        open_file(file).answers(keys(500))


def test_a_newer_store_is_refused(file: Path) -> None:
    open_file(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO elige_migrations VALUES (?, 'later')", [NEWEST + 1])
    connection.close()
    assert f"newer elige (step {NEWEST + 1}, this one knows {NEWEST})" in str(refusal(file))
    database = Database(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="newer elige"):
        database.write(migrate)
    database.close()


def test_a_locked_store_is_told_after_some_patience(file: Path) -> None:
    with open_file(file, patience=0.2) as store:
        blocker = sqlite3.connect(file, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program") as caught:
            store.save_answers([(key(), said())])
        assert "ELIGE_HOME" in caught.value.hint
        blocker.execute("ROLLBACK")
        blocker.close()
        assert store.save_answers([(key(), said())]) == 1


def test_an_old_sqlite_has_room_for_every_statement(file: Path) -> None:
    event.listen(Engine, "connect", as_before_3_32)
    with open_file(file) as store:
        event.remove(Engine, "connect", as_before_3_32)
        many = keys(2000)
        assert len(store.claim(many, now=0, ttl=60)) == 2000
        assert store.save_answers([(one, said()) for one in many]) == 2000
        assert len(store.answers(many)) == 2000


def as_before_3_32(connection: sqlite3.Connection, _entry: object) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)


def test_a_transaction_that_was_overtaken_is_done_again(file: Path) -> None:
    open_file(file).close()
    database, calls = Database(f"sqlite:///{file}"), list[int]()
    rival = sqlite3.connect(file, isolation_level=None)

    def overtaken(connection: Connection) -> None:
        calls.append(connection.execute(text("SELECT count(*) FROM looks")).scalar_one())
        if len(calls) == 1:
            rival.execute("INSERT INTO looks VALUES ('data', 'rival')")
        connection.execute(text("INSERT INTO looks VALUES ('data', 'run')"))

    # To read first and write later is what `write` avoids; it makes SQLite fail at once.
    database.read(overtaken)
    assert calls == [0, 1]
    rival.close()
    database.close()


def test_a_write_reads_nothing_before_it_is_its_turn(file: Path) -> None:
    open_file(file).close()
    database, calls = Database(f"sqlite:///{file}"), list[int]()
    blocker = sqlite3.connect(file, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(database.write, lambda connection: calls.append(1))
        time.sleep(0.2)
        assert calls == []
        blocker.execute("ROLLBACK")
        waiting.result()
    assert calls == [1]
    blocker.close()
    database.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        pytest.param("nonsense", "cannot be read", id="no URL"),
        pytest.param("mysql://host/name", "not mysql", id="another kind"),
        pytest.param("sqlite://", "in memory", id="in memory"),
        pytest.param("sqlite:///:memory:", "in memory", id="in memory by name"),
    ],
)
def test_a_url_that_is_no_store_is_refused(url: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        Store.open(url)
    assert "ELIGE_DATABASE" in caught.value.hint


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(EligeError) as caught:
        Store.open("postgresql://me:secret@127.0.0.1:9/name")
    assert isinstance(caught.value, StoreError | MissingExtra)
    assert "secret" not in str(caught.value)


def test_sqlite_is_set_up_to_lose_nothing(file: Path) -> None:
    with open_file(file):
        database = Database(f"sqlite:///{file}", patience=12)
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = database.read(
            lambda connection: [
                connection.execute(text(f"PRAGMA {name}")).scalar() for name in names
            ]
        )
        assert found == ["wal", 2, 1, 12_000]
        database.close()


def test_opening_again_keeps_everything(url: str) -> None:
    with Store.open(url) as store:
        store.save_answers([(key(), said())])
    with Store.open(url) as store:
        assert store.answers([key()]) == {key(): said()}
        store.close()


def test_the_migrations_make_the_tables_that_queries_use(url: str, store: Store) -> None:
    engine = opened(parsed(url), patience=1)
    made = MetaData()
    made.reflect(engine)
    for name, table in METADATA.tables.items():
        columns = [(one.name, one.primary_key) for one in made.tables[name].columns]
        assert sorted(columns) == sorted((one.name, one.primary_key) for one in table.columns)
        key_columns = inspect(engine).get_pk_constraint(name)["constrained_columns"]
        assert key_columns == [one.name for one in table.primary_key.columns]
    assert set(made.tables) == set(METADATA.tables)
    engine.dispose()


def test_a_store_of_the_first_step_is_brought_up_to_date(file: Path) -> None:
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as connection:
        for statement in STEPS[0][2]:
            connection.execute(statement.replace("{clustered}", "WITHOUT ROWID"))
        connection.execute("CREATE TABLE elige_migrations (number BIGINT PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO elige_migrations VALUES (1, 'first')")
        values = ("old", "choose", "t", "d", "{}", "2026", "2026", "failed", None)
        connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        connection.commit()
    with open_file(file) as store:
        old = store.run("old")
        assert (old.status, old.reason, old.holder) == ("failed", "", "")


def test_steps_are_numbered_without_gaps() -> None:
    assert [number for number, _, _ in STEPS] == list(range(1, NEWEST + 1))


def test_many_processes_open_a_new_store_at_once(url: str) -> None:
    code = "import sys; from elige.store import Store; Store.open(sys.argv[1]).close()"
    openers = [
        subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [opener.communicate()[1] for opener in openers] == [b""] * 4
    assert [opener.returncode for opener in openers] == [0] * 4
