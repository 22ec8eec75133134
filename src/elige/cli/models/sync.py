"""`elige models sync`: keep the catalogue up to date."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any  # JSON-like values have no better static type

import typer

from elige.cli.exits import EXIT_INTERRUPTED
from elige.cli.flags import AsJson
from elige.cli.progress import Talk
from elige.cli.screen import Column, Row, print_json, print_rows, stdout_console
from elige.text import human_bytes

if TYPE_CHECKING:
    from elige.catalog.shelf import SourceState, Synced
    from elige.workbench import Workbench
    from elige.workbench.models_sync import Known

_SHOWN = 5


def sync(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="What to read; without any they are listed."),
    ] = None,
    place: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PATH|URL",
            help="Where to read it; else where it was read last, or its own address.",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Read what a source says of models into the catalogue: all of it, or nothing changes.

    elige models sync

    elige models sync openrouter --from models.json
    """
    from elige.config import read_settings
    from elige.workbench import Workbench
    from elige.workbench.models_sync import known_sources

    talk = Talk()
    with Workbench(read_settings(), say=talk.say) as bench:
        if not sources and not place:
            _list(known_sources(bench), as_json=as_json)
            return
        done = _synced(bench, talk, sources or [], place=place, as_json=as_json)
    if as_json:
        print_json([_facts(one) for one in done])


@dataclass(slots=True)
class _Doing:
    """The source that is being read just now, its state before, and how far it is."""

    name: str = ""
    count: int = 0
    before: "SourceState | None" = None

    def words(self) -> str:
        """What is said of it while it goes on."""
        return f"{self.name or 'the catalogue'}: {self.count:,} records read"


def _synced(
    bench: "Workbench", talk: Talk, names: list[str], *, place: str, as_json: bool
) -> "list[Synced]":
    """Sync one source after the other, and tell what is true where Ctrl-C ends that."""
    from elige.workbench.models_search import follow_catalogue
    from elige.workbench.models_sync import state_of, sync_models

    doing, done = _Doing(), []

    def seen(name: str, count: int) -> None:
        if doing.name != name:
            doing.before = state_of(bench, name)
        doing.name, doing.count = name, count

    try:
        with talk.counting(doing.words):
            for one in sync_models(bench, names, place=place, seen=seen):
                doing.name = ""
                done.append(one)
                if not as_json:
                    _tell(one)
        with talk.waiting("bringing the search index up to it"):
            follow_catalogue(bench)
    except KeyboardInterrupt:
        _tell_halted(bench, talk, doing, done, place=place)
        sys.exit(EXIT_INTERRUPTED)
    return done


def _tell_halted(
    bench: "Workbench", talk: Talk, doing: _Doing, done: "list[Synced]", *, place: str
) -> None:
    """What is in, what is not, and where the same command goes on."""
    from elige.workbench.models_sync import halted

    entries = {one.source: one.added + one.changed + one.unchanged for one in done}
    rest = ["The next search brings its index up to that."] if done else ["Nothing was changed."]
    if doing.name:
        found = halted(bench, doing.name, doing.before, place=place)
        rest = [f"Of {found.name} nothing was changed: {_entries(found.entries)}, as before."]
        if found.is_in:
            entries[found.name] = found.entries
            rest = []
        elif found.kept_bytes:
            kept = human_bytes(found.kept_bytes)
            rest.append(f"The same command goes on after the first {kept} of its download.")
        else:
            rest.append("The same command reads it from its beginning.")
    told = [f"{name} is in, with {_entries(count)}." for name, count in entries.items()]
    talk.say(" ".join(["elige: Interrupted.", *told, *rest]))


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _list(known: "list[Known]", *, as_json: bool) -> None:
    if as_json:
        print_json([_known(one) for one in known])
        return
    columns = [Column("source", right=False), Column("entries"), Column("broken")]
    columns += [Column("last read", right=False), Column("what", right=False)]
    rows = []
    for one in known:
        state = one.state
        counts = ("", "") if state is None else (f"{state.entries:,}", f"{state.broken:,}")
        when = "never" if state is None else state.synced
        rows.append(Row((one.name, *counts, when, one.title)))
    console = stdout_console()
    print_rows(console, columns, rows)
    console.print("\n[dim]Read one: elige models sync SOURCE --from PATH|URL[/dim]")


def _tell(one: "Synced") -> None:
    from elige.choose.amounts import count

    console = stdout_console()
    console.print(
        f"{one.source}: {one.added:,} added, {one.changed:,} changed, {one.removed:,} removed, "
        f"{one.unchanged:,} as before.",
        markup=False,
        soft_wrap=True,
    )
    if not one.broken_count:
        return
    end = ":" if one.broken else ", as before."
    console.print(f"{count(one.broken_count, 'record')} could not be read{end}", style="yellow")
    if not one.broken:
        return
    for broken in one.broken[:_SHOWN]:
        console.print(f"  {broken.where}: {broken.why}", markup=False, soft_wrap=True)
    if one.broken_count > _SHOWN:
        console.print(f"  and {one.broken_count - _SHOWN:,} more; --json names them", style="dim")


def _facts(one: "Synced") -> dict[str, Any]:
    return {
        "source": one.source,
        "added": one.added,
        "changed": one.changed,
        "removed": one.removed,
        "unchanged": one.unchanged,
        "broken_count": one.broken_count,
        "broken": [{"where": broken.where, "why": broken.why} for broken in one.broken],
    }


def _known(one: "Known") -> dict[str, Any]:
    state = one.state
    return {
        "source": one.name,
        "title": one.title,
        "address": one.address,
        "synced": None if state is None else state.synced,
        "place": None if state is None else state.place,
        "entries": None if state is None else state.entries,
        "broken": None if state is None else state.broken,
    }
