"""The verdict drawn on stdout."""

import json
import sys
from typing import Any  # JSON-like values have no better static type

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from elige.records import Standing, Status, Verdict

_STYLES = {
    Status.WINNER: "bold green",
    Status.WITHIN: "green",
    Status.BEATEN: "dim",
    Status.OPEN: "yellow",
    Status.REJECTED: "red",
}
_PIPE_WIDTH = 140


def print_json(facts: Any) -> None:  # noqa: ANN401 - anything JSON can hold
    """One JSON value on stdout."""
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")


def stdout_console() -> Console:
    """Where answers go: as wide as the terminal, or wide enough in a pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def print_verdict(verdict: Verdict, headline: str, *, remarks: tuple[str, ...] = ()) -> None:
    """The verdict in words, then the table."""
    console = stdout_console()
    console.print(f"\n[bold]{escape(headline)}[/bold]\n")
    for sentence in (*verdict.sentences, *remarks):
        console.print(escape(sentence))
    console.print()
    console.print(_table(verdict))
    console.print(
        f"[dim]{verdict.evaluations} answers looked at; asking everybody everything would have "
        f"taken {verdict.full_evaluations}. Scores, times and counts are measured; intervals hold "
        f"together with {verdict.confidence:.0%} confidence; the winner's own score is "
        "descriptive. Run "
        f"{escape(verdict.run)}.[/dim]"
    )
    for notice in verdict.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")


def _table(verdict: Verdict) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("candidate", overflow="fold")
    table.add_column("is")
    for name in ("score", "interval", "difference", "interval", "samples", "s each", "1000 cost"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("not scored", justify="right")
    table.add_column("why", overflow="fold")
    for one in verdict.candidates:
        style = _STYLES[one.status]
        table.add_row(*_cells(one), style=style)
    return table


def _cells(one: Standing) -> list[str]:
    return [
        escape(one.name),
        one.status.value,
        _score(one.score),
        _interval(one.interval),
        _signed(one.difference),
        _interval(one.difference_interval, signed=True),
        str(one.evaluated),
        "" if one.seconds_each is None else f"{one.seconds_each:.3g}",
        "unknown" if one.cost_per_1000 is None else f"${one.cost_per_1000:.4f}",
        _unscored(one),
        escape(one.reason),
    ]


def _score(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{100 * value:+.1f}"


def _interval(pair: tuple[float, float] | None, *, signed: bool = False) -> str:
    if pair is None:
        return ""
    show = _signed if signed else _score
    return f"{show(pair[0])} to {show(pair[1])}"


def _unscored(one: Standing) -> str:
    counts = {
        "unparsed": one.unparsed,
        "truncated": one.truncated,
        "refused": one.refused,
        "failed": one.failed,
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
