"""Reads matrices of scores out of files."""

import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from struct import error as StructError
from typing import Any  # what lies in a file

import numpy as np

from elige.choose.replay.matrix import Matrix, checked_matrix
from elige.errors import BadInput
from elige.evaluate.rows import Row, Table, read_table
from elige.stats.wealth import Array
from elige.text import human_bytes

MAX_BYTES = 4_000_000_000
_KEYS = "An .npz file holds X (models by samples, from 0 to 1) and models (their names)."
_FORMATS = "Give CSV or Parquet (a row a model, its name first) or an .npz with X and models."
_TRUTHS = {"true": 1.0, "false": 0.0}
_DAMAGED = (
    *(OSError, ValueError, TypeError, EOFError, MemoryError, NotImplementedError, RuntimeError),
    *(zlib.error, zipfile.BadZipFile, StructError, SyntaxError),
)


def read_matrix(path: Path) -> Matrix:
    """The scores in the file at `path`: an .npz with `X` and `models`, or a table.

    In a table (CSV, Parquet and whatever else elige reads) a row is a model and the first column
    is its name. Raises `BadInput` in one line for anything else.
    """
    if _is_zip(path):
        return _npz_matrix(path)
    if path.suffix.lower() == ".npz" and path.is_file():
        raise BadInput(f"{path} is called .npz but does not begin like one.", hint=_FORMATS)
    return _table_matrix(read_table(path))


def _is_zip(path: Path) -> bool:
    try:
        if not path.is_file():
            return False  # a pipe can be read only once
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False  # the reader of tables tells why


def _npz_matrix(path: Path) -> Matrix:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > MAX_BYTES:
            raise BadInput(
                f"{path} holds {human_bytes(size)}, more than {human_bytes(MAX_BYTES)}.",
                hint="Leave out models or samples.",
            )
        with closing(np.load(path, allow_pickle=False)) as arrays:
            missing = [key for key in ("X", "models") if key not in arrays.files]
            if missing:
                found = ", ".join(arrays.files) or "nothing"
                raise BadInput(f"{path} has no {missing[0]}; it holds {found}.", hint=_KEYS)
            scores, models = arrays["X"], arrays["models"]
    except _DAMAGED as error:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise BadInput(f"{path} cannot be read: {reason}.", hint=_KEYS) from error
    _check_shapes(path, scores, models)
    return checked_matrix(str(path), _names(models), np.asarray(scores, dtype=np.float64))


def _check_shapes(path: Path, scores: Any, models: Any) -> None:  # noqa: ANN401 - a file's
    kinds = [getattr(getattr(one, "dtype", None), "kind", "?") for one in (scores, models)]
    if kinds[0] not in "biuf" or kinds[1] not in "USiu":
        raise BadInput(f"{path}: X holds no numbers, or models no names.", hint=_KEYS)
    if scores.ndim != 2 or models.shape != scores.shape[:1]:
        raise BadInput(
            f"{path}: X is {_shape(scores.shape)}, models {_shape(models.shape)}.",
            hint="X has a row for each of models.",
        )


def _shape(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape)) or "a single value"


def _names(models: Any) -> list[str]:  # noqa: ANN401 - as above
    return [
        (one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one)).strip()
        for one in models.tolist()
    ]


def _table_matrix(table: Table) -> Matrix:
    first = _name_column(table)
    columns = [column for column in table.columns if column != first]
    scores: Array = np.empty((len(table.rows), len(columns)))
    for place, row in enumerate(table.rows):
        scores[place] = [_score(table.path, row, column) for column in columns]
    return checked_matrix(
        table.path, [name_of(row.values.get(first)) for row in table.rows], scores
    )


def _name_column(table: Table) -> str:
    """The first column; pandas writes names that are its index as the last one of a Parquet."""
    texts = [
        column
        for column in table.columns
        if table.format == "Parquet" and isinstance(table.rows[0].values.get(column), str)
    ]
    return texts[0] if len(texts) == 1 else table.columns[0]


def _score(path: str, row: Row, column: str) -> float:
    value = row.values.get(column)
    if value is None or value == "":
        raise BadInput(
            f"{path}, {row.place}: there is no score in column {column!r}.",
            hint="Every model has a score of every sample: leave out samples that some lack.",
        )
    number = number_of(value)
    if number is None:
        raise BadInput(
            f"{path}, {row.place}: {str(value)[:40]!r} in column {column!r} is no score.",
            hint=f"Scores are numbers from 0 to 1. {_FORMATS}",
        )
    return number


def number_of(value: object) -> float | None:
    """A cell as a number, truths as 1 and 0; None for what is none."""
    text = str(value).strip()
    try:
        if isinstance(value, (bool, int, float)):
            return float(value)
        return _TRUTHS.get(text.lower()) if text.isalpha() else float(text)
    except (ValueError, OverflowError):
        return None


def name_of(value: object) -> str:
    """A cell as a model's name."""
    return "" if value is None else str(value).strip()
