"""A replay drawn on stdout: a table for each matrix, and what its columns mean."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from elige.cli.screen import Column, Row, print_rows, stdout_console

if TYPE_CHECKING:
    from elige.choose.replay import Measured
    from elige.workbench import ReplayOptions, ReplayResult


def print_replay(found: "ReplayResult") -> None:
    """Each matrix, all of them together where there are several, and how to read it."""
    console = stdout_console()
    options = found.options
    weighted = _units(found)
    for one in found.matrices:
        what = f"{one.models} models, {one.samples:,} samples; {_drawn(one.draws, options)}"
        _print_table(console, one.name, what, one.methods, weighted)
    if len(found.matrices) > 1:
        what = "geometric means of the savings, shares of all draws"
        _print_table(console, "All matrices together", what, found.methods, weighted)
    if found.interrupted:
        console.print("Interrupted: these are the draws so far.\n", style="yellow")
    for line in _meanings(options, weighted):
        console.print(line, markup=False, soft_wrap=True, style="dim")


def _units(found: "ReplayResult") -> list[str]:
    """The units in which every method has a weighted saving, on every matrix."""
    cells = [one for matrix in found.matrices for one in matrix.methods.values()]
    return [
        unit
        for unit in cells[0].savings_weighted
        if all(unit in one.savings_weighted for one in cells)
    ]


def _head(unit: str) -> str:
    return "weighted" if unit == "cost" else unit


def _drawn(draws: int, options: "ReplayOptions") -> str:
    times = "1 draw" if draws == 1 else f"{draws:,} draws"
    return f"{times} of {options.models}"


def _print_table(
    console: Console,
    title: str,
    what: str,
    methods: "Mapping[str, Measured]",
    weighted: "Sequence[str]",
) -> None:
    heads = [Column("method", right=False), Column("saving")]
    heads += [Column(_head(unit)) for unit in weighted]
    heads += [Column("wrong"), Column("at most"), Column("false"), Column("open")]
    heads += [Column("rounds")]
    console.print(title, style="bold", markup=False, end="")
    console.print(f"  {what}", markup=False, soft_wrap=True)
    print_rows(console, heads, [_row(name, one, weighted) for name, one in methods.items()])
    undecided = {name: one.undecided for name, one in methods.items()}
    for name, share in undecided.items():
        if share and (name == "race" or methods[name].statements):
            told = f"{name}: {_share(share)} of draws ended undecided, returning a best guess."
            console.print(told, markup=False, soft_wrap=True)
    console.print()


def _row(name: str, one: "Measured", weighted: "Sequence[str]") -> Row:
    cells = [name, f"{one.saving:.2f}x"]
    cells += [f"{one.savings_weighted[unit]:.2f}x" for unit in weighted]
    cells += [_share(one.error), _share(one.error_upper95)]
    cells.append(_share(one.statement_error) if one.statements else "-")
    cells += [f"{100 * one.open:.0f} %", f"{one.rounds:.1f}"]
    return Row(tuple(cells))


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _meanings(options: "ReplayOptions", weighted: "Sequence[str]") -> list[str]:
    rounds = "growing by a quarter" if options.batches == "growing" else "of one sample"
    limit = f"{options.tolerance:g}"
    told = [
        "saving    full evaluations of all draws / evaluations used",
        f"wrong     draws that returned a model more than {limit} below the best of the draw;",
        "          an undecided race returns its best guess, which counts here too",
        "at most   exact upper 95 % limit of that share",
        "false     draws in which somebody was falsely said to be within or beaten",
        "open      candidates of whom nothing was shown",
        "rounds    loads of a model in a draw, one being in memory at a time",
    ]
    for unit in weighted:
        told.insert(1, f"{_head(unit):8}  the same, each evaluation counted at its model's cost")
    asked = f"delta {1.0 - options.confidence:.3g}, scope {options.scope}, batches {rounds}"
    return [*told, f"{asked}, prefer {options.prefer}, seed {options.seed}."]
