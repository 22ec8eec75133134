"""`elige demo`: the main job on what elige brings along."""

from pathlib import Path
from typing import Annotated

import typer

from elige.cli.flags import AsJson, Seed

_REPORT = Path("elige-demo.html")


def demo(
    report: Annotated[Path, typer.Option(metavar="FILE.html", help="Where it goes.")] = _REPORT,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Choose between two small open models on built-in tasks, and write the report.

    elige demo --report demo.html
    """
    from elige.cli.racing import race
    from elige.workbench.demo import TASK, demo_options

    race(TASK, demo_options(seed=seed), report=report, kind="demo", as_json=as_json)
