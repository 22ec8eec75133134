"""The hub-stats dump: every public model of the hub, one row each, as Parquet."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any  # pyarrow has no types

from elige.catalog.sources.hub_record import entry_of, needs_files
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place

_COLUMNS = (
    *("id", "author", "createdAt", "lastModified", "gated", "downloads", "likes"),
    *("library_name", "pipeline_tag", "tags", "config", "cardData", "baseModels"),
    *("safetensors", "gguf"),
)
_FILES = "siblings"
_ROWS = 5_000


class HubStats:
    """Reads `models.parquet`; memory is bounded by a batch of rows."""

    name = "hub-stats"
    title = "Hub statistics (all public models)"
    address = "https://huggingface.co/datasets/cfahlgren1/hub-stats"
    download = f"{address}/resolve/main/models.parquet"
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = MappingProxyType(
        {Column.DOWNLOADS: FactKind.PUBLISHED, Column.LIKES: FactKind.PUBLISHED}
    )

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """Every row; raises `BadInput` for a file that is no such Parquet."""
        if place.path is None:
            raise BadInput(
                "hub-stats is read from a file.",
                hint=f"Download models.parquet from {self.address}, then give --from FILE.",
            )
        at = 0
        for rows in _batches(place.path):
            for row in rows:
                at += 1
                try:
                    yield entry_of(row, self.name)
                except ValueError as error:
                    yield Broken(where=f"{place.path.name}, row {at}", why=str(error))


def _batches(path: Path) -> Iterator[list[dict[str, object]]]:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise BadInput(
            f"Reading {path.name} needs pyarrow, which is not installed.",
            hint="Install it with: pip install 'elige[data]'",
        ) from error
    try:
        with parquet.ParquetFile(path) as file:
            wanted = [name for name in (*_COLUMNS, _FILES) if name in file.schema_arrow.names]
            if "id" not in wanted:
                raise BadInput(
                    f"{path.name} has no column id, so it is no list of hub models.",
                    hint="Give the models.parquet of hub-stats.",
                )
            for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
                yield _rows(batch)
    except (pyarrow.ArrowException, OSError) as error:
        raise BadInput(
            f"{path} cannot be read as Parquet: {str(error).splitlines()[0][:200]}.",
            hint="Download it again.",
        ) from error


def _rows(batch: Any) -> list[dict[str, object]]:  # noqa: ANN401 - pyarrow has no types
    """The batch by rows; a moment that no calendar has is left out, not the row."""
    names = [name for name in batch.schema.names if name != _FILES]
    columns = [_values(batch.column(name)) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    if _FILES in batch.schema.names:
        files = batch.column(_FILES)
        for at, row in enumerate(rows):
            if needs_files(row.get("tags")):  # most need not: a row has a dozen files
                row[_FILES] = _value(files[at])
    return rows


def _values(column: Any) -> list[object]:  # noqa: ANN401 - pyarrow has no types
    try:
        found: list[object] = column.to_pylist()
    except (OverflowError, ValueError):
        return [_value(one) for one in column]
    return found


def _value(one: Any) -> object:  # noqa: ANN401 - pyarrow has no types
    try:
        return one.as_py()
    except (OverflowError, ValueError):
        return None
