"""A process that syncs slowly, for tests of kills and of two at once.

    python syncing.py CATALOGUE COUNT SECONDS LAYERS

Reads COUNT entries of the source `toy`, waiting SECONDS in all, and says `reading` and `done`.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from elige.catalog.shelf import Shelf, SyncOptions
from elige.records import Broken, Column, Entry, FactKind, Place, Value


class Slow:
    name = "toy"
    title = "Toys"
    address = ""
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = {}

    def __init__(self, count: int, seconds: float, layers: int) -> None:
        self.count = count
        self.seconds = seconds
        self.layers = layers

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        del place
        tell("reading")
        for number in range(self.count):
            if number % 100 == 0:
                time.sleep(self.seconds * 100 / self.count)
            model = f"o/m{number}"
            values: Mapping[Column, Value] = {Column.LAYERS: self.layers}
            names = (f"alias-{number}",)
            yield Entry(source="toy", key=model, model=model, values=values, names=names)


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    place, count, seconds, layers = sys.argv[1:]
    source = Slow(int(count), float(seconds), int(layers))
    with Shelf(Path(place), {"toy": source}, say=tell) as shelf:
        done = shelf.sync(source, Place(), SyncOptions(today="2026-11-26"))
    tell(f"done {done.added} {done.changed} {done.removed} {done.unchanged}")
