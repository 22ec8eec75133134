"""`elige models market`: price against one published score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from elige.cli.flags import AsJson
from elige.cli.screen import Column, Row, print_json, print_rows, stderr_console, stdout_console

if TYPE_CHECKING:
    from elige.catalog.market import MarketPoint
    from elige.workbench.models_market import MarketShown

_OTHERS = 5
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
    from elige.config import today
    from elige.workbench import Workbench
    from elige.workbench.models_market import (
        market_facts,
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
    else:
        _print(shown)


def _print(shown: "MarketShown") -> None:
    from elige.workbench.models_market import market_notes

    score = shown.key.benchmark
    columns = [Column("", right=False), Column("weights", right=False), Column(score)]
    columns += [Column("price"), Column("host", right=False, optional=True)]
    console = stdout_console()
    print_rows(console, columns, [_row(one, shown.key.scale) for one in shown.points])
    console.print(f"\n{score}: {shown.key.said}. * the maker's own figure.", markup=False)
    for note in market_notes(shown.points):
        console.print(note, markup=False, style="dim")
    for key, count in shown.others[:_OTHERS]:
        asked = f"--version {key.version!r} --setting {key.setting!r}"
        told = f"Taken otherwise, and not mixed in: {key.said} ({count:,} models), {asked}"
        console.print(told, markup=False, style="dim", soft_wrap=True)
    if len(shown.others) > _OTHERS:
        console.print(f"and {len(shown.others) - _OTHERS:,} more ways: --json", style="dim")


def _row(one: "MarketPoint", scale: str) -> Row:
    from elige.catalog.side_by_side_page import shown_value

    own = "*" if one.score.score.self_reported else ""
    value = f"{shown_value(one.score.value, scale)}{own}"
    price = f"${one.price:.3f}"
    return Row((one.model, _OPEN[one.is_open], value, price, one.offer.offer.provider))
