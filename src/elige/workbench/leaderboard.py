"""`leaderboard`: what is known of models on tasks, out of the runs that the store has."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

from elige.choose.leaderboard import (
    Board,
    BoardRow,
    Cell,
    Difference,
    Series,
    build_board,
    last_paragraph,
    task_name,
)
from elige.choose.leaderboard.page import write_board, write_text
from elige.config import now
from elige.errors import BadInput
from elige.store import RunObservation, RunRecord
from elige.text import nearest
from elige.workbench.bench import Workbench
from elige.workbench.report import check_report_path

_PAGE = 200
_KINDS = {"choose", "evaluate", "import"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderboardOptions:
    """What is shown: of these tasks, models and runs (all where none is named).

    `columns` is `all`, `open-llm-v1` or `open-llm-v2`; `metric` is shown instead of a run's main
    one.
    """

    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    columns: str = "all"
    metric: str = ""


def leaderboard_of(bench: Workbench, options: LeaderboardOptions) -> Board:
    """The board of the runs that finished. Raises `BadInput` when nothing is left to show."""
    records = _records(bench, options)
    series = [one for record in records for one in _series(bench, record)]
    if not series:
        raise BadInput(
            "There are no finished runs to show.",
            hint="Run elige evaluate, or read other programs' logs with: elige import FILE",
        )
    chosen = _chosen(series, options)
    board = build_board(chosen, options.columns, options.metric)
    if not board.rows:
        what = f" with {options.metric}" if options.metric else ""
        raise BadInput(
            f"None of the {len(chosen)} runs has a place in these columns{what}.",
            hint=f"Tasks: {_some({task_name(one.task) for one in chosen})}. "
            f"Metrics: {_some({name for one in chosen for name in one.metrics})}.",
        )
    return board


def _records(bench: Workbench, options: LeaderboardOptions) -> list[RunRecord]:
    if options.runs:
        return [bench.store.run(one) for one in options.runs]
    found: list[RunRecord] = []
    while page := bench.store.runs(_PAGE, len(found)):
        found += page
    return [one for one in found if one.kind in _KINDS and one.status == "finished"]


def _chosen(series: Sequence[Series], options: LeaderboardOptions) -> list[Series]:
    tasks = _wanted(options.tasks, [task_name(one.task) for one in series], "--task")
    models = _wanted(options.models, [one.model for one in series], "--model")
    return [
        one
        for one in series
        if (not tasks or task_name(one.task) in tasks) and (not models or one.model in models)
    ]


def _wanted(said: Sequence[str], known: Sequence[str], flag: str) -> set[str]:
    """The names that were meant; a beginning that ends in '*' stands for all that begin so."""
    wanted: set[str] = set()
    for name in map(task_name, said):
        found = {
            one for one in known if one == name or (name[-1:] == "*" and one.startswith(name[:-1]))
        }
        if not found:
            near = nearest(name, set(known))
            raise BadInput(
                f"{flag} {name!r} is in no run.", hint=near or f"Known: {_some(set(known))}."
            )
        wanted |= found
    return wanted


def _some(names: set[str]) -> str:
    shown = sorted(names)
    return f"{', '.join(shown[:8])}{', ...' * (len(shown) > 8)}"


def _series(bench: Workbench, record: RunRecord) -> list[Series]:
    """A series for each candidate of the run that has scores."""
    spec = json.loads(record.spec)
    values: dict[str, dict[str, dict[str, list[float]]]] = defaultdict(dict)
    prompts: dict[str, dict[str, str]] = defaultdict(dict)
    main = _main_metric(spec)
    for found in bench.store.observations(record.id):
        name, sample = found.entry.candidate, found.entry.sample
        if found.score is not None:
            prompts[name].setdefault(sample, last_paragraph(found.entry.prompt))
        for metric, value in _measures(found, main):
            values[name].setdefault(metric, {}).setdefault(sample, []).append(value)
    return [
        Series(
            run=record.id,
            task=record.task,
            model=name,
            scores={
                metric: {sample: sum(all_) / len(all_) for sample, all_ in of.items()}
                for metric, of in measures.items()
            },
            prompts=prompts[name],
            data_hash=record.data_hash,
            raced=record.kind == "choose",
            **_about(record, spec, name),
        )
        for name, measures in values.items()
    ]


def _measures(found: RunObservation, main: str) -> list[tuple[str, float]]:
    """The observation's scores, the main one first; a part that is no score is none."""
    if found.score is None:
        return []
    parts = [
        (name, value)
        for name, value in found.score.parts
        if name != main and 0.0 <= value <= 1.0 and not name.endswith(", parts")
    ]
    return [(main, found.score.value), *parts]


