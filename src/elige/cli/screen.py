"""Where things are drawn: consoles, tables that keep to the width, JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; numbers stand on the right. An `optional` one is left out where space lacks."""

    name: str
    right: bool = True
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as plain text, the row's style, and a text that stands below, as wide as it likes."""

    cells: tuple[str, ...]
    style: str = ""
    below: str = ""


def stdout_console() -> Console:
    """Where answers go: as wide as the terminal; 80 columns, or what COLUMNS says, in a pipe."""
    return Console(highlight=False)


def stderr_console() -> Console:
    """Where the talk goes."""
    return Console(stderr=True, highlight=False)


def print_json(facts: Any) -> None:  # noqa: ANN401 - anything JSON can hold
    """One JSON value on stdout; letters are escaped where the encoding may lack them."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(facts, ensure_ascii=not is_unicode, indent=2, default=str)
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")


def print_rows(console: Console, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Rows under their headings, never wrapped within a cell.

    Where the width does not suffice, first the first column gets a line of its own, then the
    optional columns are left out.
    """
    kept = list(range(len(columns)))
    few = [place for place in kept if not columns[place].optional]
    width = [_width(column, rows, place) for place, column in enumerate(columns)]
    layouts = [(kept, False), (few, False), (kept, True), (few, True)]
    fits = (one for one in layouts if _total([width[at] for at in one[0]], one[1]) <= console.width)
    shown, stacked = next(fits, (few, True))
    widths = [width[place] for place in shown]
    head = Row(tuple(column.name for column in columns), "bold")
    for row in (head, *rows):
        for line in _lines(row, columns, shown, widths, stacked):
            console.print(Text(line, style=row.style), no_wrap=True, crop=False, overflow="ignore")
        if row.below:
            for part in Text(row.below).wrap(console, max(20, console.width - _GAP)):
                console.print(" " * _GAP + part.plain.rstrip(), markup=False)


def print_hanging(console: Console, lead: Text, words: Text) -> None:
    """`words` behind `lead`; where the terminal ends, they go on below their own beginning."""
    for part in words.wrap(console, max(30, console.width - lead.cell_len)):
        part.rstrip()
        line = Text.assemble(lead, part)
        console.print(line, no_wrap=True, crop=False, overflow="ignore")
        lead = Text(" " * lead.cell_len)


def _width(column: Column, rows: Sequence[Row], place: int) -> int:
    return max(cell_len(text) for text in (column.name, *(row.cells[place] for row in rows)))


def _total(widths: Sequence[int], stacked: bool) -> int:
    if stacked:
        return max(widths[0], sum(width + _GAP for width in widths[1:]))
    return sum(widths) + _GAP * (len(widths) - 1)


def _lines(
    row: Row, columns: Sequence[Column], shown: Sequence[int], widths: Sequence[int], stacked: bool
) -> list[str]:
    cells = [
        _padded(row.cells[place], width, columns[place].right)
        for place, width in zip(shown, widths, strict=True)
    ]
    if stacked:
        return [row.cells[0], (" " * _GAP + (" " * _GAP).join(cells[1:])).rstrip()]
    return [(" " * _GAP).join(cells).rstrip()]


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def shortened_name(name: str, width: int) -> str:
    """`name` in at most `width` letters, its beginning and its end kept."""
    if len(name) <= width:
        return name
    tail = (width - 1) // 2
    return f"{name[: width - 1 - tail]}…{name[len(name) - tail :]}"
