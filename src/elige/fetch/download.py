"""One file from the web, taken up where it broke and not fetched again while it is the same."""

from collections.abc import Callable
from contextlib import suppress
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
    address: str,
    folder: Path,
    *,
    known: str = "",
    most: int = MOST_BYTES,
    say: Callable[[str], None],
) -> Downloaded | None:
    """The file at `address`, kept in `folder`; None where it is still the version `known` (ETag).

    Asks whether it changed since the last time, and goes on where a download broke off. Raises
    `NotFound`, `StoreError` (disk), or `EligeError` (no answer, refused, larger than `most` bytes).
    """
    import httpx

    path = place_of(address, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in reversed(range(_TRIES)):
            try:
                return _fetched(address, path, known, most, say)
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


def place_of(address: str, folder: Path) -> Path:
    """Where the file at `address` lies in `folder` once it is here."""
    return folder / f"{sha256(address.encode()).hexdigest()[:12]}-{_name(address)}"


def part_of(path: Path) -> Path:
    """Where the file lies that is to become `path`, as long as it is not whole."""
    return path.with_name(f"{path.name}.part")


def forget(path: Path, *, older: float) -> None:
    """Take a file that is not needed any more away, and what was left lying beside it.

    That is whatever last changed before `older` (seconds of the epoch): parts of downloads that
    nobody went on with. A younger part stays. What cannot be removed stays too.
    """
    stale = [path, _tag_file(path)]
    with suppress(OSError):
        stale += [
            one
            for one in path.parent.iterdir()
            if one.suffix != ".lock" and one.stat().st_mtime < older
        ]
        for one in stale:
            one.unlink(missing_ok=True)


def _fetched(
    address: str, path: Path, known: str, most: int, say: Callable[[str], None]
) -> Downloaded | None:
    """One try. What is here is sent along as ETag or as the place to go on from."""
    import httpx

    part = part_of(path)
    here, begun = _tag(path) if path.is_file() else "", _tag(part)
    headers = {"User-Agent": "elige", "Accept-Encoding": "identity"}
    start = part.stat().st_size if part.is_file() and begun else 0
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": begun}
    elif here or known:
        headers["If-None-Match"] = here or known
    with httpx.stream(
        "GET", address, headers=headers, timeout=_SECONDS, follow_redirects=True
    ) as answer:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Downloaded(path=path, etag=here, is_new=False) if here else None
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
