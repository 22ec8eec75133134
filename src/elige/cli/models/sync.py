"""`elige models sync`: keep the catalogue up to date."""

from typing import TYPE_CHECKING, Annotated, Any  # JSON-like values have no better static type

import typer

from elige.cli.flags import AsJson
from elige.cli.screen import Column, Row, print_json, print_rows, stderr_console, stdout_console

if TYPE_CHECKING:
    from elige.catalog.shelf import Synced
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
    from elige.workbench import Workbench
    from elige.workbench.models_sync import known_sources, sync_models

    err = stderr_console()

    def seen(name: str, count: int) -> None:
        if err.is_terminal:
            err.print(f"{name}: {count:,} records read", end="\r", markup=False)

    with Workbench.open() as bench:
        if not sources and not place:
            _list(known_sources(bench), as_json=as_json)
            return
        done = []
        for one in sync_models(bench, sources or [], place=place, seen=seen):
            done.append(one)
            if not as_json:
                _tell(one)
    if as_json:
        print_json([_facts(one) for one in done])


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
        rows.append(Row((one.name, *counts, when, one.title[:30])))
    console = stdout_console()
    print_rows(console, columns, rows)
    console.print("\n[dim]Read one: elige models sync SOURCE --from PATH|URL[/dim]")


def _tell(one: "Synced") -> None:
    console = stdout_console()
    console.print(
        f"{one.source}: {one.added:,} added, {one.changed:,} changed, {one.removed:,} removed, "
        f"{one.unchanged:,} as before.",
        markup=False,
        soft_wrap=True,
    )
    if not one.broken_count:
        return
    console.print(f"{one.broken_count:,} records could not be read:", style="yellow")
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
