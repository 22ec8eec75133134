"""An evaluation drawn on stdout."""

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from elige.cli.verdict import stdout_console

if TYPE_CHECKING:
    from elige.workbench import Evaluation


def print_evaluation(evaluation: "Evaluation") -> None:
    """The score with its interval, then groups, classes and what was not scored."""
    console = stdout_console()
    one = evaluation.standing
    if one.score is None or one.interval is None:
        console.print("Nothing was answered.")
    else:
        low, high = one.interval
        console.print(
            f"\n[bold]{escape(one.name)} scored {100 * one.score:.1f}[/bold] on "
            f"{one.evaluated} of {evaluation.samples} samples "
            f"(95 % interval {100 * low:.1f} to {100 * high:.1f}, {evaluation.interval_method})"
        )
    each = "" if one.seconds_each is None else f", {one.seconds_each:.3g} s for the median answer"
    cost = "no price known" if one.cost is None else f"{one.cost:.4f} USD"
    console.print(
        f"{one.asked} answers asked now, {one.evaluated - one.asked} known before; "
        f"{one.prompt_tokens} prompt and {one.completion_tokens} completion tokens{each}; {cost}."
    )
    console.print(
        f"{one.unparsed} unparsed, {one.truncated} truncated, {one.refused} refused, "
        f"{one.failed} failed (each counts as 0 but failed ones, which are no answers)."
    )
    _tables(evaluation)
    for notice in evaluation.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    console.print(f"[dim]All figures are measured. Run {escape(evaluation.run)}.[/dim]")


def _tables(evaluation: "Evaluation") -> None:
    console = stdout_console()
    if evaluation.groups:
        table = Table("group", "score", "interval", "samples", box=None, header_style="bold")
        for name, score, (low, high), count in evaluation.groups:
            span = f"{100 * low:.1f} to {100 * high:.1f}"
            table.add_row(escape(name), f"{100 * score:.1f}", span, str(count))
        console.print(table)
    if evaluation.confusion is not None:
        labels = [*evaluation.confusion.labels, "unparsed"]
        table = Table("is \\ read as", *map(escape, labels), box=None, header_style="bold")
        rows = zip(evaluation.confusion.labels, evaluation.confusion.counts, strict=True)
        for label, counts in rows:
            table.add_row(escape(label), *map(str, counts))
        console.print(table)
    if evaluation.fields:
        table = Table("field", "score", box=None, header_style="bold")
        for name, score in evaluation.fields:
            table.add_row(escape(name), f"{100 * score:.1f}")
        console.print(table)
