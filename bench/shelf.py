"""How fast the catalogue's shelf takes in many entries, and an increment; and what memory it needs.

    python bench/shelf.py [--entries 500000] [--increment 10000] [--folder FOLDER]

The entries are made by a generator in the proportions of the hub: most models have tags, a third
name a parent. Each step is a process of its own, so its peak of memory is its own too.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from elige.catalog.shelf import Shelf, SyncOptions
from elige.records import (
    Broken,
    Column,
    Entry,
    FactKind,
    Place,
    Relation,
    RelationKind,
    Value,
)

_FAMILIES = ("llama", "qwen2", "mistral", "gemma3_text", "bert", "t5", "phi3", "gpt_neox")
_LICENCES = ("apache-2.0", "mit", "llama3.1", "cc-by-nc-4.0", "gemma", "other", "openrail")
_TODAY = "2026-11-26"


class Made:
    """A source of `count` entries; those below `changed` say something new."""

    name = "made"
    title = "Made"
    address = ""
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = {}

    def __init__(self, count: int, *, changed: int = 0) -> None:
        self.count = count
        self.changed = changed

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """Entries in no order, as a hub has them."""
        del place
        for number in range(self.count):
            yield _entry(number * 7_919 % self.count, number < self.changed)


def _entry(number: int, is_changed: bool) -> Entry:
    family, licence = _FAMILIES[number % 8], _LICENCES[number % 7]
    model = f"author-{number % 40_000}/{family}-{number % 97}b-v{number}"
    parent = f"author-{number % 31}/{family}-base-{number % 50}"
    relations = (Relation(kind=RelationKind.FINETUNE, parent=parent),) if number % 3 == 0 else ()
    tags = ("transformers", "safetensors", family, "text-generation", "conversational", "en")
    values: dict[Column, Value] = {
        Column.NAME: model.rpartition("/")[2],
        Column.AUTHOR: model.partition("/")[0],
        Column.TASK: "text-generation",
        Column.LIBRARY: "transformers",
        Column.TAGS: (*tags, f"license:{licence}", f"arxiv:2{number % 999:03}.{number % 9999:04}"),
        Column.LANGUAGES: ("en", "de")[: 1 + number % 2],
        Column.LICENCE: licence,
        Column.PARAMETERS: 1_000_003 * (number % 70_000 + 1),
        Column.ARCHITECTURE: family,
        Column.DOWNLOADS: number * 31 % 100_000 + is_changed,
        Column.LIKES: number % 50,
        Column.RELEASED: f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
        Column.UPDATED: f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}",
    }
    return Entry(source="made", key=model, model=model, values=values, relations=relations)


def load(place: Path, count: int) -> None:
    """The first load."""
    _sync(place, Made(count), partial=False)


def increment(place: Path, count: int) -> None:
    """Some of them say something new; the others are not told."""
    _sync(place, Made(count, changed=count), partial=True)


def again(place: Path, count: int) -> None:
    """The full listing again, with nothing new."""
    _sync(place, Made(count), partial=False)


def follow(place: Path, count: int) -> None:
    """What an index reads after an increment."""
    with Shelf(place, {}) as shelf:
        assert sum(1 for _ in shelf.changed(shelf.generation - 1)) <= count


def walk(place: Path, count: int) -> None:
    """Every card."""
    with Shelf(place, {}) as shelf:
        assert sum(1 for _ in shelf.cards()) >= count


def _sync(place: Path, source: Made, *, partial: bool) -> None:
    with Shelf(place, {}) as shelf:
        shelf.sync(source, Place(), SyncOptions(today=_TODAY, partial=partial))


def measured(step: Callable[[Path, int], None], place: Path, count: int) -> dict[str, object]:
    """Seconds and peak memory of `step` in a process of its own."""
    queue: multiprocessing.Queue[tuple[float, int]] = multiprocessing.Queue()
    child = multiprocessing.Process(target=_timed, args=(step, place, count, queue))
    child.start()
    seconds, kilobytes = queue.get()
    child.join()
    return {
        "step": step.__name__,
        "entries": count,
        "seconds": round(seconds, 1),
        "peak_mb": round(kilobytes / 1000),
        "file_mb": round(place.stat().st_size / 1e6),
    }


def _timed(
    step: Callable[[Path, int], None],
    place: Path,
    count: int,
    queue: "multiprocessing.Queue[tuple[float, int]]",
) -> None:
    start = time.perf_counter()
    step(place, count)
    seconds = time.perf_counter() - start
    queue.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def main() -> None:
    """Measure each step and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=500_000)
    parser.add_argument("--increment", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        place = Path(folder) / "catalog.db"
        steps = [(load, asked.entries), (increment, asked.increment), (follow, asked.increment)]
        for step, count in [*steps, (again, asked.entries), (walk, asked.entries)]:
            print(json.dumps(measured(step, place, count)), flush=True)


if __name__ == "__main__":
    main()
