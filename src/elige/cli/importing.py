"""`elige import`: runs that were made elsewhere, into the store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any  # JSON-like values have no better static type

import typer
from rich.console import Console
from rich.markup import escape

from elige.cli.exits import EXIT_TOLD
from elige.cli.flags import AsJson
from elige.cli.screen import print_json, stderr_console, stdout_console

if TYPE_CHECKING:
    from elige.workbench.importing import ImportedFile


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Logs, packed with gzip or not, or folders of them."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Read FILEs of lm-eval, Inspect or promptfoo into the store, to be compared.

    elige import results/my-model/
    """
    from elige.workbench import Workbench, import_files

    told, failed = [], 0
    console = stdout_console()
    with Workbench.open() as bench:
        for one in import_files(bench, files):
            failed += one.error is not None
            if one.error is not None:
                _tell_error(one)
            if as_json:
                told.append(_facts(one))
            elif one.error is None:
                _tell(console, one)
    if as_json:
        print_json(told)
    if failed:
        raise typer.Exit(EXIT_TOLD)


def _tell_error(one: "ImportedFile") -> None:
    error = one.error
    if error is not None:
        line = " ".join(f"elige: {error} {error.hint}".split())
        stderr_console().print(line, markup=False, soft_wrap=True)


def _tell(console: Console, one: "ImportedFile") -> None:
    for run in one.runs:
        low, high = run.interval
        variant = f" ({run.origin.variant})" if run.origin.variant else ""
        known = ", known already" if run.known else ""
        console.print(
            f"[bold]{escape(run.origin.model)}[/bold] on {escape(run.origin.task)}: "
            f"{escape(run.metric + variant)} {100 * run.score:.1f} "
            f"(95 % interval {100 * low:.1f} to {100 * high:.1f}), {run.samples:,} answers"
            f"{known}",
            soft_wrap=True,
        )
        console.print(f"  run {run.run}, {escape(run.words)}", style="dim", soft_wrap=True)
    if one.unusable:
        console.print(
            f"  {one.unusable:,} records left out: {escape('; '.join(one.reasons))}",
            soft_wrap=True,
        )


def _facts(one: "ImportedFile") -> dict[str, Any]:
    return {
        "file": str(one.file),
        "tool": one.tool,
        "runs": [run.facts() for run in one.runs],
        "unusable": one.unusable,
        "reasons": list(one.reasons),
        "error": None if one.error is None else str(one.error),
    }
