"""`elige doctor`: what this machine has and what is missing."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from elige.cli.flags import AsJson
from elige.cli.screen import print_json, stderr_console, stdout_console
from elige.text import human_bytes

if TYPE_CHECKING:
    from elige.workbench import Measured


def doctor(
    measure: Annotated[
        bool,
        typer.Option("--measure", help="Measure memory and arithmetic, and keep both (15 s)."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what this machine has, which engines work, and the line that installs the rest.

    elige doctor --json

    elige doctor --measure
    """
    from elige.config import let_idle_threads_sleep, read_settings
    from elige.workbench import Workbench, diagnose, measure_machine

    talk = stderr_console()
    say = lambda text: talk.print(escape(text), style="dim")  # noqa: E731 - one line of talk
    with Workbench(read_settings(), say=say) as bench:
        if measure:
            let_idle_threads_sleep()
            measure_machine(bench)
        diagnosis = diagnose(bench)
    if as_json:
        checks = [asdict(check) for check in diagnosis.checks]
        about = asdict(diagnosis.machine)
        speed = diagnosis.measured.facts() if diagnosis.measured else None
        print_json(
            {"healthy": diagnosis.healthy, "machine": about, "speed": speed, "checks": checks}
        )
        raise typer.Exit
    console = stdout_console()
    machine = diagnosis.machine
    console.print(
        f"[bold]{escape(machine.cpu)}[/bold], {machine.cores} cores, "
        f"{human_bytes(machine.memory_bytes)} of memory "
        f"({human_bytes(machine.available_bytes)} free), {escape(machine.system)}"
    )
    console.print(f"{_speed(diagnosis.measured)}\n")
    table = Table.grid(padding=(0, 2))
    for check in diagnosis.checks:
        missing = "not there (optional)" if check.optional else "[yellow]missing[/yellow]"
        mark = "[green]works[/green]" if check.ok else missing
        mend = f"\nmend it with: {escape(check.mend)}" if check.mend and not check.ok else ""
        table.add_row(mark, f"[bold]{escape(check.name)}[/bold]", f"{escape(check.found)}{mend}")
    console.print(table)


def _speed(measured: "Measured | None") -> str:
    if measured is None:
        return "Its speed was not measured yet: elige doctor --measure"
    rates = [
        f"{name.partition('.')[2]} {value / 1e9:,.0f}"
        for name, value in measured.values.items()
        if name.startswith("operations.")
    ]
    return (
        f"Measured on {measured.date}: memory {measured.bandwidth / 1e9:.1f} GB/s, "
        f"arithmetic in GFLOP/s: {', '.join(rates)}."
    )
