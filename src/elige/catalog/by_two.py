"""Work shared with a second process, for loads of very many models.

The other process is a module of elige, run with the words that say what its part is. It writes
what it made to its output, in blocks, and `None` when it has made all.
"""

import gc
import marshal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any  # what `marshal` writes: texts, bytes, numbers, and lists of them

_BLOCK, _WAITING = 400, 64


class PartFailed(Exception):
    """The other process ended early; its part is to be made again."""


def by_two(own: Iterable[Any], module: str, words: Sequence[str]) -> Iterator[Any]:
    """What is made here, and between it what the other process makes.

    Raises `PartFailed`, after everything else, where that ended early.
    """
    command = [sys.executable, "-m", module, *words]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            yield from _both(own, child)
        finally:
            child.kill()


def _both(own: Iterable[Any], child: "subprocess.Popen[bytes]") -> Iterator[Any]:
    assert child.stdout is not None  # a pipe, as asked for
    blocks: Queue[list[Any] | None] = Queue(_WAITING)
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
        raise PartFailed


def _receive(stream: IO[bytes], blocks: "Queue[list[Any] | None]") -> None:
    """Hand on every block; None at the end, whatever that was."""
    try:
        while (block := marshal.load(stream)) is not None:
            blocks.put(block)
    except (EOFError, ValueError, TypeError, OSError):
        pass  # the child's exit says that it failed
    finally:
        blocks.put(None)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Do not look for circles among millions of records that hold none; it takes time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def write_part(made: Iterable[Any]) -> None:
    """In the other process: write what it makes to its output."""
    block: list[Any] = []
    out = sys.stdout.buffer
    with suppress(BrokenPipeError), without_collecting():
        for one in made:
            block.append(one)
            if len(block) == _BLOCK:
                marshal.dump(block, out)
                block.clear()
        marshal.dump(block, out)
        marshal.dump(None, out)
        out.flush()
