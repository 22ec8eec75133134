"""What is remembered of each source, and what a sync says of itself."""

from collections.abc import Callable
from dataclasses import dataclass, field

from elige.records import Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source's last sync: what was read, when (ISO date) and what became of it.

    `entries` is how many stand on the shelf, `broken` how many records could not be read the last
    time. `etag` names the version of what was downloaded, `watermark` is the newest moment (ISO)
    that was seen, `version` is that of data which ship with the package, or of the elige that read
    what was downloaded.
    """

    source: str
    place: str = ""
    synced: str = ""
    entries: int = 0
    broken: int = 0
    etag: str = ""
    watermark: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """How a source is read onto the shelf.

    `today` (ISO date) is when its entries count as read where the place does not say. `place` is
    how the place is called for people, `etag` and `version` are remembered. `seen` hears how many
    records were read, every few thousand. After a `partial` reading, what it lacks stays. Where
    what is to be read `is_same` as the last time, it is not read, and all of it holds today. Who
    is not patient does not wait for another process that syncs.
    """

    today: str
    place: str = ""
    etag: str = ""
    version: str = ""
    partial: bool = False
    is_same: bool = False
    is_patient: bool = True
    seen: Callable[[int], None] = field(default=lambda _: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one sync did, in entries; `generation` is the shelf's number after it.

    `broken` names the first ten thousand records that could not be read, `broken_count` has all.
    Where nothing was read, because nothing is new, the count alone is known.
    """

    source: str
    added: int
    changed: int
    removed: int
    unchanged: int
    broken: tuple[Broken, ...]
    broken_count: int
    generation: int
