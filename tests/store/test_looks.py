from dataclasses import replace

import pytest

from elige.errors import NotFound
from elige.store import LockedPart, Opening, Store

PART = LockedPart(data_hash="data", fraction=0.3, seed=2**80, samples="ids", created="2026-01-01")


def test_looks_count_different_runs(store: Store, other: Store) -> None:
    assert store.looks("data") == 0
    assert [store.look("data", run) for run in ("one", "two", "one")] == [1, 2, 2]
    assert other.looks("data") == 2
    assert other.looks("other") == 0


def test_the_first_lock_stays(store: Store) -> None:
    assert store.locked_part("data") is None
    assert store.lock_part(PART) == PART
    assert store.lock_part(replace(PART, seed=2, fraction=0.5)) == PART
    assert store.locked_part("data") == PART


def test_a_second_opening_is_told(store: Store) -> None:
    store.lock_part(PART)
    assert store.open_locked("data", "one", opened="2026-01-02") == 0
    assert store.open_locked("data", "one", opened="2026-01-03") == 0
    assert store.open_locked("data", "two", opened="2026-01-04") == 1
    assert store.openings("data") == [
        Opening(run="one", opened="2026-01-02"),
        Opening(run="two", opened="2026-01-04"),
    ]


def test_what_was_never_locked_cannot_be_opened(store: Store) -> None:
    with pytest.raises(NotFound, match="No locked part"):
        store.open_locked("data", "one", opened="2026-01-02")
