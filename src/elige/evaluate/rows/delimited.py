"""CSV and its relatives: the delimiter is found out, every row is held to the header."""

import csv
import io
from dataclasses import dataclass

from elige.errors import BadInput
from elige.evaluate.rows.table import Row

DELIMITERS = {",": "CSV", "\t": "TSV", ";": "CSV with ;", "|": "CSV with |"}
MAX_LINE = 64_000_000
_TRIED_ROWS = 50


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str]


def delimited_rows(
    path: str, text: str, *, tabs: bool = False, columns: tuple[str, ...] = ()
) -> tuple[str, tuple[str, ...], list[Row]]:
    """Format, column names and rows; `tabs` prefers the tab (the file is called .tsv).

    `columns` are the names where the file has no header: its first line is a row then.

    Raises `BadInput` with the line for an unclosed quote, a row that does not fit the header,
    a column named twice, and a header without rows.
    """
    refuse_huge_lines(path, text)
    delimiter = _delimiter(text, tabs=tabs)
    records = _records(path, text, delimiter)
    if not records:
        raise BadInput(f"{path} is empty.", hint="Give a file with a header and rows.")
    header = _Record(0, list(columns)) if columns else records[0]
    names = _names(path, header)
    body = [
        record
        for record in records[0 if columns else 1 :]
        if any(cell.strip() for cell in record.cells)
    ]
    if not body:
        raise BadInput(
            f"{path} has a header ({', '.join(names)}) but no rows.", hint="Add rows below it."
        )
    rows = [_row(path, names, record, number) for number, record in enumerate(body, 1)]
    return DELIMITERS[delimiter], names, rows


def refuse_huge_lines(path: str, text: str) -> None:
    """Raise `BadInput` when a line is longer than anything that can be a question."""
    if len(text) <= MAX_LINE:
        return
    start, line = 0, 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > MAX_LINE:
            raise BadInput(
                f"{path}, line {line} is {end - start:,} characters long; "
                f"the limit is {MAX_LINE:,}.",
                hint="Give one example a line, or save the file as Parquet.",
            )
        start, line = end + 1, line + 1


def _delimiter(text: str, *, tabs: bool) -> str:
    """The delimiter that splits the header and keeps the next rows equally wide."""
    if tabs and "\t" in text.partition("\n")[0]:
        return "\t"
    best, best_rank = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = _first_widths(text, delimiter)
        if not widths or widths[0] < 2:
            continue
        rank = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def _first_widths(text: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(_lines(text), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
            if len(widths) >= _TRIED_ROWS:
                break
    except csv.Error:
        pass
    return widths


def _lines(text: str) -> io.StringIO:
    csv.field_size_limit(MAX_LINE)
    return io.StringIO(text, newline="")


def _records(path: str, text: str, delimiter: str) -> list[_Record]:
    records: list[_Record] = []
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                records.append(_Record(line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        unquoted = _without_quotes(text) if delimiter == "\t" else None
        if unquoted is not None:
            return unquoted
        raise _broken(path, line, str(error)) from error
    return records


def _without_quotes(text: str) -> list[_Record] | None:
    """Tab-separated rows where a quote is a letter like any other, if they are equally wide.

    The registered type text/tab-separated-values (IANA) knows no quoting.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    records = [_Record(n, line.split("\t")) for n, line in enumerate(lines, 1) if line]
    widths = {len(record.cells) for record in records}
    return records if len(widths) == 1 else None


def _broken(path: str, line: int, error: str) -> BadInput:
    if "end of data" in error:
        return BadInput(
            f'{path}, line {line}: a quote (") opens here and is never closed.',
            hint='Close it, or write a quote inside a quoted field twice ("").',
        )
    if "field larger" in error:
        return BadInput(
            f"{path}, line {line}: a field has more than {MAX_LINE:,} characters.",
            hint='Most likely a quote (") is never closed.',
        )
    return BadInput(
        f"{path}, line {line}: the quotes are broken ({error}).",
        hint='Write a quote inside a quoted field twice ("").',
    )


def _names(path: str, header: _Record) -> tuple[str, ...]:
    names = [cell.strip() for cell in header.cells]
    while len(names) > 1 and not names[-1]:
        names.pop()
    named = [name or f"Unnamed: {place}" for place, name in enumerate(names)]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise BadInput(
            f"{path}, line {header.line}: the column {twice[0]!r} is there "
            f"{named.count(twice[0])} times.",
            hint="Give every column its own name.",
        )
    return tuple(named)


def _row(path: str, names: tuple[str, ...], record: _Record, number: int) -> Row:
    cells = record.cells
    while len(cells) > len(names) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(names):
        more = "more" if len(cells) > len(names) else "fewer"
        raise BadInput(
            f"{path}, line {record.line}: {len(cells)} fields, {more} than the {len(names)} "
            "of the header.",
            hint='Put quotes (") around a text that holds the delimiter or a line break.',
        )
    return Row(number, record.line, dict(zip(names, cells, strict=True)))
