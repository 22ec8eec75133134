"""`elige combine`: several models as one, if that pays."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from elige.cli.flags import AsJson
from elige.cli.progress import Talk
from elige.cli.screen import Column, Row, print_json, print_rows, stdout_console

if TYPE_CHECKING:
    from elige.workbench import Combined


def combine(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A run's id or its beginning, or last.")
    ],
    candidate: Annotated[
        list[str] | None,
        typer.Option(
            "--candidate", "-c", metavar="NAME", help="A candidate of the run; may be repeated."
        ),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="accuracy|cost", help="What it is to be better in.")
    ] = "accuracy",
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance",
            metavar="SHARE",
            help="By cost: so much worse is as good (0.01: a point).",
        ),
    ] = 0.01,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Save it as combo:NAME.")
    ] = "",
    save: Annotated[
        bool | None,
        typer.Option("--save/--no-save", help="Save it even if it does not pay, or never."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Combine a run's candidates: a cascade, a router, an ensemble, and whether that pays.

    elige combine 3f2a --by cost --tolerance 0.02 --name cheap
    """
    from elige import workbench

    known: Any = by  # the options refuse what is not known
    options = workbench.CombineOptions(
        run=run,
        candidates=tuple(candidate or ()),
        by=known,
        tolerance=tolerance,
        name=name,
        save=save,
    )
    with workbench.Workbench.open() as bench, Talk().waiting("trying combinations"):
        found = workbench.combine_run(bench, options)
    if as_json:
        print_json(found.facts())
    else:
        _print(stdout_console(), found)


def _print(console: Console, found: "Combined") -> None:
    from elige.choose.amounts import score
    from elige.choose.combine.words import amount
    from elige.cli.verdict import interval_words

    verdict, *others = found.sentences
    console.print(f"\n[bold]{escape(verdict)}[/bold]\n")
    for sentence in others:
        console.print(escape(sentence))
    console.print()
    tried = found.trial
    rows = []
    for row in sorted(tried.rows, key=lambda one: -one.score):
        style = "bold" if row in {tried.chosen, tried.single} else ""
        cells = (score(row.score), interval_words(row.interval), amount(row.cost, tried.unit))
        below = row.what if row.option.rule is not None else ""
        rows.append(Row((row.name, *cells), style, below=below))
    heads = ("on the third part", "score", "interval", "an answer")
    print_rows(console, [Column(head, right=at > 0) for at, head in enumerate(heads)], rows)
    costs = "costs (tokens at the stated prices)" if tried.unit == "usd" else "times"
    told = (
        f"{found.samples:,} samples were answered by all {len(found.members)} candidates. Scores "
        f"and {costs} are measured; intervals are 95 %. What is not printed bold was not chosen: "
        "its score is descriptive."
    )
    console.print(f"\n[dim]{escape(told)}[/dim]")
    for notice in found.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    if found.saved:
        console.print(
            f"Saved as combo:{escape(found.saved)}; use it like a model: "
            f"elige evaluate DATA --model combo:{escape(found.saved)}"
        )
    elif tried.chosen is not None and not tried.pays:
        console.print("[dim]It was not saved; --save does so all the same.[/dim]")
