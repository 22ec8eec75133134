"""What own runs measured, drawn: for one model, and for models side by side."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from elige.cli.screen import Column, Row, print_rows, shortened_name
from elige.text import human_bytes, human_seconds, printable

if TYPE_CHECKING:
    from elige.catalog.own_results import OwnScore
    from elige.records import Card, RunResult, Speed

_MOST, _TASK = 8, 24
# A system message is long, a template a digest: --json has both.
_UNSAID = frozenset({"system", "template"})


def print_measured(console: Console, card: "Card") -> None:
    """Every run's score with its interval and what it rests on; then speeds and memory."""
    from elige.catalog.own_results import by_weight, trials_of

    if not card.measured:
        return
    ranked = by_weight(card.measured)
    console.print("\n[bold]Measured here[/]  (by your own runs)")
    columns = [Column("task", right=False), Column("score"), Column("interval", right=False)]
    columns += [Column("samples"), Column("how", right=False), Column("day", right=False)]
    print_rows(console, columns, [_row(one) for one in ranked[:_MOST]])
    if len(ranked) > _MOST:
        console.print(f"  and {len(ranked) - _MOST} more: --json", style="dim")
    for speed in trials_of(card.measured):
        console.print(f"  {escape(printable(_trial(speed)))}", soft_wrap=True)
    console.print()


def _row(one: "RunResult") -> Row:
    from elige.catalog.own_results import how_taken

    cells = (
        shortened_name(printable(one.task), _TASK),
        _percent(one.score),
        _interval(one),
        counted(one),
        printable(how_taken(one)),
        one.dated[:10],
    )
    below = "; ".join(part for part in _told(one) if part)
    return Row(cells, style="" if one.is_full else "dim", below=printable(below))


def _told(one: "RunResult") -> Iterator[str]:
    """What the score means and where it stands, how fast it was, then what was run and how."""
    yield one.figure
    if one.low is not None and one.method:
        yield f"{100 * one.confidence:.4g} % interval ({one.method})"
    yield f"{one.metric} on data {one.data}"
    yield f"run {one.run}"
    if one.seconds_each is not None:
        yield f"{_short(one.seconds_each)} for an answer (median)"
    for speed in one.speeds:
        if not speed.is_trial:
            yield f"{speed.value:,.3g} tokens/s {speed.name} ({speed.how})"
    if one.cost_per_1000 is not None:
        yield f"${one.cost_per_1000:.4g} for 1,000 answers"
    yield one.ran if one.ran.startswith(one.candidate) else f"{one.candidate}: {one.ran}"
    yield ", ".join(f"{name} {value}" for name, value in one.settings if name not in _UNSAID)


def _short(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else human_seconds(seconds)


def _trial(speed: "Speed") -> str:
    where = ", ".join(part for part in (speed.how, speed.machine, speed.dated) if part)
    if speed.name == "peak":
        return f"{human_bytes(round(speed.value))} of memory at the peak ({where})"
    return f"{speed.value:,.3g} tokens/s {speed.name} ({where})"


def counted(one: "RunResult") -> str:
    """How many samples count: '200', or '48 of 200' where that is not all."""
    return f"{one.samples:,}" if one.is_full else f"{one.samples:,} of {one.planned:,}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _interval(one: "RunResult") -> str:
    if one.low is None or one.high is None:
        return ""
    return f"{100 * one.low:.1f} to {100 * one.high:.1f}"


def own_row(one: "OwnScore") -> Row:
    """A row of the comparison: for each model its result, with interval and samples."""
    kind = "race" if one.is_race else "evaluated"
    below = f"{printable(one.metric)} on data {one.data}, {kind}"
    cells = [_cell(results) for results in one.results]
    return Row((shortened_name(printable(one.task), _TASK), *cells), below=below)


def _cell(results: "tuple[RunResult, ...]") -> str:
    if not results:
        return "?"
    first = results[0]
    spread = f" [{_interval(first)}]" if _interval(first) else ""
    ways = f" (+{len(results) - 1})" if len(results) > 1 else ""
    return f"{_percent(first.score)}{spread} {counted(first)}{ways}"
