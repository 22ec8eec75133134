"""`elige doctor`: what this machine has and what is missing."""

from dataclasses import asdict

import typer
from rich.markup import escape
from rich.table import Table

from elige.cli.flags import AsJson
from elige.cli.screen import print_json, stdout_console
from elige.text import human_bytes


def doctor(as_json: AsJson = False) -> None:
    """Say what this machine has, which engines work, and the line that installs the rest.

    elige doctor --json
    """
    from elige.workbench import Workbench, diagnose

    with Workbench.open() as bench:
        diagnosis = diagnose(bench)
    if as_json:
        checks = [asdict(check) for check in diagnosis.checks]
        about = asdict(diagnosis.machine)
        print_json({"healthy": diagnosis.healthy, "machine": about, "checks": checks})
        raise typer.Exit
    console = stdout_console()
    machine = diagnosis.machine
    console.print(
        f"[bold]{escape(machine.cpu)}[/bold], {machine.cores} cores, "
        f"{human_bytes(machine.memory_bytes)} of memory "
        f"({human_bytes(machine.available_bytes)} free), {escape(machine.system)}\n"
    )
    table = Table.grid(padding=(0, 2))
    for check in diagnosis.checks:
        missing = "not there (optional)" if check.optional else "[yellow]missing[/yellow]"
        mark = "[green]works[/green]" if check.ok else missing
        mend = f"\nmend it with: {escape(check.mend)}" if check.mend and not check.ok else ""
        table.add_row(mark, f"[bold]{escape(check.name)}[/bold]", f"{escape(check.found)}{mend}")
    console.print(table)