def _main_metric(spec: dict[str, Any]) -> str:
    if "imported" in spec:
        return str(spec["metric"])
    return str(spec.get("how", {}).get("metric", "score"))


def _about(record: RunRecord, spec: dict[str, Any], name: str) -> dict[str, Any]:
    """Settings and origin: of an import as the file says, else as elige asked."""
    if "imported" in spec:
        told = spec["imported"]
        verdict = json.loads(record.verdict) if record.verdict else {}
        return {
            "settings": tuple(sorted(told["settings"].items())),
            "variant": told["variant"],
            "measured": False,
            "date": told["date"] or record.created,
            "origin": verdict.get("origin", ""),
            "unusable": verdict.get("unusable", 0),
        }
    how = spec.get("how", {})
    settings = how.get("candidates", {}).get(name, {})
    return {
        "settings": tuple(sorted(settings.items())),
        "origin": "measured here",
        "date": record.created,
    }


def board_facts(board: Board) -> dict[str, Any]:
    """The board as an object of JSON."""
    return {
        "columns": [
            {"column": one.key, "title": one.title, "how": one.how} for one in board.columns
        ],
        "rows": [_row_facts(row) for row in board.rows],
        "averaged": list(board.averaged),
        "differences": [_difference_facts(one) for one in board.differences],
        "evaluated": [run_facts(one) for one in board.used],
        "notices": list(board.notices),
    }


def _row_facts(row: BoardRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "model": row.model,
        "settings": dict(row.way),
        "average": row.average,
        "cells": {key: _cell_facts(cell, row.marks[key]) for key, cell in row.cells.items()},
    }


def _cell_facts(cell: Cell, mark: str) -> dict[str, Any]:
    return {
        "score": cell.score,
        "interval": list(cell.interval),
        "samples": cell.samples,
        "mark": mark,
        "flags": list(cell.flags),
        "runs": list(cell.runs),
    }


def _difference_facts(one: Difference) -> dict[str, Any]:
    return {
        "column": one.column,
        "first": one.first,
        "second": one.second,
        "difference": one.paired.difference,
        "samples": one.paired.samples,
        "test": one.paired.test,
        "p": one.paired.p,
        "p_holm": one.adjusted,
        "significant": one.shown,
    }


def run_facts(one: Series) -> dict[str, Any]:
    """How one run was made, as plain data."""
    main = one.metrics[0]
    return {
        "model": one.model,
        "task": task_name(one.task),
        "metric": main,
        "variant": one.variant,
        "shots": one.shots,
        "settings": dict(one.settings),
        "samples": len(one.scores[main]),
        "data": one.data_hash[:12],
        "date": one.date[:10],
        "kind": "measured" if one.measured else "declared by the file",
        "origin": one.origin,
        "run": one.run,
    }


def board_csv(board: Board) -> str:
    """A line for each cell of the board."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("model", "column", "how", "score", "low", "high", "samples", "mark", "flags", "runs")
    )
    for row in board.rows:
        for plan in board.columns:
            cell = row.cells.get(plan.key)
            if cell is not None:
                writer.writerow(
                    (row.name, plan.title, plan.how, cell.score, *cell.interval, cell.samples)
                    + (row.marks[plan.key], "; ".join(cell.flags), " ".join(cell.runs))
                )
    return text.getvalue()


def write_board_page(board: Board, path: Path) -> None:
    """Write the board's page. Raises `BadInput` where that cannot be, or would overwrite."""
    check_report_path(path, "--html")
    write_board(board, path, now().date().isoformat())


def write_board_csv(board: Board, path: Path) -> None:
    """Write a line for each cell. Raises `BadInput` when it cannot be written."""
    write_text(path, board_csv(board), "--csv FILE.csv")
