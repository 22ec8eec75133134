"""Rows that a program holds: a list of dicts, or a data frame."""

from collections.abc import Iterable, Mapping
from typing import Any  # a data frame, of whatever library

from elige.errors import BadInput
from elige.evaluate.rows.table import Row, Table
from elige.evaluate.rows.values import plain_value
from elige.text import digest

_EXAMPLE = 'Give a path, a pandas DataFrame, or [{"question": "...", "answer": "..."}, ...].'


def table_of(data: object, name: str = "data") -> Table:
    """The rows of a pandas DataFrame or of any iterable of dicts.

    `data_hash` is a hash of columns and values, so that equal rows are the same data. Raises
    `BadInput` for anything else, for no rows, and for a column that is there twice.
    """
    objects = _frame(data, name) if _is_frame(data) else _objects(data, name)
    if not objects:
        raise BadInput(f"{name} holds no rows.", hint="Give at least one.")
    rows = tuple(Row(number, 0, values) for number, values in enumerate(objects, 1))
    columns = tuple(dict.fromkeys(column for row in rows for column in row.values))
    if not columns:
        raise BadInput(f"{name} has rows but no columns.", hint=_EXAMPLE)
    return Table(
        path=name,
        format="rows",
        columns=columns,
        rows=rows,
        data_hash=digest(["rows", [dict(row.values) for row in rows]]),
    )


def _is_frame(data: object) -> bool:
    """Whether `data` is a pandas DataFrame, told by what it can do: pandas may be absent."""
    return all(hasattr(data, name) for name in ("to_dict", "columns", "notna", "astype"))


def _frame(frame: Any, name: str) -> list[dict[str, object]]:  # noqa: ANN401 - as above
    columns = [str(column) for column in frame.columns]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise BadInput(
            f"{name}: the column {twice[0]!r} is there {columns.count(twice[0])} times.",
            hint="Give every column its own name.",
        )
    filled = frame.astype(object).where(frame.notna(), None)
    return [_plain(row) for row in filled.to_dict(orient="records")]


def _objects(data: object, name: str) -> list[dict[str, object]]:
    if isinstance(data, (Mapping, bytes)) or not isinstance(data, Iterable):
        raise BadInput(f"{name} is {_kind(data)}, in which no rows are found.", hint=_EXAMPLE)
    rows: list[dict[str, object]] = []
    for number, row in enumerate(data, 1):
        if not isinstance(row, Mapping):
            raise BadInput(
                f"{name}: row {number} is {_kind(row)}, not a dict.",
                hint=f"{_EXAMPLE} Other frames: .to_pandas(), .to_dicts() or .to_pylist().",
            )
        rows.append(_plain(row))
    return rows


def _plain(row: Mapping[object, object]) -> dict[str, object]:
    return {str(column): plain_value(value) for column, value in row.items()}


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"
