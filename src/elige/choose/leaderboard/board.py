"""Models by tasks: scores with intervals, and which differences are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import fmean

from elige.choose.leaderboard.cell import Cell, compared
from elige.choose.leaderboard.columns import ColumnPlan, plan_columns
from elige.choose.leaderboard.series import Series
from elige.stats import Paired, holm

ALPHA = 0.05
BEST, LEVEL, WORSE, APART = "best", "level", "worse", "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two rows of one column: the paired test, its p-value after Holm, and whether it is shown."""

    column: str
    first: str
    second: str
    paired: Paired
    adjusted: float

    @property
    def shown(self) -> bool:
        """Whether the difference is significant after the correction."""
        return self.adjusted <= ALPHA


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A model run in one way; `cells` and `marks` by the columns' keys."""

    name: str
    model: str
    way: tuple[tuple[str, str], ...]
    cells: dict[str, Cell] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    average: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The table, every pair that was tested, and the runs that it stands on.

    `averaged` are the columns of the average: those that every row has without a flag, none
    unless there are two.
    """

    columns: tuple[ColumnPlan, ...]
    rows: tuple[BoardRow, ...]
    differences: tuple[Difference, ...]
    averaged: tuple[str, ...]
    used: tuple[Series, ...]
    notices: tuple[str, ...] = ()


def build_board(series: Sequence[Series], columns: str, metric: str = "") -> Board:
    """The board of these runs: all tasks, or the columns of one Open LLM Leaderboard.

    Raises `BadInput` for columns that do not exist.
    """
    plans = plan_columns(series, columns, metric)
    names = _names(series)
    rows = []
    for key, name in names.items():
        own = [one for one in series if (one.model, one.way) == key]
        cells = {plan.key: cell for plan in plans if (cell := plan.cell(own)) is not None}
        if cells:
            rows.append(BoardRow(name=name, model=key[0], way=key[1], cells=cells))
    differences = [pair for plan in plans for pair in _tested(plan, rows)]
    averaged = tuple(plan.key for plan in plans if rows and _is_whole(plan.key, rows))
    averaged = averaged if len(averaged) > 1 else ()
    marked = [_finished(row, rows, differences, averaged) for row in rows]
    shown = {run for row in rows for cell in row.cells.values() for run in cell.runs}
    used = tuple(one for one in series if one.run in shown)
    return Board(
        columns=plans,
        rows=tuple(sorted(marked, key=_order(plans, averaged))),
        differences=tuple(differences),
        averaged=averaged,
        used=used,
        notices=_notices(series, used, averaged, rows),
    )


def _is_whole(key: str, rows: Sequence[BoardRow]) -> bool:
    """Whether every row has the column, asked as it should be."""
    return all(key in row.cells and not row.cells[key].flags for row in rows)


def _names(series: Sequence[Series]) -> dict[tuple[str, tuple[tuple[str, str], ...]], str]:
    """A name for each way to run a model: what sets it apart is said where it must be."""
    keys = list(dict.fromkeys((one.model, one.way) for one in series))
    names = {}
    for model, way in keys:
        others = [dict(other) for name, other in keys if name == model]
        telling = [f"{k} {v}" for k, v in way if any(other.get(k) != v for other in others)]
        names[model, way] = f"{model} ({', '.join(telling)})" if telling else model
    return names


def _tested(plan: ColumnPlan, rows: Sequence[BoardRow]) -> list[Difference]:
    """Every pair of a column that was asked in the same way, corrected together."""
    held = [(row.name, row.cells[plan.key]) for row in rows if plan.key in row.cells]
    found = [
        (first, second, paired)
        for (first, one), (second, other) in combinations(held, 2)
        if one.shots == other.shots and (paired := compared(one, other)) is not None
    ]
    adjusted = holm([paired.p for _, _, paired in found])
    return [
        Difference(column=plan.key, first=first, second=second, paired=paired, adjusted=p)
        for (first, second, paired), p in zip(found, adjusted, strict=True)
    ]


def _finished(
    row: BoardRow, rows: Sequence[BoardRow], tested: Sequence[Difference], averaged: Sequence[str]
) -> BoardRow:
    marks = {key: _mark(row, key, rows, tested) for key in row.cells}
    average = fmean(row.cells[key].score for key in averaged) if averaged else None
    return BoardRow(
        name=row.name,
        model=row.model,
        way=row.way,
        cells=row.cells,
        marks=marks,
        average=average,
    )


def _mark(row: BoardRow, key: str, rows: Sequence[BoardRow], tested: Sequence[Difference]) -> str:
    held = [one for one in rows if key in one.cells]
    best = max(held, key=lambda one: one.cells[key].score)
    if len(held) == 1:
        return ""
    if row.name == best.name:
        return BEST
    pair = {row.name, best.name}
    found = [one for one in tested if one.column == key and {one.first, one.second} == pair]
    if not found:
        return APART
    return WORSE if found[0].shown else LEVEL


def _order(
    plans: Sequence[ColumnPlan], averaged: Sequence[str]
) -> Callable[[BoardRow], tuple[float, str]]:
    def key(row: BoardRow) -> tuple[float, str]:
        if row.average is not None:
            return -row.average, row.name
        first = next((plan.key for plan in plans if plan.key in row.cells), "")
        return (-row.cells[first].score if len(plans) == 1 else 0.0), row.name

    return key


def _notices(
    series: Sequence[Series],
    used: Sequence[Series],
    averaged: Sequence[str],
    rows: Sequence[BoardRow],
) -> tuple[str, ...]:
    told = []
    if averaged:
        told.append(
            f"The average is over the {len(averaged)} columns that every model has, without a flag."
        )
    elif len({key for row in rows for key in row.cells}) > 1:
        told.append("No average: there are not two columns that every model has without a flag.")
    if left := len(series) - len(used):
        told.append(f"{left} more runs are not shown: others of the same are newer, or no column.")
    if any(one.raced for one in used):
        told.append("Scores of a race are of the samples it asked; it stops when it knows enough.")
    if any(one.unusable for one in used):
        count = sum({one.origin: one.unusable for one in used}.values())  # told by file
        told.append(f"{count} records of the imported files had no score and are left out.")
    return tuple(told)
