"""The bytes of a file: checked, and unpacked whatever its name says."""

import bz2
import gzip
import hashlib
import importlib
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from elige.errors import BadInput
from elige.text import human_bytes

MAX_BYTES = 4_000_000_000
PACKED_SUFFIXES = {".gz", ".gzip", ".bz2", ".xz", ".zst"}

# First bytes of each format, from its own specification (RFC 1952, RFC 8878, ...).
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_FOREIGN = {
    b"PK\x03\x04": (
        "a ZIP archive (Excel and Word files are, too)",
        "Unpack it, or save the sheet as CSV.",
    ),
    b"SQLite format 3\x00": ("an SQLite database", "Export the table as CSV."),
    b"ARROW1": ("an Arrow (Feather) file", "Save it as Parquet."),
    b"GGUF": ("a model, not data", "Name it with --candidate, and give a data file first."),
    b"%PDF": ("a PDF", "Give a CSV, TSV, JSONL, JSON or Parquet file."),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "Unpack it first."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file's unpacked bytes; `suffix` is that of what is inside, in lower case."""

    path: str
    suffix: str
    data: bytes
    data_hash: str

    @property
    def is_parquet(self) -> bool:
        """Whether the bytes begin as Parquet does."""
        return self.data[:4] == b"PAR1"


def read_content(path: Path) -> Content:
    """The file's bytes, unpacked when they begin as gzip, bzip2, xz or zstd do.

    Raises `BadInput` for anything that is no readable, non-empty file of a known kind.
    """
    raw = _raw(path)
    data = _unpacked(raw, path)
    if not data.strip():
        raise BadInput(f"{path} is empty.", hint="Give a file with a header and rows.")
    for magic, (what, hint) in _FOREIGN.items():
        if data.startswith(magic):
            raise BadInput(f"{path} is {what}.", hint=hint)
    return Content(
        path=str(path),
        suffix=_inner_suffix(path),
        data=data,
        data_hash=hashlib.sha256(raw).hexdigest(),
    )


def _inner_suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in PACKED_SUFFIXES:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _raw(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder, not a file.", hint=_inside(path))
        if path.exists() and path.stat().st_size > MAX_BYTES:
            raise _too_large(path)
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", hint=near_files(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise BadInput(
            f"{path} cannot be read: {reason}.", hint="Check the path and its permissions."
        ) from error


def _inside(folder: Path) -> str:
    names = sorted(item.name for item in folder.iterdir() if item.is_file())[:4]
    return f"Name one file in it: {', '.join(names)}." if names else "It holds no files."


def near_files(path: Path) -> str:
    """A hint that names files beside `path` with a similar name, or the folder that is missing."""
    folder = path.parent
    try:
        if not folder.is_dir():
            return f"There is no folder {folder} either."
        names = sorted(item.name for item in folder.iterdir())
    except OSError:
        return "Check the path."
    near = get_close_matches(path.name, names, n=3, cutoff=0.5)
    if near:
        return f"Near it: {', '.join(near)}."
    return f"In {folder} are: {', '.join(names[:5])}." if names else f"{folder} is empty."


def _unpacked(raw: bytes, path: Path) -> bytes:
    for magic, name in _PACKED.items():
        if raw.startswith(magic):
            return _unpack(raw, name, path)
    return raw


def _unpack(raw: bytes, name: str, path: Path) -> bytes:
    try:
        data = _unpacker(name, path)(raw)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        raise BadInput(
            f"{path} is {name}, but damaged or cut short: {str(error).rstrip('.')}.",
            hint="Copy or download it again.",
        ) from error
    if len(data) > MAX_BYTES:
        raise _too_large(path)
    return data


def _unpacker(name: str, path: Path) -> Callable[[bytes], bytes]:
    known: dict[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "bzip2": _bzip2, "xz": _xz}
    if name in known:
        return known[name]
    try:
        zstd = importlib.import_module("compression.zstd")  # Python 3.14 and later
    except ImportError:
        raise BadInput(
            f"{path} is packed with zstd, which this Python cannot read.",
            hint=f"Unpack it first: zstd -d {path}",
        ) from None

    def unpack(raw: bytes) -> bytes:
        with zstd.ZstdFile(io.BytesIO(raw)) as stream:
            return _bounded(stream)

    return unpack


def _gzip(raw: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
        return _bounded(stream)


def _bzip2(raw: bytes) -> bytes:
    with bz2.BZ2File(io.BytesIO(raw)) as stream:
        return _bounded(stream)


def _xz(raw: bytes) -> bytes:
    with lzma.LZMAFile(io.BytesIO(raw)) as stream:
        return _bounded(stream)


def _bounded(stream: io.BufferedIOBase) -> bytes:
    """At most one byte more than allowed, so that a packed bomb cannot fill the memory."""
    return stream.read(MAX_BYTES + 1)


def _too_large(path: Path) -> BadInput:
    return BadInput(
        f"{path} holds more than {human_bytes(MAX_BYTES)}.",
        hint="Give a part of it; a few thousand rows decide most races.",
    )
