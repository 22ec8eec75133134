"""What strangers have packed, read in a stream and within limits: gzip, bzip2, tar and zip."""

import bz2
import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Self, cast

from elige.catalog.sources.reading import day
from elige.errors import BadInput
from elige.text import human_bytes

_AT_ONCE = 1 << 20
_BLOCK = 512
_LARGEST_HEADER = 1_000_000
# Headers that carry the name or the facts of the member after them (POSIX pax, GNU, Solaris).
_OF_THE_NEXT = frozenset({b"x", b"g", b"X", b"L", b"K"})
_TROUBLE = (
    *(OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile),
    *(RuntimeError, ValueError, LookupError),  # a password is asked for; numbers that are none
)
# Their files begin so; unpacking xz may take gigabytes of memory, and Python 3.11 has no zstd.
_ELSEWHERE = {b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf\x27\x1c": "7z"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an archive may hold: members, and their bytes when they are unpacked."""

    files: int = 200_000
    size: int = 4_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of an archive by its path below the archive's root, or a link.

    `target` is where a link leads, '' for a file. `dated` is the ISO date of its last change, ''
    where there is none. `stream` can be read until the next member is asked for.
    """

    name: str
    size: int
    dated: str
    target: str = ""
    stream: IO[bytes] | None = None


@contextmanager
def stream_of(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked. Raises `BadInput` where they cannot be."""
    with _told(path), path.open("rb") as raw:
        start = raw.read(6)
        raw.seek(0)
        if start.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast("IO[bytes]", stream)
        elif start.startswith(b"BZh"):
            with bz2.BZ2File(raw) as stream:
                yield stream
        else:
            for magic, way in _ELSEWHERE.items():
                if start.startswith(magic):
                    raise BadInput(
                        f"{path.name} is packed with {way}, which is not read here.",
                        hint="Unpack it first, or give it packed with gzip.",
                    )
            yield raw


def bytes_of(path: Path, *, most: int) -> bytes:
    """All bytes of a file, unpacked. Raises `BadInput` where they cannot be, or are over `most`."""
    found = bytearray()
    with stream_of(path) as stream:
        while part := stream.read(_AT_ONCE):
            found += part
            if len(found) > most:
                raise too_large(path, most)
    return bytes(found)


def too_large(path: Path, most: int) -> BadInput:
    """What is told of a file that holds more than `most` bytes."""
    return BadInput(
        f"{path.name} holds more than {human_bytes(most)} when it is unpacked, too much for a "
        "list of models.",
        hint="Check that it is the right file, or give the part that is meant.",
    )


def is_archive(path: Path) -> bool:
    """Whether the file at `path` is a tar, packed or not, or a zip."""
    if zipfile.is_zipfile(path):
        return True
    try:
        with stream_of(path) as stream:
            tarfile.TarInfo.frombuf(stream.read(_BLOCK), "utf-8", "surrogateescape")
    except (tarfile.HeaderError, BadInput):
        return False
    return True


def members_of(path: Path, limits: Limits | None = None) -> Iterator[Member]:
    """Every file and link of the archive at `path`, in their order.

    Raises `BadInput` for an archive that is damaged, breaks off, holds more than the limits, or a
    path that leads out of it.
    """
    bounds = _Bounds(path, limits or Limits())
    with _told(path):
        yield from (_of_zip if zipfile.is_zipfile(path) else _of_tar)(path, bounds)


def unpack(path: Path, folder: Path, limits: Limits | None = None) -> int:
    """Write the archive's files below `folder`; how many links were left out comes back.

    Raises `BadInput` as `members_of` does, and where a file cannot be written.
    """
    links = 0
    for one in members_of(path, limits):
        if one.stream is None:
            links += 1
            continue
        place = folder / one.name
        with _told(path):
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as file:
                copyfileobj(one.stream, file, _AT_ONCE)
    return links


class _Bounds:
    """Counts what an archive holds, before any of it is read."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._files = 0
        self._size = 0

    def count(self, size: int, *, files: int = 0) -> None:
        """Raises `BadInput` for more than the limits."""
        if size < 0:
            raise self.broken("a size in it is below 0")
        self._files += files
        self._size += size
        if self._files > self._limits.files or self._size > self._limits.size:
            raise BadInput(
                f"{self._path.name} holds more than {self._limits.files:,} files or "
                f"{human_bytes(self._limits.size)}, too much for a catalogue.",
                hint="Unpack the part that is meant, and name its folder.",
            )

    def inside(self, name: str) -> str:
        """The path without what says nothing. Raises `BadInput` where it leads out."""
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
        if not parts or name[:1] in "/\\" or name[1:2] == ":" or ".." in parts or "\0" in name:
            raise self.broken(f"{name[:80]!r} in it leads out of the folder")
        return "/".join(parts)

    def broken(self, why: str) -> BadInput:
        """What is told of an archive that cannot be unpacked."""
        return BadInput(f"{self._path.name} cannot be unpacked: {why}.", hint="Download it again.")


def _of_tar(path: Path, bounds: _Bounds) -> Iterator[Member]:
    with (
        stream_of(path) as stream,
        tarfile.open(fileobj=stream, mode="r|", tarinfo=_header(bounds)) as archive,
    ):
        while (one := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # they would all be kept
            bounds.count(one.size)  # a header before it may have made it another
            if one.isdir():
                continue
            is_file = one.isreg() and not one.issparse()
            yield Member(
                name=bounds.inside(one.name),
                size=one.size,
                dated=_date(one.mtime),
                target="" if is_file else one.linkname or "no plain file",
                stream=archive.extractfile(one) if is_file else None,
            )


def _header(bounds: _Bounds) -> type[tarfile.TarInfo]:
    """The kind of header that counts itself before what it speaks of is read."""

    class Header(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            if not buf:  # Python takes this for the end, and the rest would count as removed
                raise bounds.broken("it breaks off")
            try:
                found = super().frombuf(buf, encoding, errors)
            except tarfile.HeaderError as error:
                if buf.count(0) == _BLOCK:  # that is the end, and this would count as the end too
                    raise
                raise bounds.broken(f"it is damaged ({error})") from error
            bounds.count(max(found.size, 0) if found.type in _OF_THE_NEXT else 0, files=1)
            if found.type in _OF_THE_NEXT and not 0 <= found.size <= _LARGEST_HEADER:
                raise bounds.broken("a header in it is too long")
            if found.type == tarfile.GNUTYPE_SPARSE:
                raise bounds.broken("it holds a file with holes")
            return found

        def _proc_gnusparse_10(self, *_: object) -> None:  # would read a list without end
            raise bounds.broken("it holds a file with holes")

    return Header


def _of_zip(path: Path, bounds: _Bounds) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            bounds.count(one.file_size, files=1)
            if one.is_dir():
                continue
            is_link = one.external_attr >> 28 == 0xA  # the Unix kind of file: a symbolic link
            with archive.open(one) as stream:
                yield Member(
                    name=bounds.inside(one.filename),
                    size=one.file_size,
                    dated=day("-".join(f"{part:02d}" for part in one.date_time[:3])),
                    target=stream.read(_BLOCK).decode("utf-8", "replace") if is_link else "",
                    stream=None if is_link else stream,
                )


def _date(moment: float) -> str:
    try:
        return day(datetime.fromtimestamp(moment, UTC)) if moment > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn whatever reading and unpacking raise into a `BadInput` of one line."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {path}.", hint="Check the name.") from error
    except IsADirectoryError as error:
        raise BadInput(f"{path} is a folder.", hint="Name the file in it.") from error
    except _TROUBLE as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        is_of_disk = getattr(error, "errno", None) is not None
        raise BadInput(
            f"{path.name} cannot be read: {str(why)[:200]}.",
            hint="Check the file." if is_of_disk else "Download it again.",
        ) from error
