import os
from pathlib import Path

from elige.store import Allowed, Measure, Store
from elige.text import file_digest


def test_only_the_allowed_digest_may_run(store: Store) -> None:
    store.allow("scorer", "mine.py", "aa")
    store.allow("scorer", "renamed.py", "aa")
    assert store.is_allowed("scorer", "aa")
    assert not store.is_allowed("scorer", "ab")
    assert not store.is_allowed("remote code", "aa")
    assert store.allowed() == [Allowed(kind="scorer", name="renamed.py", digest="aa")]


def test_measures_of_other_days_stay(store: Store) -> None:
    for value, date in ((1.5, "2026-01-01"), (2.5, "2026-01-02"), (3.5, "2026-01-02")):
        store.save_measure("candidate", "this machine", "decode_tokens_per_second", value, date)
    assert [(found.value, found.date) for found in store.measures("candidate")] == [
        (3.5, "2026-01-02"),
        (1.5, "2026-01-01"),
    ]
    assert isinstance(store.measures("candidate")[0], Measure)
    assert store.measures("other") == []


def test_a_digest_is_known_while_the_file_looks_the_same(store: Store) -> None:
    store.remember_digest("/model.gguf", 5, 7, 2**64 - 1, "aa")
    assert store.known_digest("/model.gguf", 5, 7, 2**64 - 1) == "aa"
    assert store.known_digest("/model.gguf", 6, 7, 2**64 - 1) is None
    assert store.known_digest("/model.gguf", 5, 8, 2**64 - 1) is None
    assert store.known_digest("/model.gguf", 5, 7, 1) is None
    store.remember_digest("/model.gguf", 5, 8, 1, "bb")
    assert store.known_digest("/model.gguf", 5, 8, 1) == "bb"


def test_a_file_is_read_again_only_when_it_changed(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"old")
    first = store.digest_of(path)
    stat = path.stat()
    path.write_bytes(b"new")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert store.digest_of(path) == first
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert store.digest_of(path) == file_digest(path) != first
