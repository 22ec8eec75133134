"""`elige models similar`: models like another one, and why."""

from typing import Annotated

import typer
from rich.markup import escape

from elige.cli.flags import AsJson
from elige.cli.screen import Column, Row, print_json, print_rows, stderr_console, stdout_console


def similar(
    ref: Annotated[str, typer.Argument(metavar="REF", help="A model, such as org/name.")],
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="Models to list.")] = 10,
    as_json: AsJson = False,
) -> None:
    """List the models that have most in common with REF, and what that is.

    elige models similar mistralai/Mistral-7B-v0.1
    """
    from elige.cli.models.search_table import human_count
    from elige.config import read_settings
    from elige.workbench import Workbench
    from elige.workbench.models_search import similar_models

    talk = stderr_console()
    with Workbench(
        read_settings(), say=lambda line: talk.print(escape(line), style="dim")
    ) as bench:
        one, found = similar_models(bench, ref, limit=limit)
    if as_json:
        rows = [{"model": like.hit.model, "why": list(like.why)} for like in found]
        print_json({"model": one.model, "similar": rows})
        return
    console = stdout_console()
    if not found:
        console.print(f"Nothing is known that is like {one.model}.", markup=False)
        return
    console.print(f"Like {one.model}:\n", markup=False)
    columns = [Column("model", right=False), Column("size"), Column("downloads")]
    print_rows(
        console,
        columns,
        [
            Row(
                (
                    like.hit.model,
                    human_count(like.hit.number("parameters")),
                    human_count(like.hit.number("downloads")),
                ),
                below="; ".join(like.why),
            )
            for like in found
        ],
    )
