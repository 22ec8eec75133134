"""`elige allow`: let a file of the user's run."""

from pathlib import Path
from typing import Annotated

import typer


def allow(
    kind: Annotated[str, typer.Argument(help="What it is: scorer or task.")],
    file: Annotated[Path, typer.Argument(help="The file as it is now; a change asks again.")],
) -> None:
    """Allow FILE to run as it is now; it runs with your own rights.

    elige allow scorer my_scorer.py

    elige allow task my_task.yaml
    """
    from elige.workbench.allow import allow as allow_file
    from elige.workbench.bench import Workbench

    with Workbench.open() as bench:
        sha256 = allow_file(bench, kind, file)
    typer.echo(f"Allowed {file} (SHA-256 {sha256[:12]}…) to run as a {kind}.")
