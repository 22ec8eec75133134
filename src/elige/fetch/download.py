"""One file from the web, taken up where it broke and not fetched again while it is the same."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from elige.errors import EligeError, NotFound, StoreError
from elige.text import human_bytes

MOST_BYTES = 20_000_000_000
_SECONDS = 30.0
_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file and the version (ETag) that it is; `is_new` unless it was here already."""

    path: Path
    etag: str
    is_new: bool


def download(
    address: str, folder: Path, *, most: int = MOST_BYTES, say: Callable[[str], None]
) -> Downloaded:
    """The file at `address`, kept in `folder`.

    Asks whether it changed since the last time, and goes on where a download broke off. Raises
    `NotFound`, `StoreError` (disk), or `EligeError` (no answer, refused, larger than `most` bytes).
    """
    import httpx

    path = folder / f"{sha256(address.encode()).hexdigest()[:12]}-{_name(address)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in reversed(range(_TRIES)):
            try:
                return _fetched(address, path, most, say)
            except httpx.TransportError:
                if not left:
                    raise
    except httpx.InvalidURL as error:
        raise EligeError(f"{address} is no address: {error}.", hint="Check --from.") from error
    except httpx.HTTPError as error:
        raise EligeError(
            f"{address} cannot be reached ({type(error).__name__}).",
            hint="Check the address and the network, or give a file: --from FILE.",
        ) from error
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written to: {error.strerror or error}.",
            hint="Free some space, or set ELIGE_HOME to another folder.",
        ) from error
    raise AssertionError("unreachable")


def _fetched(address: str, path: Path, most: int, say: Callable[[str], None]) -> Downloaded:
    """One try. What is here is sent along as ETag or as the place to go on from."""
    import httpx

    part = path.with_name(f"{path.name}.part")
    known, begun = _tag(path), _tag(part)
    headers = {"User-Agent": "elige", "Accept-Encoding": "identity"}
    start = part.stat().st_size if part.is_file() and begun else 0
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": begun}
    elif path.is_file() and known:
        headers["If-None-Match"] = known
    with httpx.stream(
        "GET", address, headers=headers, timeout=_SECONDS, follow_redirects=True
    ) as answer:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Downloaded(path=path, etag=known, is_new=False)
        if start and answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()  # it was whole when somebody was killed, or is no part of this file
            raise httpx.ReadError("the part is not wanted")
        _check(address, answer.status_code)
        start = start if answer.status_code == httpx.codes.PARTIAL_CONTENT else 0
        size = start + int(answer.headers.get("Content-Length") or 0)
        _allow(address, size, most)
        etag = answer.headers.get("ETag", "")
        _tag_file(part).write_text(etag if not etag.startswith("W/") else "", "utf-8")
        say(f"Downloading {address}{f' ({human_bytes(size)})' if size else ''}.")
        with part.open("ab" if start else "wb") as file:
            for chunk in answer.iter_bytes(1 << 20):
                file.write(chunk)
                _allow(address, file.tell(), most)
    # Killed in between, the new file has the old one's version, and is fetched once more.
    part.replace(path)
    _tag_file(part).replace(_tag_file(path))
    return Downloaded(path=path, etag=etag, is_new=True)


def _tag_file(path: Path) -> Path:
    """Where the version of the file at `path` is written: of its own, never of another's."""
    return path.with_name(f"{path.name}.etag")


def _tag(path: Path) -> str:
    tag = _tag_file(path)
    return tag.read_text("utf-8") if tag.is_file() else ""


def _check(address: str, status: int) -> None:
    if status == 404:
        raise NotFound("file", address, hint="Check the address.")
    if status >= 400:
        raise EligeError(
            f"{address} answers {status}.", hint="Try later, or give a file: --from FILE."
        )


def _allow(address: str, size: int, most: int) -> None:
    if size > most:
        raise EligeError(
            f"{address} is larger than {human_bytes(most)}, which is too large for a catalogue.",
            hint="Check the address.",
        )


def _name(address: str) -> str:
    last = Path(urlsplit(address).path).name or "index.json"
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in last)[-80:]
