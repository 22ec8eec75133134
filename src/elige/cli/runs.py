"""`elige runs`: what was run, and one run in full."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from elige.cli.flags import AsJson
from elige.cli.verdict import print_json, print_verdict, stdout_console

app = typer.Typer(help="List the runs, or show one.", invoke_without_command=True)


@app.callback()
def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="At most so many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the runs, the newest first.

    elige runs --json
    """
    if context.invoked_subcommand is not None:
        return
    from elige.workbench import Workbench, list_runs

    with Workbench.open() as bench:
        found = list_runs(bench, limit)
    if as_json:
        print_json(found)
        return
    console = stdout_console()
    if not found:
        console.print("No runs yet. Try: elige demo")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("run", "kind", "task", "status", "started", "result"):
        table.add_column(name, overflow="fold")
    for one in found:
        names = ("run", "kind", "task", "status", "created", "result")
        table.add_row(*(escape(str(one[name])) for name in names))
    console.print(table)


@app.command()
def show(
    run: Annotated[str, typer.Argument(metavar="ID", help="The run's id, or its beginning.")],
    samples: Annotated[bool, typer.Option(help="Also every sample and answer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one run: its verdict and what it was asked.

    elige runs show 3f2a --samples --json
    """
    from elige.workbench import Workbench, show_run

    with Workbench.open() as bench:
        shown = show_run(bench, run, samples=samples)
    if as_json:
        print_json(shown.facts)
        return
    if shown.verdict is not None:
        print_verdict(shown.verdict, shown.headline)
        return
    console = stdout_console()
    for key, value in shown.facts.items():
        console.print(f"[bold]{escape(key)}[/bold]  {escape(str(value))}")
