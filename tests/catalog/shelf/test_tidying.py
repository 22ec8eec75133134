"""What was written ahead is copied into the file, and an unfit file is left alone."""

from pathlib import Path

from elige.catalog.shelf.file import opened
from elige.catalog.shelf.tidying import Tidying


def test_what_was_written_ahead_is_copied_while_others_have_the_file_open(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    connection, ahead = opened(place), tmp_path / "catalog.db-wal"
    connection.execute("UPDATE shelf SET generation = 7")
    before = (place.stat().st_size, ahead.stat().st_size)
    tidying = Tidying(place)
    tidying.start()
    tidying.start()
    tidying.wait()
    assert (before[1] > 0, ahead.stat().st_size) == (True, 0)
    assert connection.execute("SELECT generation FROM shelf").fetchone() == (7,)
    connection.close()


def test_a_reader_or_a_damaged_file_is_no_trouble(tmp_path: Path) -> None:
    place = tmp_path / "catalog.db"
    reader = opened(place)
    reader.execute("BEGIN")
    assert reader.execute("SELECT generation FROM shelf").fetchone() == (0,)
    writer = opened(place)
    writer.execute("UPDATE shelf SET generation = 1")
    tidying = Tidying(place)
    tidying.start()
    tidying.wait()
    assert reader.execute("SELECT generation FROM shelf").fetchone() == (0,)
    reader.close()
    writer.close()
    (tmp_path / "other.db").write_text("no database at all, but text", "utf-8")
    tidying = Tidying(tmp_path / "other.db")
    tidying.start()
    tidying.wait()
