"""A first load by two processes: the same index, also where one of them fails."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from catalog.search.cards import CARDS, HOW
from catalog.shelf.toy import TODAY, Toy

from elige.catalog.search import Query, SearchIndex, follow, search
from elige.catalog.search.part import boundary
from elige.catalog.shelf import Shelf
from elige.catalog.shelf.state import SyncOptions
from elige.records import Column, Place


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setattr("elige.catalog.search.part.LEAST", 2)
    toy = Toy(CARDS)
    opened = Shelf.open(tmp_path / "catalog.db", {"toy": toy}, today=TODAY)
    opened.sync(toy, Place(), SyncOptions(today=TODAY))
    return opened


def everything(index: SearchIndex) -> list[str]:
    return sorted(hit.model for hit in search(index, Query(limit=100)).hits)


def test_two_processes_make_what_one_makes(shelf: Shelf, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "catalog.index")
    with shelf:
        assert follow(index, shelf, HOW).changed == len(CARDS)
        assert follow(index, shelf, HOW).changed == 0
    assert everything(index) == sorted(one.model for one in CARDS)


def test_what_a_failed_process_leaves_is_made_here(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho nonsense\nexit 3\n", "utf-8")
    failing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(failing))
    index = SearchIndex(tmp_path / "catalog.index")
    with shelf:
        follow(index, shelf, HOW)
    assert everything(index) == sorted(one.model for one in CARDS)


def test_parts_of_a_shelf_are_all_of_it(shelf: Shelf) -> None:
    with shelf:
        middle = shelf.name_at(0.5, least=1)
        parts = [
            [name for name, _ in shelf.changed(0, within)]
            for within in (("", middle), (middle, ""))
        ]
        whole = [name for name, _ in shelf.changed(0)]
        assert parts[0] + parts[1] == whole and parts[0] and parts[1]
        assert shelf.name_at(0.5, least=10_000) == ""


def test_where_most_changed_all_is_made_anew(shelf: Shelf, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "catalog.index")
    with shelf:
        follow(index, shelf, HOW)
        before = index.searcher
        now = [replace(one, values={Column.LIKES: 77}) for one in CARDS[1:]]
        shelf.sync(Toy(now), Place(), SyncOptions(today=TODAY))
        assert boundary(shelf, 1) != ""
        assert follow(index, shelf, HOW).changed == len(CARDS) - 1
        assert before.num_docs == len(CARDS) + 1  # and the mark of the commit
        hits = search(index, Query(limit=100)).hits
        assert sorted(hit.model for hit in hits) == sorted(one.model for one in CARDS[1:])
        assert {hit.number("likes") for hit in hits} == {77}
        again = [*(replace(one, values={Column.LIKES: 78}) for one in now[:2]), *now[2:]]
        shelf.sync(Toy(again), Place(), SyncOptions(today=TODAY))
        assert boundary(shelf, 2) == ""
        assert follow(index, shelf, HOW).changed == 2
        assert index.searcher.num_docs == len(CARDS)
