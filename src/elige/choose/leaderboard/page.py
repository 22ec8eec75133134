"""The board as one self-contained page."""

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any  # what a template is handed

from elige.choose.leaderboard.board import Board, BoardRow
from elige.choose.leaderboard.series import task_name
from elige.choose.leaderboard.words import HOW_TESTED, MARKS
from elige.choose.report.page import write_whole
from elige.errors import BadInput

_HERE = "elige.choose.leaderboard"


def write_board(board: Board, path: Path, created: str) -> None:
    """Write the page to `path`, whole or not at all. Raises `BadInput` when it cannot be."""
    write_text(path, render_board(board, created), "--html FILE.html")


def write_text(path: Path, text: str, flag: str) -> None:
    """Write `text` to `path`, whole or not at all. Raises `BadInput` when it cannot be."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise BadInput(
            f"{str(path)!r} cannot be written: {error.strerror or error}.",
            hint=f"Give another place with {flag}.",
        ) from error


def render_board(board: Board, created: str) -> str:
    """The whole page as HTML; `created` is its date."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = _read("board.js")
    sealed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    style = files("elige.choose.report").joinpath("report.css").read_text("utf-8")
    page = environment.from_string(_read("page.html")).render(
        board=board,
        rows=[_row(board, row) for row in board.rows],
        runs=[_run(board, place) for place in range(len(board.used))],
        pairs=[one for one in board.differences if one.shown],
        titles={plan.key: plan.title for plan in board.columns},
        marks=MARKS,
        how_tested=HOW_TESTED,
        created=created,
        style=Markup(style + _read("board.css")),
        script=Markup(script),
        script_hash=sealed,
    )
    # A lone half of a surrogate pair in a name has no place in UTF-8.
    return page.encode("utf-8", "replace").decode("utf-8")


def _row(board: Board, row: BoardRow) -> dict[str, Any]:
    cells: list[dict[str, Any] | None] = []
    for plan in board.columns:
        cell = row.cells.get(plan.key)
        if cell is None:
            cells.append(None)
            continue
        low, high = cell.interval
        cells.append(
            {
                "score": 100 * cell.score,
                "low": 100 * low,
                "high": 100 * high,
                "samples": cell.samples,
                "mark": row.marks[plan.key],
                "flags": cell.flags,
            }
        )
    average = None if row.average is None else 100 * row.average
    return {"name": row.name, "way": row.way, "cells": cells, "average": average}


def _run(board: Board, place: int) -> dict[str, Any]:
    one = board.used[place]
    metric = one.metrics[0]
    return {
        "model": one.model,
        "task": task_name(one.task),
        "metric": f"{metric} ({one.variant})" if one.variant else metric,
        "shots": one.shots or "unknown",
        "settings": ", ".join(f"{name} {value}" for name, value in one.way) or "unknown",
        "samples": len(one.scores[metric]),
        "data": one.data_hash[:12],
        "date": one.date[:10],
        "kind": "measured" if one.measured else "declared by file",
        "origin": one.origin,
        "run": one.run,
    }


def _read(name: str) -> str:
    return files(_HERE).joinpath(name).read_text("utf-8")
