"""Hashes of large files, computed once for each state of a file."""

import json
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol  # rows of JSON hold numbers and texts

from elige.errors import BadInput
from elige.loader.cache import written
from elige.loader.lock import locked
from elige.text import file_digest


class DigestCache(Protocol):
    """Remembers the hash of a file together with how the file looked; the store is one."""

    def known_digest(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """The hash of the file if it still looks like that, or None."""
        ...

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Keep the hash of the file that looks like that."""
        ...


class JsonDigests:
    """A digest cache in one JSON file that several processes may share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known_digest(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """The hash of the file if it still looks like that, or None."""
        *look, digest = self._read().get(path, [""])
        return str(digest) if look == [size, mtime_ns, inode] else None

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Keep the hash of the file that looks like that.

        Raises `StoreError` when the folder cannot be written.
        """
        with written(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._path.with_suffix(".lock")):
                rows = {**self._read(), path: [size, mtime_ns, inode, digest]}
                write_atomically(self._path, json.dumps(rows, indent=0, sort_keys=True))

    def _read(self) -> dict[str, list[Any]]:
        with suppress(OSError, ValueError):
            content = json.loads(self._path.read_text("utf-8"))
            if isinstance(content, dict):
                return {path: row for path, row in content.items() if isinstance(row, list) and row}
        return {}


def digest_of(path: Path, digests: DigestCache) -> str:
    """Hex SHA-256 of the file at `path`, read again only when the file changed.

    Raises `BadInput` when it cannot be read or changes while it is.
    """
    try:
        look = _look(path)
        known = digests.known_digest(*look)
        if known is None:
            known = file_digest(path)
            if _look(path) != look:
                raise BadInput(
                    f"{path} changed while it was read.", hint="Try again once it is complete."
                )
            digests.remember_digest(*look, known)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error
    return known


def _look(path: Path) -> tuple[str, int, int, int]:
    stat = path.stat()
    return str(path.resolve()), stat.st_size, stat.st_mtime_ns, stat.st_ino


def write_atomically(path: Path, text: str) -> None:
    """Put `text` at `path` so that a reader sees the old or the new content, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
