"""`elige runs`: what was run, and one run in full."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any  # JSON-like values have no better static type

import typer
from rich.console import Console
from rich.markup import escape

from elige.cli.flags import SHOWN, AsJson, switch
from elige.cli.screen import Column, Row, print_json, print_rows, stdout_console
from elige.cli.verdict import print_verdict
from elige.text import one_line

app = typer.Typer(invoke_without_command=True)


@app.callback()
def runs(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, help="At most so many, the newest first.")
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """List the runs, or show one.

    elige runs --limit 5
    """
    if context.invoked_subcommand is not None:
        return
    from elige.workbench import Workbench, list_runs

    with Workbench.open() as bench:
        found = list_runs(bench, limit)
    if as_json:
        print_json(found)
        return
    console = stdout_console()
    if not found:
        console.print("No runs yet. Try: elige demo")
        return
    columns = [Column(name, right=False) for name in ("run", "kind", "status", "started", "task")]
    print_rows(console, columns, [_row(one) for one in found])


@app.command()
def show(
    run: Annotated[str, typer.Argument(metavar="ID", help="The run's id, or its beginning.")],
    samples: Annotated[bool, switch(SHOWN, "--samples", help="Also every sample.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one run: its verdict and what it was asked.

    elige runs show 3f2a --samples --json
    """
    from elige.choose.words import remarks
    from elige.workbench import Workbench, show_run

    with Workbench.open() as bench:
        shown = show_run(bench, run, samples=samples)
    if as_json:
        print_json(shown.facts)
        return
    console = stdout_console()
    if shown.verdict is not None:
        print_verdict(shown.verdict, shown.headline, remarks=remarks(shown.verdict))
        if ended := ended_words(shown.facts):
            console.print(f"[yellow]{escape(ended)}[/yellow]")
    else:
        _print_facts(console, shown.facts)
    if samples:
        _print_samples(console, shown.facts["samples"])


@app.command()
def export(
    run: Annotated[
        str, typer.Argument(metavar="ID", help="The run's id, or its beginning, or last.")
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            help="json, csv, markdown, eval-results (a file for a model's .eval_results folder on "
            "the hub) or model-card (the model-index lines).",
        ),
    ] = "json",
    candidate: Annotated[
        str, typer.Option("--candidate", metavar="NAME", help="Whose result; else the winner's.")
    ] = "",
    dataset: Annotated[
        str, typer.Option("--dataset", metavar="ORG/NAME", help="The benchmark on the hub.")
    ] = "",
    task_id: Annotated[
        str, typer.Option("--task-id", metavar="ID", help="The task within that benchmark.")
    ] = "",
) -> None:
    """Print a run's outcome for other programs and for model cards.

    elige runs export 3f2a --format markdown
    """
    from elige.workbench import ExportOptions, Workbench, export_run

    known: Any = form  # the options refuse what is not known
    options = ExportOptions(
        run=run, form=known, candidate=candidate, dataset=dataset, task_id=task_id
    )
    with Workbench.open() as bench:
        typer.echo(export_run(bench, options))


@app.command()
def report(
    run: Annotated[
        str, typer.Argument(metavar="ID", help="The run's id, or its beginning, or last.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE.html", help="Where to write it.")],
) -> None:
    """Write the report of a race that was run before; nothing is asked again.

    elige runs report last report.html
    """
    from elige.workbench import Workbench, report_kept_run

    with Workbench.open() as bench:
        report_kept_run(bench, run, file, command=shlex.join(["elige", *sys.argv[1:]]))
    typer.echo(f"Report: {file.absolute()}")


def ended_words(facts: dict[str, Any]) -> str:
    """What to know of a run that did not end well since: '' for one that did, or still runs."""
    if facts["status"] == "failed":
        return f"It failed since: {facts['reason']}"
    stopped = "It was stopped without a word since; the same command goes on."
    return stopped if facts["status"] == "stopped" else ""


def _print_facts(console: Console, facts: dict[str, Any]) -> None:
    """What is known of a run without a verdict; what has many parts is left to --json."""
    plain = facts | (facts["verdict"] or {})
    for key, value in plain.items():
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
            told = f"{value:.6g}" if isinstance(value, float) else str(value)
            console.print(f"[bold]{escape(key.replace('_', ' '))}[/bold]: {escape(told)}")
    console.print(f"[dim]All of it: elige runs show {escape(str(facts['run']))} --json[/dim]")


def _print_samples(console: Console, found: list[dict[str, Any]]) -> None:
    columns = [Column(name, right=False) for name in ("sample", "candidate", "score", "outcome")]
    rows = [
        Row(
            (str(one["sample"]), str(one["candidate"]), _value(one), str(one["outcome"] or "")),
            below=one_line(one["answer"] or one["why"] or ""),
        )
        for one in found
    ]
    console.print()
    print_rows(console, columns, rows)


def _value(one: dict[str, Any]) -> str:
    return "" if one["score"] is None else f"{one['score']:.3g}"


def _row(one: dict[str, Any]) -> Row:
    """One run in a line, its result in the next."""
    started = str(one["created"])[:16].replace("T", " ")
    cells = (str(one["run"]), str(one["kind"]), str(one["status"]), started, str(one["task"]))
    return Row(cells, below=str(one["result"] or one["reason"]))
