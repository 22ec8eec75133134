"""The verdict drawn on stdout."""

from rich.console import Console
from rich.markup import escape

from elige.choose.amounts import money, score
from elige.choose.words import place
from elige.cli.screen import Column, Row, print_rows, stdout_console
from elige.records import Standing, Status, Verdict

_SHOWN_NOT_RACED = 12
_STYLES = {
    Status.WINNER: "bold green",
    Status.WITHIN: "green",
    Status.BEATEN: "dim",
    Status.OPEN: "yellow",
    Status.REJECTED: "red",
}


def print_verdict(verdict: Verdict, headline: str, *, remarks: tuple[str, ...] = ()) -> None:
    """The verdict in words, the table, then why each one stands where it does."""
    console = stdout_console()
    console.print(f"\n[bold]{escape(headline)}[/bold]\n")
    for sentence in (*verdict.sentences, *remarks):
        console.print(escape(sentence))
    console.print()
    _print_table(console, verdict)
    _print_reasons(console, verdict)
    _print_terms(console, verdict)
    _print_not_raced(console, verdict)
    for notice in verdict.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")


def seconds_words(seconds: float | None) -> str:
    """Seconds for one answer in three digits: '0.123', '12.3', '<0.001'; '' when unknown."""
    if seconds is None:
        return ""
    if seconds < 0.001:
        return "<0.001"
    return f"{seconds:.0f}" if seconds >= 100 else f"{seconds:#.3g}".rstrip(".")


def interval_words(pair: tuple[float, float] | None, *, signed: bool = False) -> str:
    """An interval out of 100: '58.1 to 66.0', signed '-4.2 to +0.3'; '' when unknown."""
    if pair is None:
        return ""
    low, high = pair
    return f"{_signed(low)} to {_signed(high)}" if signed else f"{score(low)} to {score(high)}"


def unscored_words(one: Standing) -> str:
    """What has no score of its own, and what was no answer; '' when there is nothing."""
    counts = {
        "unparsed": one.unparsed,
        "truncated": one.truncated,
        "refused": one.refused,
    }
    zero = [f"{count} {name}" for name, count in counts.items() if count]
    told = f"Counted as 0: {', '.join(zero)}." if zero else ""
    failed = f"The engine failed {one.failed} times; no answers." if one.failed else ""
    return " ".join(part for part in (told, failed) if part)


def _print_table(console: Console, verdict: Verdict) -> None:
    priced = any(one.cost_per_1000 is not None for one in verdict.candidates)
    columns = [
        Column("candidate", right=False),
        Column("is", right=False),
        Column("score"),
        Column("interval"),
        Column("to winner" if verdict.decided else "to leader"),
        Column("interval", optional=True),
        Column("samples"),
        Column("s each"),
        *([Column("$/1000")] if priced else []),
    ]
    rows = [
        Row((*_cells(one, verdict), *([_price(one)] if priced else [])), _STYLES[one.status])
        for one in verdict.candidates
    ]
    print_rows(console, columns, rows)


def _cells(one: Standing, verdict: Verdict) -> tuple[str, ...]:
    apart = one.name != verdict.winner
    return (
        one.name,
        one.status.value,
        "" if one.score is None else score(one.score),
        interval_words(one.interval),
        _signed(one.difference) if apart else "",
        interval_words(one.difference_interval, signed=True) if apart else "",
        f"{one.evaluated:,}",
        seconds_words(one.seconds_each),
    )


def _print_reasons(console: Console, verdict: Verdict) -> None:
    """One line for each candidate that is not told of above."""
    told = {Status.WINNER, Status.OPEN} if verdict.decided else {Status.WINNER}
    console.print()
    for one in verdict.candidates:
        notes = [] if one.status in told else [place(one, verdict)]
        notes += [unscored] if (unscored := unscored_words(one)) else []
        if notes:
            name = f"[{_STYLES[one.status]}]{escape(one.name)}[/]"
            console.print(f"{name}: {escape(' '.join(notes))}")


def _print_not_raced(console: Console, verdict: Verdict) -> None:
    """Models that were thought of and left out, with the reason."""
    if not verdict.not_raced:
        return
    console.print("\nNot raced:")
    for one in verdict.not_raced[:_SHOWN_NOT_RACED]:
        console.print(f"  {escape(one.name)}: {escape(one.why)}.", style="dim")
    if more := len(verdict.not_raced[_SHOWN_NOT_RACED:]):
        console.print(f"  and {more:,} more (--json lists them all)", style="dim")


def _print_terms(console: Console, verdict: Verdict) -> None:
    saved = f"{verdict.evaluations:,} of {verdict.full_evaluations:,} answers were looked at"
    held = f"intervals hold together with {100 * verdict.confidence:g} % confidence"
    console.print(
        f"\n[dim]Scores and differences are in points of 100. {saved}; {held}. Scores, times and "
        "counts are measured; the winner's own score is descriptive. "
        f"Show it again: elige runs show {escape(verdict.run)}[/dim]"
    )


def _signed(value: float | None) -> str:
    if value is None:
        return ""
    shown = f"{100 * value:+.1f}"
    return "0.0" if shown in {"+0.0", "-0.0"} else shown


def _price(one: Standing) -> str:
    return "?" if one.cost_per_1000 is None else money(one.cost_per_1000)
