"""Cells of score tables: numbers as people write them, dates in names of files."""

import math
import re
from datetime import date

from elige.catalog.sources.reading import is_nothing

_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)", re.ASCII)
_LARGEST = 1e15  # no score, no price and no count of parameters comes near
_MONTH = re.compile(r"(20\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?", re.ASCII)


def number_of(cell: object, *, grouped: bool = False) -> float | None:
    """The number in a cell; None where the cell says that there is none.

    Takes a decimal comma ("95,3"), a per cent sign, and spaces between digits. With `grouped` a
    comma before exactly three digits parts thousands. Raises `ValueError` for anything else.
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        raise ValueError(f"{cell} is no number")
    if isinstance(cell, float) and math.isnan(cell):
        return None
    text = _SPACES.sub("", str(cell)).removesuffix("%").removesuffix("％")
    if is_nothing(text):
        return None
    try:
        value = float(_plain(text, grouped=grouped))
    except ValueError as error:
        raise ValueError(f"{str(cell)[:40]!r} is no number") from error
    # Python reads 1_0 as 10, and digits of every script.
    if not abs(value) <= _LARGEST or "_" in text or not text.isascii():
        raise ValueError(f"{str(cell)[:40]!r} is no number")
    return value


def percent_of(cell: object) -> float | None:
    """A number from 0 to 100, None where there is none. Raises `ValueError` for others."""
    value = number_of(cell)
    if value is not None and not 0 <= value <= 100:
        raise ValueError(f"{value:g} % is not between 0 and 100 %")
    return value


def fraction_of(cell: object) -> float | None:
    """A number from 0 to 1, None where there is none. Raises `ValueError` for others."""
    value = number_of(cell)
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{value:g} is not between 0 and 1")
    return value


def date_in(text: str) -> str:
    """The first day (ISO) that a name or a cell holds, '' for none."""
    for found in _DATE.finditer(text):
        try:
            return date(*(int(part) for part in found.groups())).isoformat()
        except ValueError:
            continue
    return ""


def month_of(text: str) -> str:
    """'2023/10' as '2023-10', a day as its ISO date, '' for anything else."""
    found = _MONTH.fullmatch(text)
    year, month, day = found.groups() if found else ("", "", "")
    try:
        first = date(int(year), int(month), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return first if day else first[:7]


def _plain(text: str, *, grouped: bool) -> str:
    if grouped and _GROUPED.fullmatch(text):
        return text.replace(",", "")
    if "," in text and "." in text:
        first, last = sorted(",.", key=text.rindex)
        return text.replace(first, "").replace(last, ".")
    return text.replace(",", ".")
