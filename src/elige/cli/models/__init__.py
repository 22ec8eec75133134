"""`elige models`: what is known of open models, with sources."""

import typer

from elige.cli.models import search, show, similar, sync, tree
from elige.cli.models.compare import compare
from elige.cli.models.market import market

app = typer.Typer(no_args_is_help=True)


@app.callback()
def models() -> None:
    """Search what is known of open models, show it with its sources, and keep it up to date."""


app.command()(tree.tree)
app.command("search", cls=search.FitsMayStandAlone)(search.search)
app.command("similar")(similar.similar)
app.command()(show.show)
app.command()(sync.sync)
app.command()(compare)
app.command()(market)
