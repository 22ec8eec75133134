"""Rows of a published table, csv or parquet, none lost without a word."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # what a cell of a parquet file holds

from elige.catalog.sources.json_files import MOST_BYTES, decoded, flaw
from elige.catalog.sources.packed import bytes_of
from elige.errors import BadInput, MissingExtra
from elige.records import Broken, Place
from elige.text import one_line

_ASIDE = re.compile(r"\(.*?\)")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row: where it stands, and its cells by the heading's letters and digits."""

    where: str
    cells: dict[str, Any] = field(repr=False)

    def first(self, *names: str) -> Any:  # noqa: ANN401 - a parquet file holds anything
        """The first of these columns that says something; None where none does."""
        found = (self.cells.get(name) for name in names)
        return next((one for one in found if one is not None and one != ""), None)


def tables_at(place: Place, source: str) -> list[Path]:
    """The csv and parquet files at `place`. Raises `BadInput` where there are none."""
    path = place.path
    if path is None:
        raise BadInput(
            f"{source} is read from files, and none is named.", hint="Name one: --from FILE.csv"
        )
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if _is_table(one))
        if not found:
            raise BadInput(
                f"The folder {path} holds no .csv and no .parquet file.",
                hint="Name the file itself: --from FILE.csv",
            )
        return found
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", hint="Name a csv or parquet file.")
    return [path]


def boards_at(
    place: Place, source: str, lacks: Callable[[set[str]], str], *, hint: str
) -> Iterator[tuple[Path, set[str]] | Broken]:
    """The tables at `place` that lack nothing, each with its headings.

    `lacks` says what a table with these headings has not, '' for nothing. In a folder the others
    are named as broken. Raises `BadInput` for a file that is none, and for a folder without any.
    """
    count, folder = 0, place.path
    for path in tables_at(place, source):
        try:
            heads = headings_of(path)
            if missing := lacks(heads):
                raise BadInput(f"{path} has no {missing}.", hint=hint)
        except BadInput as error:
            if folder is None or path == folder:
                raise
            why = str(error).removeprefix(f"{path} ").rstrip(".")
            yield Broken(where=str(path.relative_to(folder)), why=f"it {why}")
            continue
        count += 1
        yield path, heads
    if not count:
        raise BadInput(f"No table in the folder {folder} is of {source}.", hint=hint)


def headings_of(path: Path) -> set[str]:
    """The headings' letters and digits. Raises `BadInput` for a file that is no table."""
    if path.suffix == ".parquet":
        return {heading(name) for name in _parquet(path).schema_arrow.names}
    return set(_csv_head(path)[0])


def rows_of(path: Path) -> Iterator[TableRow | Broken]:
    """Every row; one whose cells do not match the headings is named as broken."""
    return _parquet_rows(path) if path.suffix == ".parquet" else _csv_rows(path)


def heading(name: str) -> str:
    """A heading without case, signs, emoji, and what stands in parentheses."""
    return _NO_LETTER.sub("", _ASIDE.sub("", name).lower())


def _is_table(path: Path) -> bool:
    return path.suffix in {".csv", ".tsv", ".parquet"} and path.is_file()


def _csv_rows(path: Path) -> Iterator[TableRow | Broken]:
    names, delimiter, text = _csv_head(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    while True:
        begin = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Broken(where=f"{path.name}, line {begin}", why=str(error))
            continue
        where = f"{path.name}, line {begin}"
        if reader.line_num > begin and any("\n" in cell for cell in cells):
            where = f"{path.name}, lines {begin} to {reader.line_num}"
            yield Broken(
                where=where, why="one cell goes over lines: a quotation mark is not closed"
            )
        elif len(cells) != len(names) and any(cells):
            why = f"{len(cells)} cells under {len(names)} headings"
            yield Broken(where=where, why=why)
        elif any(cells):
            yield _row(where, names, cells)


def _csv_head(path: Path) -> tuple[list[str], str, str]:
    """The headings, what stands between cells, and the whole text."""
    raw = bytes_of(path, most=MOST_BYTES)
    text = decoded(raw)
    if "\x00" in text[:4096] or not text.strip():
        what = "empty" if not raw.strip() else "no csv file"
        raise BadInput(f"{path} is {what}.", hint="Name a csv or parquet file of scores.")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    names = next(csv.reader([first.rstrip("\r")], delimiter=delimiter), [])
    return [heading(name) for name in names], delimiter, text


def _parquet_rows(path: Path) -> Iterator[TableRow | Broken]:
    file, at = _parquet(path), 0
    names = [heading(name) for name in file.schema_arrow.names]
    for group in range(file.num_row_groups):
        try:
            columns = [one.to_pylist() for one in file.read_row_group(group).columns]
        except (OSError, ValueError, NotImplementedError, OverflowError) as error:
            yield Broken(where=f"{path.name}, row group {group}", why=one_line(error))
            at += file.metadata.row_group(group).num_rows
            continue
        for row in zip(*columns, strict=True):
            at += 1
            yield _row(f"{path.name}, row {at}", names, row)


def _row(where: str, names: list[str], cells: Sequence[Any]) -> TableRow | Broken:
    """The row, where each of its headings says one thing and its text is one."""
    found = dict(zip(names, cells, strict=True))
    if why := flaw([one for one in cells if isinstance(one, str)]):
        return Broken(where=where, why=why)
    for name, cell in zip(names, cells, strict=True):
        if name and cell != found[name] and cell == cell:  # NaN is not itself
            why = f"the heading {name} stands there twice and says two things"
            return Broken(where=where, why=why)
    return TableRow(where=where, cells=found)


def _parquet(path: Path) -> Any:  # noqa: ANN401 - pyarrow has no types
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise MissingExtra("Reading parquet files", extra="data") from error
    try:
        return ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise BadInput(
            f"{path} is no parquet file: {one_line(error)}", hint="Download it again."
        ) from error
