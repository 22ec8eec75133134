"""`elige models compare`: models side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from elige.cli.flags import AsJson
from elige.cli.models.own_table import own_row
from elige.cli.screen import (
    Column,
    Row,
    print_json,
    print_rows,
    shortened_name,
    stderr_console,
    stdout_console,
)

if TYPE_CHECKING:
    from elige.catalog.published import Published
    from elige.catalog.side_by_side import Line, SharedScore, SideBySide

_HEAD_WIDTH, _LEAST, _MOST_OWN = 29, 12, 8
_OWN = (
    "Score, interval and samples of your own runs. '48 of 200': a race stopped early or a run was "
    "broken off. (+1): it was run in another way too; --json has all."
)


def compare(
    names: Annotated[list[str], typer.Argument(metavar="MODEL...", help="Two models or more.")],
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a page with a chart.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put models side by side: size, licence, openness, memory, price, and the scores they share.

    elige models compare Qwen/Qwen3-32B mistralai/Mistral-7B-v0.1 --html compare.html
    """
    from elige.catalog.side_by_side_json import side_by_side_facts
    from elige.config import read_settings, today
    from elige.workbench import Workbench
    from elige.workbench.models_compare import compare_models, write_side_by_side
    from elige.workbench.named import not_known
    from elige.workbench.own_runs import gather_runs

    talk = stderr_console()
    with Workbench(read_settings(), say=lambda line: talk.print(line, markup=False)) as bench:
        gather_runs(bench)
        found = compare_models(
            bench.catalogue, names, today=today(), missing=lambda name: not_known(bench, name)
        )
    if as_json:
        print_json(side_by_side_facts(found))
    else:
        _print(found)
    if html is not None:
        write_side_by_side(found, html.expanduser(), today=today())
        talk.print(f"Written: {html}", markup=False)


def _print(found: "SideBySide") -> None:
    console = stdout_console()
    width = max(_LEAST, (console.width - _HEAD_WIDTH) // len(found.models) - 2)
    leaves = [name.rpartition("/")[2] for name in found.models]
    names = leaves if len(set(leaves)) == len(leaves) else found.models
    heads = [shortened_name(name, width) for name in names]
    columns = [Column("", right=False), *(Column(name, right=False) for name in heads)]
    print_rows(console, columns, [_line(line) for line in found.lines])
    console.print()
    if found.measured:
        columns[0] = Column("measured here", right=False)
        print_rows(console, columns, [own_row(one) for one in found.measured[:_MOST_OWN]])
        console.print(f"\n{_OWN}", style="dim")
        console.print()
    if found.scores:
        columns[0] = Column("published scores", right=False)
        print_rows(console, columns, [_scores(one) for one in found.scores])
        console.print("\n* the maker's own figure; ± sources differ", style="dim")
    else:
        console.print("No two of them share a published score under one version and setting.")
    told = "? is unknown. ~ is estimated; --json has every value's source."
    console.print(told, style="dim")


def _line(line: "Line") -> Row:
    texts = (f"~{one.text}" if one.kind == "estimated" else one.text for one in line.cells)
    return Row((line.name, *texts))


def _scores(one: "SharedScore") -> Row:
    return Row((one.key.benchmark, *map(_result, one.results)), below=one.key.said)


def _result(result: "Published | None") -> str:
    from elige.catalog.side_by_side_page import shown_value

    if result is None:
        return "?"
    own = "*" if result.best.score.self_reported else ""
    return f"{shown_value(result.best.value, result.key.scale)}{own}{' ±' if result.differ else ''}"
