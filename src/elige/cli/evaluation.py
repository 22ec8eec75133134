"""An evaluation drawn on stdout."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from elige.choose.amounts import money, score
from elige.choose.judged import judge_lines
from elige.cli.noise import noise_lines
from elige.cli.screen import Column, Row, print_rows, stdout_console
from elige.cli.verdict import interval_words, seconds_words, unscored_words

if TYPE_CHECKING:
    from elige.workbench import Evaluation


def print_evaluation(evaluation: "Evaluation") -> None:
    """The score with its interval, then groups, classes and what was not scored."""
    console = stdout_console()
    console.print(f"\n{_scored(evaluation)}\n")
    for line in noise_lines(evaluation.figures):
        console.print(line)
    console.print(_spent(evaluation))
    if unscored := unscored_words(evaluation.standing):
        console.print(unscored)
    if evaluation.judge is not None:
        for line in judge_lines(evaluation.judge):
            console.print(escape(line))
    _tables(evaluation)
    console.print()
    for notice in evaluation.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    run = escape(evaluation.run)
    console.print(f"[dim]All figures are measured. Show it again: elige runs show {run}[/dim]")


def _scored(evaluation: "Evaluation") -> str:
    one = evaluation.standing
    if one.score is None:
        return f"[bold]{escape(one.name)} answered nothing.[/bold]"
    return (
        f"[bold]{escape(one.name)} scored {score(one.score)}[/bold] of 100 on {one.evaluated:,} "
        f"of {evaluation.samples:,} samples (95 % interval {interval_words(one.interval)}, "
        f"{evaluation.interval_method})."
    )


def _spent(evaluation: "Evaluation") -> str:
    one = evaluation.standing
    each = seconds_words(one.seconds_each)
    median = f" The median answer took {each} s." if each else ""
    cost = "No price is known." if one.cost is None else f"It cost {money(one.cost)}."
    return (
        f"{one.asked:,} answers asked now, {evaluation.answers - one.asked:,} known before; "
        f"{one.prompt_tokens:,} prompt and {one.completion_tokens:,} completion tokens."
        f"{median} {cost}"
    )


def _tables(evaluation: "Evaluation") -> None:
    console = stdout_console()
    if evaluation.groups:
        rows = [
            Row((name, score(value), interval_words(pair), f"{count:,}"))
            for name, value, pair, count in evaluation.groups
        ]
        _table(console, ("group", "score", "interval", "samples"), rows)
    if evaluation.confusion is not None:
        labels = evaluation.confusion.labels
        counts = zip(labels, evaluation.confusion.counts, strict=True)
        rows = [Row((label, *map(str, row))) for label, row in counts]
        _table(console, ("is, read as", *labels, "unparsed"), rows)
    if evaluation.figures.parts:
        rows = [
            Row((one.name, score(one.score), interval_words(one.interval), f"{one.samples:,}"))
            for one in evaluation.figures.parts
        ]
        _table(console, ("field", "score", "interval", "samples"), rows)


def _table(console: Console, names: tuple[str, ...], rows: list[Row]) -> None:
    console.print()
    columns = [Column(name, right=place > 0) for place, name in enumerate(names)]
    print_rows(console, columns, rows)
