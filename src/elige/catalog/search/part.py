"""Documents made by two processes, for a first load of very many models.

    python -m elige.catalog.search.part CATALOGUE FIRST_NAME

writes the documents of the models from that name on to its output, in blocks, and None at the end.
"""

import marshal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any, Protocol  # documents hold texts, numbers and lists of them

from elige.catalog.search.described import described
from elige.catalog.search.inherit import Ancestry
from elige.catalog.search.schema import document
from elige.records import Entry, Source

# Below this, a second process is not worth its start.
LEAST = 100_000
# The rest is the other process's, which has no index to write to.
_OWN_SHARE = 0.2
_BLOCK, _WAITING = 400, 64

Document = dict[str, Any]


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

    def name_at(self, share: float, *, least: int) -> str:
        """The name after that share of all models."""
        ...


class PartFailed(Exception):
    """The other process ended early; its part, from `first` on, is to be made again."""

    def __init__(self, first: str) -> None:
        super().__init__(first)
        self.first = first


def boundary(shelf: Divided) -> str:
    """The first name of the other process's part, '' where one process suffices."""
    return shelf.name_at(_OWN_SHARE, least=LEAST)


def made(
    shelf: Divided, sources: Mapping[str, Source], within: tuple[str, str]
) -> Iterator[Document]:
    """The documents of the models `within`, made here."""
    ancestry = Ancestry(shelf.entries, sources)
    for _, entries in shelf.changed(0, within):
        if entries:
            one = described(entries, sources)
            yield document(one, ancestry.letters(one))


def made_by_two(shelf: Divided, sources: Mapping[str, Source], first: str) -> Iterator[Document]:
    """The documents of all models, those from `first` on made by another process.

    Raises `PartFailed`, after everything else, where that ended early.
    """
    command = [sys.executable, "-m", __name__, str(shelf.place.absolute()), first]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            yield from _both(made(shelf, sources, ("", first)), child, first)
        finally:
            child.kill()


def _both(
    own: Iterator[Document], child: "subprocess.Popen[bytes]", first: str
) -> Iterator[Document]:
    assert child.stdout is not None  # a pipe, as asked for
    blocks: Queue[list[Document] | None] = Queue(_WAITING)
    Thread(target=_receive, args=(child.stdout, blocks), daemon=True).start()
    ended = False
    for number, one in enumerate(own):
        yield one
        if not number % _BLOCK and not ended:
            with suppress(Empty):
                while not ended:
                    block = blocks.get_nowait()
                    ended = block is None
                    yield from block or ()
    while not ended:
        block = blocks.get()
        ended = block is None
        yield from block or ()
    if child.wait():
        raise PartFailed(first)


def _receive(stream: IO[bytes], blocks: "Queue[list[Document] | None]") -> None:
    """Hand on every block; None at the end, whatever that was."""
    try:
        while (block := marshal.load(stream)) is not None:
            blocks.put(block)
    except (EOFError, ValueError, TypeError, OSError):
        pass  # the child's exit says that it failed
    finally:
        blocks.put(None)


def main(arguments: list[str]) -> None:
    """Make a part and write it out."""
    from elige.catalog.shelf import Shelf
    from elige.catalog.sources import installed

    sources = installed()
    shelf = Shelf(Path(arguments[0]), sources)
    block: list[Document] = []
    out = sys.stdout.buffer
    for one in made(shelf, sources, (arguments[1], "")):
        block.append(one)
        if len(block) == _BLOCK:
            marshal.dump(block, out)
            block.clear()
    marshal.dump(block, out)
    marshal.dump(None, out)
    out.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(sys.argv[1:])
