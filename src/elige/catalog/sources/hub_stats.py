"""The hub-stats dump: every public model of the hub, one row each, as Parquet."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Any  # pyarrow has no types

from elige.catalog.sources.hub_record import entries_of, needs_files
from elige.catalog.sources.parquet_rows import leaves, one_value, rows
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place

_COLUMNS = (
    *("id", "author", "createdAt", "lastModified", "gated", "downloads", "likes"),
    *("library_name", "pipeline_tag", "tags", "config", "cardData", "baseModels"),
    *("safetensors", "gguf"),
)
# Of these, which are structs, nothing else is used.
_FIELDS = {"safetensors": ("total",), "gguf": ("total", "context_length", "architecture")}
_FILES = "siblings"
_ROWS = 5_000
_AT_ONCE = 32


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
        return self.read_parts(place, 0, None)

    def parts(self, place: Place) -> Sequence[int]:
        """How many rows each part of the file has; raises `BadInput` as `read` does."""
        with _file(place) as file:
            return _sizes(file)

    def read_parts(self, place: Place, first: int, last: int | None) -> Iterator[Entry | Broken]:
        """The rows of the parts from `first` up to `last`, None being no bound."""
        with _file(place) as file:
            sizes, wanted = _sizes(file), leaves(file.schema_arrow, (*_COLUMNS, _FILES), _FIELDS)
            parts = list(range(len(sizes)))[first:last]
            batches = file.iter_batches(batch_size=_ROWS, row_groups=parts, columns=wanted)
            found = (row for batch in batches for row in _rows(batch))
            name = place.path.name if place.path else ""
            numbered = enumerate(found, start=sum(sizes[:first]) + 1)
            while block := list(islice(numbered, _AT_ONCE)):
                made = entries_of([row for _, row in block], self.name)
                for (at, _), one in zip(block, made, strict=True):
                    yield (
                        one
                        if isinstance(one, Entry)
                        else Broken(where=f"{name}, row {at}", why=one)
                    )


def _rows(batch: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - pyarrow has no types
    """The rows, with their files where these are looked at: a row has a dozen."""
    names = batch.schema.names
    if _FILES not in names:
        yield from rows(batch)
        return
    files = batch.column(_FILES)
    for at, row in enumerate(rows(batch.select([name for name in names if name != _FILES]))):
        if needs_files(row.get("tags")):
            row[_FILES] = one_value(files[at])
        yield row


def _sizes(file: Any) -> list[int]:  # noqa: ANN401 - pyarrow has no types
    data = file.metadata
    return [data.row_group(at).num_rows for at in range(data.num_row_groups)]


@contextmanager
def _file(place: Place) -> Iterator[Any]:
    """The Parquet file at `place`; what pyarrow raises within is `BadInput`."""
    path = place.path
    if path is None:
        raise BadInput(
            "hub-stats is read from a file.",
            hint=f"Download models.parquet from {HubStats.address}, then give --from FILE.",
        )
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
            if "id" not in file.schema_arrow.names:
                raise BadInput(
                    f"{path.name} has no column id, so it is no list of hub models.",
                    hint="Give the models.parquet of hub-stats.",
                )
            yield file
    except (pyarrow.ArrowException, OSError) as error:
        raise BadInput(
            f"{path} cannot be read as Parquet: {str(error).splitlines()[0][:200].rstrip('. ')}.",
            hint="Give the models.parquet of hub-stats, or download it again.",
        ) from error
