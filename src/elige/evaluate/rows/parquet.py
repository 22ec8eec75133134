"""Parquet, read with pyarrow."""

import io

from elige.errors import BadInput, MissingExtra
from elige.evaluate.rows.table import Row
from elige.evaluate.rows.values import plain_value


def parquet_rows(path: str, data: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """Column names and rows; NaN becomes None, times become text.

    Raises `MissingExtra` without pyarrow and `BadInput` for a damaged file.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise MissingExtra("Reading Parquet", extra="data") from error
    try:
        table = parquet.read_table(io.BytesIO(data))
        found = table.to_pylist()
    except (arrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise BadInput(
            f"{path} is Parquet, but damaged or cut short: {reason}.",
            hint="Copy or download it again.",
        ) from error
    names = tuple(table.column_names)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(
            f"{path}: the column {twice[0]!r} is there {names.count(twice[0])} times.",
            hint="Give every column its own name.",
        )
    if not found:
        raise BadInput(f"{path} has columns ({', '.join(names)}) but no rows.", hint="Add rows.")
    rows = [
        Row(number, 0, {name: plain_value(value) for name, value in item.items()})
        for number, item in enumerate(found, 1)
    ]
    return names, rows
