"""A foreign log on the disk: unpacked as it is read, known by its first bytes."""

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from elige.errors import BadInput
from elige.evaluate.rows.content import near_files

_HEAD = 1_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """`head` is the beginning of the text, '' for a ZIP; `digest` the SHA-256 of what is inside."""

    path: Path
    head: str
    digest: str
    is_zip: bool = False

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """The file's text, unpacked. Broken bytes become replacement characters."""
        with _unpacked(self.path) as stream:
            yield io.TextIOWrapper(
                cast("BinaryIO", stream), encoding="utf-8-sig", errors="replace", newline="\n"
            )


def open_log(path: Path) -> LogFile:
    """The file, its beginning read and its content hashed.

    Raises `BadInput` for what cannot be read, is empty, or is a broken gzip.
    """
    try:
        is_zip = zipfile.is_zipfile(path)
        sha = hashlib.sha256()
        head = b""
        with _unpacked(path) as stream:
            while block := stream.read(_BLOCK):
                if len(head) < _HEAD:
                    head += block[: _HEAD - len(head)]
                sha.update(block)
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", hint=near_files(path)) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInput(
            f"{path} is a broken gzip file: {error}.", hint="Copy or download it again."
        ) from error
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error
    if not head.strip():
        raise BadInput(f"{path} is empty.", hint="Give a log that holds samples.")
    text = "" if is_zip else head.decode("utf-8-sig", "replace")
    return LogFile(path=path, head=text, digest=sha.hexdigest(), is_zip=is_zip)


@contextmanager
def _unpacked(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    with path.open("rb") as stream:
        if stream.read(2) == b"\x1f\x8b":
            stream.seek(0)
            with gzip.GzipFile(fileobj=stream) as inner:
                yield inner
        else:
            stream.seek(0)
            yield stream
