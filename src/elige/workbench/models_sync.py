"""`models sync`: read what a source says of models, and keep it in the catalogue."""

import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from elige.catalog.shelf import Shelf, SourceState, Synced, SyncOptions
from elige.catalog.sources import installed, source
from elige.config import now, today
from elige.errors import BadInput, EligeError
from elige.fetch.download import download
from elige.records import Place, Source
from elige.workbench.bench import Workbench
from elige.workbench.own_runs import own_place

_MOST_UNPACKED = 4_000_000_000
_MOST_MEMBERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source that can be synced, and its last sync (None: never)."""

    name: str
    title: str
    address: str
    state: SourceState | None


def known_sources(bench: Workbench) -> list[Known]:
    """Every installed source with what became of its last sync."""
    states = {state.source: state for state in _shelf(bench).states()}
    return [
        Known(name=name, title=one.title, address=one.address, state=states.get(name))
        for name, one in installed().items()
    ]


def sync_models(
    bench: Workbench,
    names: Sequence[str],
    *,
    place: str = "",
    seen: Callable[[str, int], None] = lambda _, __: None,
) -> Iterator[Synced]:
    """Sync each source in turn, from `place` (a path or an address) or where it was read last.

    `seen` hears a source's name and how many records were read. Raises `NotFound` for an unknown
    source and `BadInput` where it is not known what to read; nothing is changed then.
    """
    if place and len(names) != 1:
        raise BadInput(
            f"--from is for one source, not {len(names)}.", hint="Sync one source at a time."
        )
    chosen = [source(name) for name in names]
    shelf = _shelf(bench)
    for one in chosen:
        state = next((s for s in shelf.states() if s.source == one.name), None)
        with ExitStack() as stack:
            where, etag, told = _place(bench, one, place, state, stack)
            options = SyncOptions(
                today=today(),
                place=told,
                etag=etag,
                version=getattr(one, "version", ""),
                partial=getattr(one, "partial", False),
                seen=lambda count, name=one.name: seen(name, count),  # type: ignore[misc]
            )
            yield shelf.sync(one, where, options)


def _place(
    bench: Workbench, one: Source, asked: str, state: SourceState | None, stack: ExitStack
) -> tuple[Place, str, str]:
    """What to read: as asked for, as the last time, or where the source is found on the web."""
    if getattr(one, "is_own", False):
        return own_place(bench, state, asked=asked)
    known = state.place if state is not None and _is_there(state.place) else ""
    text = asked or known or getattr(one, "download", "")
    fetched = now().date().isoformat()
    token = bench.settings.environment.get("HF_TOKEN", "")
    if getattr(one, "asks", False) and (not text or _is_address(text)):
        _refuse_offline(bench, text or one.address)
        address = text or bench.settings.hub_endpoint or one.address
        # Asked for the first time, or for something else than the last time, all is read.
        since = state.watermark if state is not None and state.place == address else ""
        return Place(address=address, fetched=fetched, since=since, token=token), "", address
    if not text:
        if getattr(one, "ships", False) or getattr(one, "is_here", False):
            return Place(fetched=fetched), "", "this machine"
        raise BadInput(
            f"Where {one.name} is to be read from is not known.",
            hint=f"Give a file, folder or address: elige models sync {one.name} --from PLACE",
        )
    if _is_address(text):
        _refuse_offline(bench, text)
        found = download(text, bench.settings.home / "downloads", say=bench.say)
        return Place(path=_opened(one, found.path, stack), fetched=fetched), found.etag, text
    path = Path(text).expanduser()
    if not path.exists():
        raise BadInput(f"There is no file or folder {text}.", hint="Check --from.")
    return Place(path=_opened(one, path, stack), fetched=fetched), "", str(path.absolute())


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _is_there(place: str) -> bool:
    return _is_address(place) or (bool(place) and Path(place).exists())


def _refuse_offline(bench: Workbench, address: str) -> None:
    if bench.settings.offline:
        raise EligeError(
            f"The network is switched off (HF_HUB_OFFLINE), so {address} cannot be read.",
            hint="Unset it, or give a file: --from FILE.",
        )


def _opened(one: Source, path: Path, stack: ExitStack) -> Path:
    """An archive unpacked for the time of the sync, for a source that reads folders."""
    if not getattr(one, "reads_folders", False) or not path.is_file():
        return path
    is_tar = tarfile.is_tarfile(path)
    if not is_tar and not zipfile.is_zipfile(path):
        return path
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="elige-")))
    try:
        _untar(path, folder) if is_tar else _unzip(path, folder)
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise BadInput(
            f"{path.name} cannot be unpacked: {error}.", hint="Download it again."
        ) from error
    return folder


def _untar(path: Path, folder: Path) -> None:
    """Files alone, within the folder alone: no links, no devices, no way out."""
    with tarfile.open(path) as archive:
        members = [one for one in archive.getmembers() if one.isfile() or one.isdir()]
        _bound(path, len(members), sum(one.size for one in members))
        archive.extractall(folder, members, filter="data")


def _unzip(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        _bound(path, len(archive.filelist), sum(one.file_size for one in archive.filelist))
        archive.extractall(folder)


def _bound(path: Path, members: int, size: int) -> None:
    if members > _MOST_MEMBERS or size > _MOST_UNPACKED:
        raise BadInput(
            f"{path.name} holds {members:,} files of {size:,} bytes, too much for a catalogue.",
            hint="Unpack the part that is meant, and name its folder.",
        )


def _shelf(bench: Workbench) -> Shelf:
    found = bench.catalogue
    if not isinstance(found, Shelf):
        raise BadInput("This catalogue is not kept in a file.", hint="Open the usual one.")
    return found
