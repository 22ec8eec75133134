"""Work shared with a second process, for loads of very many models.

The other process is a module of elige, run with the words that say what its part is. It writes what
it made to its output: blocks, each after its size, and an empty one when it has made all.
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
_SIZE_BYTES, _PIPE_BYTES, _LARGEST_BLOCK = 8, 1 << 20, 1 << 30


class PartFailed(Exception):
    """The other process ended early; its part is to be made again."""


def by_two(own: Iterable[Any], module: str, words: Sequence[str]) -> Iterator[Any]:
    """What is made here, and between it what the other process makes.

    Raises `PartFailed`, after everything else, where that ended early.
    """
    command = [sys.executable, "-m", module, *words]
    with subprocess.Popen(
        command,
        bufsize=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            yield from _both(own, child)
        finally:
            child.kill()


def _both(own: Iterable[Any], child: "subprocess.Popen[bytes]") -> Iterator[Any]:
    assert child.stdout is not None  # a pipe, as asked for
    blocks: Queue[bytes] = Queue(_WAITING)
    Thread(target=_receive, args=(child.stdout, blocks), daemon=True).start()
    ended = False
    for number, one in enumerate(own):
        yield one
        if not number % _BLOCK and not ended:
            with suppress(Empty):
                while not ended:
                    block = blocks.get_nowait()
                    ended = not block
                    yield from _opened(block)
    while not ended:
        block = blocks.get()
        ended = not block
        yield from _opened(block)
    if child.wait():
        raise PartFailed


def _opened(block: bytes) -> list[Any]:
    made: list[Any] = marshal.loads(block) if block else []
    return made


def _receive(stream: IO[bytes], blocks: "Queue[bytes]") -> None:
    """Hand on every block as it is; nothing at the end, whatever that was.

    Each read has to wait for the main thread, which never rests: there must be few, of much each.
    """
    with suppress(ImportError, OSError, AttributeError):  # where pipes have a size of their own
        import fcntl

        fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    try:
        while size := int.from_bytes(_exactly(stream, _SIZE_BYTES), "little"):
            blocks.put(_exactly(stream, size))
    except (EOFError, OSError):
        pass  # the child's exit says that it failed
    finally:
        blocks.put(b"")


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes. Raises `EOFError` where the stream ends before."""
    if size > _LARGEST_BLOCK:  # nothing that `write_part` wrote
        raise EOFError
    parts, missing = [], size
    while missing:
        part = stream.read(missing)
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


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
                _send(out, marshal.dumps(block))
                block.clear()
        _send(out, marshal.dumps(block))
        _send(out, b"")
        out.flush()


def _send(out: IO[bytes], block: bytes) -> None:
    out.write(len(block).to_bytes(_SIZE_BYTES, "little") + block)
