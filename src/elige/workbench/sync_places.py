"""Where a source is read: a file, a folder, an archive, or an address, fetched and unpacked."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from elige.catalog.shelf import SourceState
from elige.catalog.sources.packed import is_archive, unpack
from elige.config import now
from elige.errors import BadInput, EligeError, StoreError
from elige.fetch.download import download, part_of, place_of
from elige.loader.lock import alone
from elige.records import Place, Source
from elige.workbench.bench import Workbench
from elige.workbench.own_runs import own_place


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is to be read, as it is told people. `is_same`: nothing is new there since last time.

    `etag` names the version of what was downloaded, `version` the elige that reads it, and `spent`
    is its file, of no use once it is read.
    """

    place: Place
    told: str
    etag: str = ""
    version: str = ""
    spent: Path | None = None
    is_same: bool = False


def found_for(bench: Workbench, one: Source, asked: str, stack: ExitStack) -> Found:
    """What to read: as asked for, as the last time, or where the source is found on the web.

    Raises `BadInput` where that is not known or not there, and `EligeError` without a network.
    """
    state = _state(bench, one)
    if getattr(one, "is_own", False):
        place, mark, told = own_place(bench, state, asked=asked)
        return Found(place=place, told=told, etag=mark)
    known = state.place if state is not None and _is_there(state.place) else ""
    text = asked or known or getattr(one, "download", "")
    fetched = now().date().isoformat()
    if getattr(one, "asks", False) and (not text or is_address(text)):
        return _to_ask(bench, one, text, state, fetched)
    if not text:
        if getattr(one, "ships", False) or getattr(one, "is_here", False):
            return Found(place=Place(fetched=fetched), told="this machine")
        raise BadInput(
            f"Where {one.name} is to be read from is not known.",
            hint=f"Give a file, folder or address: elige models sync {one.name} --from PLACE",
        )
    if is_address(text):
        return _downloaded(bench, one, text, is_asked=bool(asked), stack=stack)
    path = Path(text).expanduser()
    if not path.exists():
        raise BadInput(f"There is no file or folder {text}.", hint="Check --from.")
    place = Place(path=_opened(bench, one, path, stack), fetched=fetched)
    return Found(place=place, told=str(path.absolute()))


def is_address(text: str) -> bool:
    """Whether a place is on the web."""
    return text.startswith(("http://", "https://"))


def download_of(bench: Workbench, address: str) -> Path:
    """Where the part of a download lies that was broken off."""
    return part_of(place_of(address, _downloads(bench)))


def _downloads(bench: Workbench) -> Path:
    return bench.settings.home / "downloads"


def _to_ask(
    bench: Workbench, one: Source, text: str, state: SourceState | None, fetched: str
) -> Found:
    """An address that the source asks by itself: for what is new, or for all the first time."""
    _refuse_offline(bench, text or one.address)
    address = text or bench.settings.hub_endpoint or one.address
    since = state.watermark if state is not None and state.place == address else ""
    token = bench.settings.environment.get("HF_TOKEN", "")
    place = Place(address=address, fetched=fetched, since=since, token=token)
    return Found(place=place, told=address)


def _downloaded(
    bench: Workbench, one: Source, address: str, *, is_asked: bool, stack: ExitStack
) -> Found:
    """The file at an address; whoever else wants the same one waits until it is in.

    It is not fetched where it is what this elige has read already, unless it is asked for by name.
    """
    _refuse_offline(bench, address)
    folder, mine = _downloads(bench), f"read by elige {version('elige')}"
    path = place_of(address, folder)
    lock = path.with_name(f"{path.name}.lock")
    told = f"Another elige is reading {address}; waiting for it."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(alone(lock, lambda: bench.say(told)))
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written to: {error.strerror or error}.",
            hint="Free some space, or set ELIGE_HOME to another folder.",
        ) from error
    state = _state(bench, one)  # it may have been read while another elige was waited for
    is_known = state is not None and (state.place, state.version) == (address, mine)
    is_asked = is_asked or getattr(one, "partial", False)
    known = state.etag if state is not None and is_known and not is_asked else ""
    found = download(address, folder, known=known, say=bench.say)
    fetched = now().date().isoformat()
    if found is None:
        bench.say(f"{address} is what was read on {state.synced if state else fetched}.")
        return Found(
            place=Place(fetched=fetched), told=address, etag=known, version=mine, is_same=True
        )
    return Found(
        place=Place(path=_opened(bench, one, found.path, stack), fetched=fetched),
        told=address,
        etag=found.etag,
        version=mine,
        spent=found.path,
    )


def _state(bench: Workbench, one: Source) -> SourceState | None:
    return next((state for state in bench.catalogue.states() if state.source == one.name), None)


def _is_there(place: str) -> bool:
    return is_address(place) or (bool(place) and Path(place).exists())


def _refuse_offline(bench: Workbench, address: str) -> None:
    if bench.settings.offline:
        raise EligeError(
            f"The network is switched off (HF_HUB_OFFLINE), so {address} cannot be read.",
            hint="Unset it, or give a file: --from FILE.",
        )


def _opened(bench: Workbench, one: Source, path: Path, stack: ExitStack) -> Path:
    """An archive unpacked for the time of the sync, for a source that reads folders."""
    if not getattr(one, "reads_folders", False) or not path.is_file() or not is_archive(path):
        return path
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="elige-")))
    links = unpack(path, folder)
    if links:
        bench.say(f"Links in {path.name} are not followed: {links:,} left out.")
    return folder
