"""An evaluation drawn on stdout."""

from typing import TYPE_CHECKING

from rich.markup import escape

from elige.choose.amounts import money, score
from elige.choose.judged import judge_lines
from elige.cli.details import interval_told, print_details, print_table, scored_besides
from elige.cli.noise import noise_lines
from elige.cli.screen import Row, stdout_console
from elige.cli.verdict import interval_words, seconds_words, unscored_words

if TYPE_CHECKING:
    from elige.workbench import Evaluation


def print_evaluation(evaluation: "Evaluation") -> None:
    """The score with its interval, then groups, classes and what was not scored."""
    console = stdout_console()
    console.print(f"\n{_scored(evaluation)}\n")
    for line in (*noise_lines(evaluation.figures), *scored_besides(evaluation)):
        console.print(line)
    console.print(_spent(evaluation))
    if unscored := unscored_words(evaluation.standing):
        console.print(unscored)
    if evaluation.judge is not None:
        for line in judge_lines(evaluation.judge):
            console.print(escape(line))
    _tables(evaluation)
    print_details(console, evaluation)
    console.print()
    for notice in evaluation.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    run = escape(evaluation.run)
    console.print(f"[dim]All figures are measured. Show it again: elige runs show {run}[/dim]")


def _scored(evaluation: "Evaluation") -> str:
    one = evaluation.standing
    if evaluation.figure:
        return f"[bold]{escape(one.name)}[/bold]: {escape(evaluation.figure)}."
    if one.score is None:
        return f"[bold]{escape(one.name)} answered nothing.[/bold]"
    return (
        f"[bold]{escape(one.name)} scored {score(one.score)}[/bold] of 100 on {one.evaluated:,} "
        f"of {evaluation.samples:,} samples "
        f"({interval_told(one.interval, evaluation.interval_method)})."
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
        print_table(console, ("group", "score", "interval", "samples"), rows)
    if evaluation.confusion is not None:
        labels = evaluation.confusion.labels
        counts = zip(labels, evaluation.confusion.counts, strict=True)
        rows = [Row((label, *map(str, row))) for label, row in counts]
        print_table(console, ("is, read as", *labels, "unparsed"), rows)
