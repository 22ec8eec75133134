"""`elige models market`: price against one published score."""

from pathlib import Path
from typing import Annotated

import typer

from elige.cli.flags import AsJson
from elige.cli.screen import Column, Row, print_json, print_rows, stderr_console, stdout_console

_OPEN = {True: "open", False: "closed", None: "?"}


def market(
    score: Annotated[str, typer.Option(metavar="BENCHMARK", help="For example gpqa.")],
    version: Annotated[
        str | None, typer.Option(metavar="V", help="Of the benchmark; '' for not stated.")
    ] = None,
    setting: Annotated[
        str | None, typer.Option(metavar="S", help="How it was taken; '' for not stated.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw the chart.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what models cost against one published score, all of them taken alike.

    elige models market --score gpqa --svg market.svg
    """
    from elige.catalog.side_by_side_page import shown_value
    from elige.config import today
    from elige.workbench import Workbench
    from elige.workbench.models_market import (
        market_facts,
        market_notes,
        models_market,
        write_market,
    )

    with Workbench.open() as bench:
        shown = models_market(
            bench.catalogue, score, version=version, setting=setting, today=today()
        )
    if svg is not None:
        write_market(shown, svg.expanduser())
        stderr_console().print(f"Written: {svg}", markup=False)
    if as_json:
        print_json(market_facts(shown))
        return
    columns = [Column("", right=False), Column("weights", right=False), Column(score)]
    columns += [Column("price"), Column("host", right=False, optional=True)]
    rows = [
        Row((
            one.model, _OPEN[one.is_open],
            shown_value(one.score.value, shown.key.scale)
            + ("*" if one.score.score.self_reported else ""),
            f"${one.price:.3f}", one.offer.offer.provider,
        ))
        for one in shown.points
    ]  # fmt: skip
    console = stdout_console()
    print_rows(console, columns, rows)
    console.print(f"\n{score}: {shown.key.said}. * the maker's own figure.", markup=False)
    for note in market_notes(shown.points):
        console.print(note, markup=False, style="dim")
