"""Documents made by two processes, for a first load of very many models.

    python -m elige.catalog.search.part CATALOGUE FIRST_NAME

writes the documents of the models from that name on to its output, as JSON, in blocks.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from elige.catalog.by_two import by_two, write_part
from elige.catalog.search.described import described
from elige.catalog.search.documents import AT_ONCE, Document, as_json, documents
from elige.catalog.search.inherit import Ancestry
from elige.records import Entry, Source

# Below this, a second process is not worth its start.
LEAST = 100_000
# The rest is the other process's, which has no index to write to.
_OWN_SHARE = 0.36


class Divided(Protocol):
    """A store of entries in a file that can be read in parts."""

    place: Path

    def entries(self, name: str) -> Sequence[tuple[Entry, str]]:
        """What is said of a model."""
        ...

    def changed(
        self, since: int, within: tuple[str, str] = ("", "")
    ) -> Iterator[tuple[str, list[tuple[Entry, str]]]]:
        """The models changed after `since`, from a name up to another."""
        ...

    def name_at(self, share: float, *, least: int, since: int = 0) -> str:
        """The name after that share of all models, '' where few changed after `since`."""
        ...


def boundary(shelf: Divided, since: int) -> str:
    """The first name of the other process's part, '' where one process suffices.

    It does for what changed after `since`, unless so much did that all is made sooner.
    """
    return shelf.name_at(_OWN_SHARE, least=LEAST, since=since)


def documents_within(
    shelf: Divided, sources: Mapping[str, Source], within: tuple[str, str]
) -> Iterator[Document]:
    """The documents of the models `within`, made here."""
    for block in _blocks(shelf, sources, within):
        yield from block


def _written(
    shelf: Divided, sources: Mapping[str, Source], within: tuple[str, str]
) -> Iterator[str]:
    """The same as JSON."""
    for block in _blocks(shelf, sources, within):
        yield from [as_json(fields) for fields in block]


def _blocks(
    shelf: Divided, sources: Mapping[str, Source], within: tuple[str, str]
) -> Iterator[list[Document]]:
    ancestry = Ancestry(shelf.entries, sources)
    every = (entries for _, entries in shelf.changed(0, within) if entries)
    while block := list(islice(every, AT_ONCE)):
        several = [described(entries, sources) for entries in block]
        yield documents(several, [ancestry.letters(one) for one in several])


def made_by_two(shelf: Divided, sources: Mapping[str, Source], first: str) -> Iterator[str]:
    """The documents of all models, as JSON; those from `first` on made by another process.

    Raises `PartFailed`, after everything else, where that ended early.
    """
    own = _written(shelf, sources, ("", first))
    return by_two(own, __name__, [str(shelf.place.absolute()), first])


def main(place: str, first: str) -> None:
    """Make a part and write it out."""
    from elige.catalog.shelf import Shelf
    from elige.catalog.sources import installed

    sources = installed()
    write_part(_written(Shelf(Path(place), sources), sources, (first, "")))


if __name__ == "__main__":
    main(*sys.argv[1:])
