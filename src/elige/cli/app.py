"""The commands, gathered."""

from typing import Annotated

import typer

from elige.cli import (
    allow,
    choose,
    combine,
    compare,
    cost,
    demo,
    doctor,
    evaluate,
    export,
    fit,
    importing,
    leaderboard,
    licence,
    lm_eval,
    models,
    openness,
    replay,
    runs,
)

app = typer.Typer(
    name="elige",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.command()(choose.choose)
app.command()(evaluate.evaluate)
app.command()(compare.compare)
app.command()(combine.combine)
app.command("import")(importing.import_)
app.command()(leaderboard.leaderboard)
app.command()(replay.replay)
app.add_typer(runs.app, name="runs")
app.add_typer(models.app, name="models")
app.command()(export.export)
app.command()(fit.fit)
app.command()(cost.cost)
app.command("lm-eval", context_settings=lm_eval.SETTINGS)(lm_eval.lm_eval)
app.command()(openness.openness)
app.command()(licence.licence)
app.command()(doctor.doctor)
app.command()(allow.allow)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"elige {version('elige')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, metavar="", help="Show the version."
        ),
    ] = False,
) -> None:
    """Choose an open language model by evidence, use it, and make it your own.

    elige demo

    elige choose examples.csv -c smollm2-135m-instruct -c gemma-3-270m
    """
