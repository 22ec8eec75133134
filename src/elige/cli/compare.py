"""`elige compare`: two candidates on the samples that both answered."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from elige.cli.flags import AsJson
from elige.cli.progress import Talk
from elige.cli.screen import Column, Row, print_json, print_rows, stdout_console

if TYPE_CHECKING:
    from elige.choose.comparison import Apart, Comparison, Gap, Seen

_SHOWN = 300


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN...", help="A run's id or its beginning, or last; at most two."),
    ],
    a: Annotated[str, typer.Option("--a", metavar="NAME", help="A candidate of the run.")] = "",
    b: Annotated[
        str, typer.Option("--b", metavar="NAME", help="Another one; of the second run, if any.")
    ] = "",
    samples: Annotated[
        int,
        typer.Option(
            "--samples", metavar="N", help="Show so many samples where either one is ahead."
        ),
    ] = 3,
    confidence: Annotated[
        float, typer.Option("--confidence", metavar="SHARE", help="Of the intervals.")
    ] = 0.95,
    as_json: AsJson = False,
) -> None:
    """Compare two candidates: the difference, how sure it is, and where they differ.

    elige compare 3f2a --a gemma-3-270m --b smollm2-135m-instruct

    elige compare 3f2a 9c1b --samples 10
    """
    from elige import workbench

    options = workbench.CompareOptions(
        runs=tuple(runs), a=a, b=b, samples=samples, confidence=confidence
    )
    with workbench.Workbench.open() as bench, Talk().waiting("comparing the answers"):
        found = workbench.compare_runs(bench, options)
    if as_json:
        print_json(found.facts())
    else:
        _print(stdout_console(), found)


def _print(console: Console, found: "Comparison") -> None:
    from elige.choose.comparison import evidence

    console.print(f"\n[bold]{escape(found.headline)}[/bold]\n")
    for line in evidence(found):
        console.print(escape(line))
    if found.groups:
        _print_groups(console, found)
    for better, rows, count in (
        (found.first, found.first_ahead, found.gap.ahead),
        (found.second, found.second_ahead, found.gap.behind),
    ):
        if rows:
            console.print(
                f"\n[bold]{escape(better)} is ahead[/bold] ({len(rows):,} of {count:,} samples):"
            )
        for one in rows:
            _print_sample(console, found, one)
    console.print()
    for notice in found.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    console.print("[dim]Scores are out of 100 and measured; all of it: add --json[/dim]")


def _print_groups(console: Console, found: "Comparison") -> None:
    from elige.choose.amounts import score
    from elige.cli.verdict import interval_words

    def row(name: str, gap: "Gap") -> Row:
        low_high = interval_words(gap.interval, signed=True)
        cells = (score(gap.first), score(gap.second), f"{100 * gap.difference:+.1f}", low_high)
        return Row((name, *cells, f"{gap.samples:,}"))

    console.print()
    names = ("group", "a", "b", "a - b", "interval", "samples")
    columns = [Column(name, right=at > 0) for at, name in enumerate(names)]
    rows = [row("all", found.gap), *(row(name, gap) for name, gap in found.groups)]
    print_rows(console, columns, rows)
    told = f"a is {found.first}, b is {found.second}; each interval holds for itself."
    console.print(f"[dim]{escape(told)}[/dim]")


def _print_sample(console: Console, found: "Comparison", one: "Apart") -> None:
    group = f" ({one.group})" if one.group else ""
    question = one.prompt.strip().rpartition("\n\n")[2]
    console.print(f"  {escape(_short(one.sample) + group)}: {escape(_short(question))}")
    if one.target:
        console.print(f"    right: {escape(_short(one.target))}")
    for name, seen in ((found.first, one.first), (found.second, one.second)):
        console.print(f"    {escape(name)}: {escape(_told(seen))}")


def _told(seen: "Seen") -> str:
    why = f", {seen.why}" if seen.why else ""
    return f"{_short(seen.answer) or '(nothing)'} -> {100 * seen.score:.3g}{_short(why)}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
