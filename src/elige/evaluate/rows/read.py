"""One table out of any file: what is inside decides, the name only helps."""

import json
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.rows.content import Content, read_content
from elige.evaluate.rows.decode import decoded
from elige.evaluate.rows.delimited import DELIMITERS, delimited_rows
from elige.evaluate.rows.objects import document_rows, line_rows, looks_like_lines
from elige.evaluate.rows.parquet import parquet_rows
from elige.evaluate.rows.table import Row, Table

_LINES = {".jsonl", ".ndjson", ".jsonlines"}
_DELIMITED = {".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ""}


def read_table(path: Path, encoding: str = "", columns: tuple[str, ...] = ()) -> Table:
    """The rows of the file at `path`; `columns` names those of a CSV file without a header.

    Raises `BadInput` in one line for anything that cannot be read whole, with the line of the
    file and the next step; `MissingExtra` for Parquet without pyarrow.
    """
    table = _read(read_content(path), path, encoding, columns)
    if columns and table.format in {"JSON", "JSONL", "Parquet"}:
        raise BadInput(
            f"{path} is {table.format}, which names its own columns.", hint="Leave out --columns."
        )
    return table


def _read(content: Content, path: Path, encoding: str, columns: tuple[str, ...]) -> Table:
    if content.is_parquet:
        names, rows = parquet_rows(content.path, content.data)
        return _table(content, "Parquet", names, rows)
    if content.suffix in {".parquet", ".pq"}:
        raise BadInput(
            f"{path} is called Parquet but does not begin like it.",
            hint="Copy or download it again, or give it the suffix of what it is.",
        )
    return _text_table(content, decoded(content, encoding), columns)


def is_mapping(path: Path) -> bool:
    """Whether a .json file is an object whose `data` names a file: a task file, not data."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and isinstance(value.get("data"), str)


def _text_table(content: Content, text: str, columns: tuple[str, ...]) -> Table:
    path, start = content.path, text.lstrip()[:1]
    by_name = content.suffix in _LINES or content.suffix == ".json"
    if looks_like_lines(text) or (content.suffix in _LINES and start != "["):
        return _table(content, "JSONL", (), line_rows(path, text))
    if by_name or (start in {"[", "{"} and content.suffix not in _DELIMITED):
        return _table(content, "JSON", (), document_rows(path, text))
    if start == "[" and text.lstrip()[1:].lstrip()[:1] == "{":
        return _table(content, "JSON", (), document_rows(path, text))
    if content.suffix not in _DELIMITED and not _has_delimiter(text):
        raise BadInput(
            f"{path} ({content.suffix}) is in no format that is known here.",
            hint="Give CSV, TSV, JSONL, JSON or Parquet, packed with gzip or not.",
        )
    tabs = content.suffix in {".tsv", ".tab"}
    name, names, rows = delimited_rows(path, text, tabs=tabs, columns=columns)
    return _table(content, name, names, rows)


def _has_delimiter(text: str) -> bool:
    header = text.lstrip().partition("\n")[0]
    return any(delimiter in header for delimiter in DELIMITERS)


def _table(content: Content, name: str, columns: tuple[str, ...], rows: list[Row]) -> Table:
    found = columns or tuple(dict.fromkeys(key for row in rows for key in row.values))
    return Table(
        path=content.path,
        format=name,
        columns=found,
        rows=tuple(rows),
        data_hash=content.data_hash,
    )
