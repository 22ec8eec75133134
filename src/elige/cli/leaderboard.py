"""`elige leaderboard`: models by tasks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from elige.cli.flags import AsJson
from elige.cli.screen import Column, Row, print_json, print_rows, stderr_console, stdout_console

if TYPE_CHECKING:
    from elige.choose.leaderboard import Board, BoardRow

Names = list[str] | None


def leaderboard(
    task: Annotated[
        Names,
        typer.Option("--task", "-t", metavar="NAME", help="Only this one; NAME* for several."),
    ] = None,
    model: Annotated[
        Names,
        typer.Option("--model", "-m", metavar="NAME", help="Only this one; NAME* for several."),
    ] = None,
    run: Annotated[
        Names, typer.Option("--run", metavar="ID", help="Only this run; may be repeated.")
    ] = None,
    columns: Annotated[
        str, typer.Option("--columns", metavar="WHICH", help="all, open-llm-v1 or open-llm-v2.")
    ] = "all",
    metric: Annotated[
        str, typer.Option("--metric", metavar="NAME", help="Shown instead of each run's main one.")
    ] = "",
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also a page with the board.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Also a line for each score.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show models by tasks out of your runs and imported ones, with what is significant.

    elige leaderboard --columns open-llm-v1 --html board.html
    """
    from elige import workbench

    options = workbench.LeaderboardOptions(
        tasks=tuple(task or ()),
        models=tuple(model or ()),
        runs=tuple(run or ()),
        columns=columns,
        metric=metric,
    )
    with workbench.Workbench.open() as bench:
        board = workbench.leaderboard_of(bench, options)
    for path, write in ((html, workbench.write_board_page), (csv, workbench.write_board_csv)):
        if path is not None:
            write(board, path.expanduser())
            stderr_console().print(f"Written: {path}", markup=False)
    if as_json:
        print_json(workbench.board_facts(board))
    else:
        _print(stdout_console(), board)


def _print(console: Console, board: "Board") -> None:
    for plan in board.columns:
        held = [row for row in board.rows if plan.key in row.cells]
        if not held:
            console.print(f"[bold]{plan.title}[/bold]: no data ({plan.how})\n", soft_wrap=True)
            continue
        console.print(plan.title, style="bold", markup=False, end="")
        console.print(f"  {plan.how}", markup=False, soft_wrap=True)
        heads = [Column("model", right=False), Column("score"), Column("95 %")]
        heads += [Column("samples"), Column("", right=False)]
        held.sort(key=lambda row: -row.cells[plan.key].score)
        print_rows(console, heads, [_row(row, plan.key) for row in held])
        console.print()
    if board.averaged:
        rows = [Row((row.name, f"{100 * (row.average or 0.0):.1f}")) for row in board.rows]
        print_rows(console, [Column("model", right=False), Column("average")], rows)
        console.print()
    _print_how(console, board)


def _row(row: "BoardRow", key: str) -> Row:
    cell, mark = row.cells[key], row.marks[key]
    low, high = cell.interval
    cells = (row.name, f"{100 * cell.score:.1f}", f"{100 * low:.1f}-{100 * high:.1f}")
    told = ", ".join(filter(None, (mark, *cell.flags)))
    return Row((*cells, f"{cell.samples:,}", told))


def _print_how(console: Console, board: "Board") -> None:
    from elige.choose.leaderboard.words import HOW_TESTED, marks_words, way_words

    console.print("How it was evaluated", style="bold")
    for one in board.used:
        console.print(f"  {way_words(one)}", markup=False, soft_wrap=True, style="dim")
    console.print()
    for line in (marks_words(), HOW_TESTED, *board.notices):
        console.print(line, markup=False, soft_wrap=True)
