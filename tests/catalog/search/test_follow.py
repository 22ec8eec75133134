"""Keeping up with the store: nothing lost, nothing doubled, whatever happens in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from catalog.search.cards import CARDS, HOW, Counted, entry, indexed

from elige.catalog.search import Following, Query, SearchIndex, follow, search
from elige.loader.lock import hold
from elige.records import Entry


def total(index: SearchIndex, text: str = "") -> int:
    return search(index, Query(text=text)).total


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "catalog.index"


def test_only_what_changed_is_written(place: Path) -> None:
    index, store = SearchIndex(place), Counted(CARDS)
    assert follow(index, store, HOW).changed == len(CARDS)
    assert follow(index, store, HOW).changed == 0
    store.put([entry("new/one"), entry("allenai/OLMo-7B", licence="mit")])
    assert follow(index, store, HOW).changed == 2
    assert total(index) == len(CARDS) + 1
    assert search(index, Query(text="olmo")).hits[0].facts["licence"] == "mit"


def test_a_removed_model_is_gone(place: Path) -> None:
    index, store = SearchIndex(place), Counted(CARDS)
    follow(index, store, HOW)
    store.remove("allenai/OLMo-7B")
    follow(index, store, HOW)
    assert total(index) == len(CARDS) - 1 and total(index, "olmo") == 0


def test_another_process_sees_what_was_committed(place: Path) -> None:
    store = Counted(CARDS)
    follow(SearchIndex(place), store, HOW)
    reader = SearchIndex(place)
    assert reader.refresh() == 1 and total(reader) == len(CARDS)
    store.put([entry("new/one")])
    follow(SearchIndex(place), store, HOW)
    assert total(reader) == len(CARDS)
    assert reader.refresh() == 2 and total(reader) == len(CARDS) + 1


class Stumbling(Counted):
    """Fails after the first change, like a program that is stopped."""

    def changed(self, since: int) -> Iterator[tuple[str, list[tuple[Entry, str]]]]:
        yield next(super().changed(since))
        raise KeyboardInterrupt


def test_what_stops_half_way_changes_nothing(place: Path) -> None:
    index, store = SearchIndex(place), Counted(CARDS)
    follow(index, store, HOW)
    stopped = Stumbling([])
    stopped.put([entry("new/one"), entry("new/two")])
    with pytest.raises(KeyboardInterrupt):
        follow(index, stopped, HOW)
    assert SearchIndex(place).refresh() == 1
    store.put([entry("new/one"), entry("new/two")])
    assert follow(index, store, HOW).changed == 2
    assert total(index) == len(CARDS) + 2 and total(index, "new") == 2


KILLED = """
import sys, time
from pathlib import Path
from catalog.search.cards import CARDS, HOW, Counted, entry
from elige.catalog.search import SearchIndex, follow

class Slow(Counted):
    def changed(self, since):
        for row in super().changed(since):
            yield row
            if since:
                print("half", flush=True)
                time.sleep(60)

index, store = SearchIndex(Path(sys.argv[1])), Slow(CARDS)
follow(index, store, HOW)
store.put([entry("new/one"), entry("new/two"), entry("allenai/OLMo-7B")])
follow(index, store, HOW)
"""


def test_a_killed_process_loses_and_doubles_nothing(place: Path) -> None:
    tests = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(place)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(tests)},
        text=True,
    )
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "half\n"
        store = Counted(CARDS)
        store.put([entry("new/one"), entry("new/two"), entry("allenai/OLMo-7B")])
        behind = SearchIndex(place)
        assert follow(behind, store, HOW).behind and total(behind) == len(CARDS)
        child.send_signal(signal.SIGKILL)
    index = SearchIndex(place)
    assert follow(index, store, HOW).changed == 3
    assert total(index) == len(CARDS) + 2
    assert (total(index, "olmo"), total(index, "new")) == (1, 2)


def test_while_another_writes_the_older_state_is_read(place: Path) -> None:
    index, store = SearchIndex(place), Counted(CARDS)
    follow(index, store, HOW)
    store.put([entry("new/one")])
    descriptor = hold(index.lock)
    assert descriptor is not None
    try:
        assert follow(index, store, HOW).behind
        assert total(index) == len(CARDS)
    finally:
        os.close(descriptor)
    assert follow(index, store, HOW).changed == 1


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:20]), id="cut"),
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: path.write_bytes(b"\xff" * 999), id="overwritten"),
    ],
)
@pytest.mark.parametrize("ending", ["meta.json", ".store", ".idx", ".fast", ".term"])
def test_a_damaged_index_is_built_anew_with_a_notice(
    place: Path, ending: str, harm: object
) -> None:
    store = Counted(CARDS)
    follow(SearchIndex(place), store, HOW)
    assert callable(harm)
    for path in place.glob(f"*{ending}"):
        harm(path)
    heard: list[str] = []
    index = SearchIndex(place)
    follow(index, store, Following(sources={}, say=heard.append))
    assert total(index) == len(CARDS)
    assert all("built anew" in line for line in heard)


def test_an_index_of_another_version_is_built_anew(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Counted(CARDS)
    with monkeypatch.context() as patch:
        patch.setattr("elige.catalog.search.index.FORMAT", 0)
        follow(SearchIndex(place), store, HOW)
    heard: list[str] = []
    index = SearchIndex(place)
    assert follow(index, store, Following(sources={}, say=heard.append)).rebuilt
    assert "another version" in heard[0] and total(index) == len(CARDS)


def test_an_index_newer_than_the_store_is_built_anew(place: Path) -> None:
    index, store = SearchIndex(place), Counted(CARDS)
    store.put([])
    follow(index, store, HOW)
    assert follow(index, Counted(CARDS[:3]), HOW).rebuilt
    assert total(index) == 3


def test_an_empty_store_is_searched_in_vain(tmp_path: Path) -> None:
    assert total(indexed(tmp_path, [])) == 0


def test_many_increments_stay_few_segments(place: Path) -> None:
    index, store = SearchIndex(place), Counted(CARDS)
    for number in range(20):
        store.put([entry(f"new/number-{number}")])
        follow(index, store, HOW)
    assert total(index, "number") == 20
    assert index.searcher.num_segments < 12
