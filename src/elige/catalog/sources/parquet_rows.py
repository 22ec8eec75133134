"""Rows of a Parquet file as Python's own values, column by column: a third of pyarrow's time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any  # pyarrow has no types


def leaves(schema: Any, columns: Iterable[str], within: Mapping[str, Iterable[str]]) -> list[str]:  # noqa: ANN401 - as above
    """Those of `columns` that are there; of a struct in `within` only the fields named there."""
    import pyarrow.types as types

    found: list[str] = []
    for name in columns:
        if name not in schema.names:
            continue
        kind = schema.field(name).type
        if name in within and types.is_struct(kind):
            fields = {kind.field(at).name for at in range(kind.num_fields)}
            found += [f"{name}.{field}" for field in within[name] if field in fields]
        else:
            found.append(name)
    return found


def rows(batch: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - as above
    """The batch by rows; a moment is its ISO date in UTC, None where no calendar has it."""
    names = batch.schema.names
    columns = [_values(column) for column in batch.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _values(column: Any) -> list[object]:  # noqa: ANN401 - as above
    import pyarrow
    import pyarrow.types as types

    kind = column.type
    try:
        if types.is_list(kind) and types.is_string(kind.value_type):
            return _lists(column)
        if types.is_timestamp(kind):
            return _days(column)
        found: list[object] = column.to_pylist()
    except (pyarrow.ArrowException, OverflowError, ValueError):
        return [one_value(one) for one in column]
    return found


def _lists(column: Any) -> list[object]:  # noqa: ANN401 - as above
    """Lists of texts, cut out of one list of all."""
    # pyarrow's ways to NumPy import pandas, which takes longer than a small file.
    ends: list[int] = column.offsets.to_pylist()
    there: list[bool] = column.is_valid().to_pylist()
    first = ends[0]
    every = column.values.slice(first, ends[-1] - first).to_pylist()
    return [
        every[begin - first : end - first] if is_there else None
        for begin, end, is_there in zip(ends, ends[1:], there, strict=False)
    ]


def _days(column: Any) -> list[object]:  # noqa: ANN401 - as above
    import pyarrow

    # Whatever zone it is shown in, a moment is kept in UTC.
    moments = column.cast(pyarrow.int64()).cast(pyarrow.timestamp(column.type.unit))
    found: list[object] = moments.cast(pyarrow.date32()).cast(pyarrow.string()).to_pylist()
    return found


def one_value(one: Any) -> object:  # noqa: ANN401 - as above
    """One of pyarrow's values as Python's own; None where Python has none."""
    try:
        return one.as_py()
    except (OverflowError, ValueError):
        return None
