"""`models sync`: read what a source says of models, and keep it in the catalogue."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from elige.catalog.shelf import Shelf, SourceState, Synced, SyncOptions
from elige.catalog.sources import installed, source
from elige.config import now, today
from elige.errors import BadInput
from elige.fetch.download import forget
from elige.records import Source
from elige.workbench.bench import Workbench
from elige.workbench.sync_places import Found, download_of, found_for, is_address

_KEPT_SECONDS = 30 * 86_400.0


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

    `seen` hears a source's name and how many records were read. What was downloaded is taken away
    once it is in. Raises `NotFound` for an unknown source and `BadInput` where it is not known what
    to read; nothing is changed then.
    """
    if place and not names:
        raise BadInput(
            f"--from {place} says where to read, but not what.",
            hint=f"Name the source: elige models sync SOURCE --from {place}",
        )
    if place and len(names) != 1:
        raise BadInput(
            f"--from is for one source, not {len(names)}.", hint="Sync one source at a time."
        )
    chosen = [source(name) for name in names]
    shelf = _shelf(bench)
    for one in chosen:
        seen(one.name, 0)
        with ExitStack() as stack:
            found = found_for(bench, one, place, stack)
            done = shelf.sync(one, found.place, _options(one, found, seen))
            if found.spent is not None:
                forget(found.spent, older=now().timestamp() - _KEPT_SECONDS)
        yield done


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted:
    """What became of a source whose sync was broken off.

    It holds `entries`, which this sync changed if `is_in`. Of what it was downloading,
    `kept_bytes` are here to go on from.
    """

    name: str
    entries: int
    is_in: bool
    kept_bytes: int


def halted(bench: Workbench, name: str, before: SourceState | None, *, place: str) -> Halted:
    """What is true of the source `name` after its sync was broken off; `before` was its state."""
    state = state_of(bench, name)
    address = place or (before.place if before else "") or getattr(source(name), "download", "")
    part = download_of(bench, address) if is_address(address) else None
    return Halted(
        name=name,
        entries=0 if state is None else state.entries,
        is_in=state is not None and state != before,
        kept_bytes=part.stat().st_size if part is not None and part.is_file() else 0,
    )


def state_of(bench: Workbench, name: str) -> SourceState | None:
    """The last sync of the source `name`, None for never."""
    return next((one for one in _shelf(bench).states() if one.source == name), None)


def _options(one: Source, found: Found, seen: Callable[[str, int], None]) -> SyncOptions:
    return SyncOptions(
        today=today(),
        place=found.told,
        etag=found.etag,
        version=found.version or getattr(one, "version", ""),
        partial=getattr(one, "partial", False),
        is_same=found.is_same,
        seen=lambda count: seen(one.name, count),
    )


def _shelf(bench: Workbench) -> Shelf:
    found = bench.catalogue
    if not isinstance(found, Shelf):
        raise BadInput("This catalogue is not kept in a file.", hint="Open the usual one.")
    return found
