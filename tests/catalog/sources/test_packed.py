"""Packed files: what would fill the memory or the disk, or leave the folder, is refused at once."""

import bz2
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from elige.catalog.sources import json_files, source
from elige.catalog.sources.packed import Limits, bytes_of, is_archive, members_of, unpack
from elige.errors import BadInput
from elige.records import Broken, Entry, Place

Fill = Callable[[tarfile.TarFile], None]


def tar(path: Path, fill: Fill, *, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # a mode is a text
        fill(archive)
    return path


def add(archive: tarfile.TarFile, name: str, data: bytes = b"x", **facts: object) -> None:
    one = tarfile.TarInfo(name)
    one.size = len(data)
    for fact, value in facts.items():
        setattr(one, fact, value)
    archive.addfile(one, io.BytesIO(data))


def refused(path: Path, folder: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BadInput) as told:
        unpack(path, folder / "out", limits)
    assert told.value.hint and "\n" not in str(told.value)
    return str(told.value)


@pytest.mark.parametrize("kind", ["w:", "w:gz", "w:bz2", "zip"])
def test_files_are_written_and_links_are_left_out(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "packed"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("a/b.txt", "x" * 70_000)
            link = zipfile.ZipInfo("a/link")
            link.external_attr = 0o120777 << 16
            packed.writestr(link, "/etc/passwd")
    else:

        def fill(archive: tarfile.TarFile) -> None:
            add(archive, "./a/b.txt", b"x" * 70_000)
            add(archive, "a/link", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd")
            add(archive, "a/pipe", b"", type=tarfile.FIFOTYPE)

        tar(path, fill, mode=kind)
    assert is_archive(path)
    assert unpack(path, tmp_path / "out") == (1 if kind == "zip" else 2)
    there = [one for one in (tmp_path / "out").rglob("*") if not one.is_dir()]
    assert [one.read_bytes() for one in there] == [b"x" * 70_000]


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "..\\x", "C:\\x", "a/..", "x/../../../y"]
)
@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_no_path_leaves_the_folder(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "packed"
    if kind == "tar":
        tar(path, lambda archive: add(archive, name))
    else:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(name, "x")
    assert "leads out of the folder" in refused(path, tmp_path)
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["packed"]


def test_a_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    def fill(archive: tarfile.TarFile) -> None:
        add(archive, "a", b"", type=tarfile.SYMTYPE, linkname=str(tmp_path))
        add(archive, "a/x")

    assert unpack(tar(tmp_path / "packed", fill), tmp_path / "out") == 1
    assert (tmp_path / "out" / "a" / "x").is_file()
    assert not (tmp_path / "x").exists()


def huge(archive: tarfile.TarFile) -> None:
    """A header alone, that promises more than anybody has."""
    one = tarfile.TarInfo("a")
    one.size = 10**13
    assert archive.fileobj is not None
    archive.fileobj.write(one.tobuf(tarfile.GNU_FORMAT))


def test_sizes_are_counted_before_anything_is_unpacked(tmp_path: Path) -> None:
    told = refused(tar(tmp_path / "packed", huge), tmp_path)
    assert told == "packed holds more than 200,000 files or 4.0 GB, too much for a catalogue."


def test_files_are_counted(tmp_path: Path) -> None:
    def fill(archive: tarfile.TarFile) -> None:
        for number in range(20):
            add(archive, str(number))

    path = tar(tmp_path / "packed", fill)
    assert "more than 19 files" in refused(path, tmp_path, Limits(files=19))
    assert unpack(path, tmp_path / "whole", Limits(files=20)) == 0


@pytest.mark.parametrize("kind", [b"x", b"g", b"L"], ids=["pax", "all", "name"])
def test_a_header_that_would_fill_the_memory_is_not_read(tmp_path: Path, kind: bytes) -> None:
    def fill(archive: tarfile.TarFile) -> None:
        add(archive, "a", b"1" * 3_000_000, type=kind)

    assert "a header in it is too long" in refused(tar(tmp_path / "packed", fill), tmp_path)


def test_files_with_holes_are_refused(tmp_path: Path) -> None:
    told = refused(
        tar(tmp_path / "p", lambda one: add(one, "a", type=tarfile.GNUTYPE_SPARSE)), tmp_path
    )
    assert "a file with holes" in told
    holes = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "a"}
    told = refused(tar(tmp_path / "q", lambda one: add(one, "a", pax_headers=holes)), tmp_path)
    assert "a file with holes" in told


@pytest.mark.parametrize("kind", ["w:", "w:gz", "w:bz2"])
def test_an_archive_that_breaks_off_is_refused_wherever_it_does(tmp_path: Path, kind: str) -> None:
    def fill(archive: tarfile.TarFile) -> None:
        for number in range(4):
            add(archive, str(number), bytes(range(256)) * 3)

    whole = tar(tmp_path / "whole", fill, mode=kind).read_bytes()
    part, end = tmp_path / "part", 4 * 1536 if kind == "w:" else len(whole) - 1
    for length in range(600, end, max(1, end // 40)):
        part.write_bytes(whole[:length])
        if is_archive(part):
            refused(part, tmp_path)
    if kind == "w:":  # where one file ends and the next would begin
        part.write_bytes(whole[:3072])
        assert "it breaks off" in refused(part, tmp_path)


def test_a_damaged_header_is_no_end(tmp_path: Path) -> None:
    def fill(archive: tarfile.TarFile) -> None:
        add(archive, "a")
        add(archive, "b")

    data = bytearray(tar(tmp_path / "packed", fill, mode="w:").read_bytes())
    data[1024 + 3] ^= 0x5A
    (tmp_path / "packed").write_bytes(data)
    assert "it is damaged (bad checksum)" in refused(tmp_path / "packed", tmp_path)


def test_a_zip_with_a_password_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed", "w") as packed:
        packed.writestr("a", "x")
    data = bytearray((tmp_path / "packed").read_bytes())
    data[6] |= 1  # the bit for a password, in the file's header and in the list of files
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "packed").write_bytes(data)
    assert "password" in refused(tmp_path / "packed", tmp_path)


def test_a_bomb_is_put_out_at_the_limit(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.json.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        for _ in range(40):
            file.write(b"[" + b" " * 999_999)
    with pytest.raises(BadInput, match=r"bomb.json.gz holds more than 5.0 MB when it is unpacked"):
        bytes_of(bomb, most=5_000_000)
    assert len(bytes_of(bomb, most=40_000_000)) == 40_000_000


@pytest.mark.parametrize("of", ["llmfit", "hub", "openrouter", "modelsdev", "lmarena"])
def test_every_reader_of_documents_has_a_limit(
    tmp_path: Path, of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_files, "MOST_BYTES", 1_000)
    monkeypatch.setattr("elige.catalog.sources.score_table.MOST_BYTES", 1_000)
    path = tmp_path / ("x.csv" if of == "lmarena" else "x.json")
    path.write_bytes(gzip.compress(b"[" + b" " * 100_000 + b"]"))
    with pytest.raises(BadInput, match=r"x.\w+ holds more than 1.0 KB when it is unpacked"):
        list(source(of).read(Place(path=path)))


def test_a_line_that_is_too_long_costs_that_record_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_files, "LONGEST_LINE", 100)
    lines = [b'{"id": "a/b"}', json.dumps({"id": "c/d", "x": "y" * 999}).encode(), b'{"id": "e/f"}']
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    first, long, last = source("hub").read(Place(path=tmp_path / "x.jsonl.gz"))
    assert isinstance(long, Broken)
    assert (long.where, long.why) == ("x.jsonl.gz, line 2", "longer than 100 bytes")
    assert isinstance(first, Entry) and isinstance(last, Entry) and last.model == "e/f"


def test_lines_have_a_limit_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "MOST_IN_LINES", 1_000)
    (tmp_path / "x.jsonl").write_bytes(b'{"id": "a/b"}\n' + b"\n" * 2_000)
    with pytest.raises(BadInput, match="holds more than 1.0 KB"):
        list(source("hub").read(Place(path=tmp_path / "x.jsonl")))


@pytest.mark.parametrize(
    ("start", "way"), [(b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd")], ids=["xz", "zstd"]
)
def test_what_is_packed_otherwise_is_told(tmp_path: Path, start: bytes, way: str) -> None:
    (tmp_path / "x.json").write_bytes(start + b"rest")
    with pytest.raises(BadInput, match=f"x.json is packed with {way}") as told:
        list(source("llmfit").read(Place(path=tmp_path / "x.json")))
    assert "gzip" in told.value.hint


def test_a_list_packed_with_bzip2_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(bz2.compress(b'[{"name": "a/b"}]'))
    (found,) = source("llmfit").read(Place(path=tmp_path / "x.json"))
    assert isinstance(found, Entry)


def test_members_come_with_their_dates(tmp_path: Path) -> None:
    path = tar(tmp_path / "packed", lambda one: add(one, "a", mtime=1_782_864_000))
    assert [(one.name, one.dated) for one in members_of(path)] == [("a", "2026-07-01")]
