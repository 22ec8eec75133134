"""Races through the workbench and through the command line, on files of sums."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from elige.config import Settings
from elige.records import Event, Finished, Standing, Verdict
from elige.workbench import ChooseOptions, Workbench, plan_race, run_race

GOOD, POOR = "echo,skill=0.9,name=good", "echo,skill=0.4,seed=2,name=poor"
MEASURED = {"seconds", "seconds_each", "p95_seconds", "cost", "cost_per_1000", "asked"}
Rows = dict[tuple[str, str, int], str]


def sums(path: Path, count: int = 200, *, wrong: Mapping[int, str] | None = None) -> Path:
    """A file of sums; `wrong` gives some of them another label."""
    labels = dict(wrong or {})
    lines = [f"What is {n} plus {n % 7}?,{labels.get(n, n + n % 7)}" for n in range(count)]
    path.write_text("\n".join(["question,answer", *lines]) + "\n")
    return path


def followed(
    home: Path, data: Path, *candidates: str, **options: object
) -> tuple[Verdict, list[Event]]:
    """The verdict of a race under `home`, and everything that happened."""
    said = ChooseOptions(candidates=candidates, **options)  # type: ignore[arg-type]
    with Workbench.open(Settings(home=home)) as bench:
        events = list(run_race(bench, plan_race(bench, str(data), said), said))
    last = events[-1]
    assert isinstance(last, Finished)
    return last.verdict, events


def raced(home: Path, data: Path, *candidates: str, **options: object) -> Verdict:
    """The verdict of a race under `home`."""
    return followed(home, data, *candidates, **options)[0]


def named(verdict: Verdict) -> dict[str, Standing]:
    return {one.name: one for one in verdict.candidates}


def answers(home: Path) -> Rows:
    """Every answer kept under `home`, by its key."""
    path = home / "elige.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=30)) as database:
        try:
            rows = database.execute("SELECT candidate, sent, repeat, body FROM answers").fetchall()
        except sqlite3.OperationalError:  # the tables are being made
            return {}
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def command(home: Path, *arguments: str) -> "subprocess.Popen[str]":
    """`elige` with these arguments, running."""
    return subprocess.Popen(
        [sys.executable, "-m", "elige", *arguments],
        env=os.environ | {"ELIGE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def unmeasured(value: object) -> object:
    """`value`, read from JSON, without what is measured."""
    if isinstance(value, dict):
        return {key: unmeasured(one) for key, one in value.items() if key not in MEASURED}
    return [unmeasured(one) for one in value] if isinstance(value, list) else value
