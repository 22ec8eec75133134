"""Values as sources have them, made clean: what cannot be meant is left out, never guessed.

Every source takes its texts, numbers and dates from here, so that what a stranger writes reaches
neither a terminal nor a page as anything but plain letters.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any  # what JSON, YAML and TOML hold has no narrower type

from elige.catalog.remembered import Remembered
from elige.records import Column, Value

# Orders to a terminal, whole: CSI and OSC sequences, and the short ones (ECMA-48, 5.4 and 5.6).
_ORDER = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-Z\\^-~]?"
)
# Letters that are never seen: Default_Ignorable_Code_Point (DerivedCoreProperties.txt, Unicode
# 16), which has the marks of direction and of no width, tags, fillers and selectors; the braille
# blank; and the interlinear marks.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NAME = re.compile(r"[\w.\-~+:() \[\]]+(?:/[\w.\-~+:() \[\]]+)?")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_PART = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{0,40})?(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s\"'<>`]+", re.IGNORECASE)
_EMPTY = frozenset({"", "none", "null", "n/a", "unknown", "[]", "{}"})
_NOTHING = _EMPTY | {"-", "--", "–", "—", "?", "na", "nan", "nil", "pending", "tbd"}
_LONGEST, _LONGEST_NAME = 400, 200
MOST_TEXTS = 1_000
_LARGEST = 2**53  # beyond it a float is no count
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
# A hundred times what there is in 2026 at the least; what goes beyond was never counted.
_MOST_MEANT = {
    **dict.fromkeys((Column.PARAMETERS, Column.ACTIVE_PARAMETERS, Column.SIZE_BYTES), 10**16),
    **dict.fromkeys((Column.CONTEXT, Column.MAX_OUTPUT, Column.VOCABULARY), 10**10),
    **dict.fromkeys((Column.HIDDEN, Column.HEADS, Column.KV_HEADS, Column.HEAD_DIM), 10**8),
    Column.LAYERS: 10**5,
    Column.DOWNLOADS: 10**13,
    Column.LIKES: 10**10,
}


def text(value: object) -> str:
    """One line of at most 400 letters that can be seen; '' for what says nothing or is no text."""
    return _TEXTS[value] if isinstance(value, str) else ""


def _text(value: str) -> str:
    found = _LINES[value]
    return "" if found.lower() in _NOTHING else found


def text_of(cell: object) -> str:
    """The same of a table's cell, which may hold a number: then its digits are the text."""
    return text(str(cell)) if isinstance(cell, str | int | float | Decimal | date) else ""


def texts(value: object) -> tuple[str, ...]:
    """Each text once, in their order, a thousand at most; one text counts as a list of one.

    In a list `na` and `nan` are languages.
    """
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return ()
    lines = (_LINES[one] for one in value[:MOST_TEXTS] if isinstance(one, str))
    return tuple(dict.fromkeys(one for one in lines if not is_empty(one)))


def is_empty(told: str) -> bool:
    """Whether a text in a list only says that there is nothing to say; 'na' and 'nan' do not."""
    return told.lower() in _EMPTY


def is_nothing(told: str) -> bool:
    """Whether a text only says that there is nothing to say."""
    return told.lower() in _NOTHING


def whole(value: object, *, least: int = 0) -> int | None:
    """A whole number of at least `least`, also of a text; None for anything else."""
    if type(value) is int:  # as nearly all are
        return value if least <= value <= _LARGEST else None
    if isinstance(value, str):
        value = Decimal(value.strip()) if _NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, Decimal) and not value.is_finite():  # it would refuse to be compared
        return None
    # Bounds come first: making an int of Decimal("1e999999999") would never end.
    return int(value) if least <= value <= _LARGEST and value == int(value) else None


def day(value: object) -> str:
    """The ISO date of a moment, in UTC; '' for what is none, or none of a model."""
    return _DAYS[value] if isinstance(value, str | date) else ""


def _day(value: str | date) -> str:
    try:
        if isinstance(value, datetime):
            value = (value.astimezone(UTC) if value.tzinfo else value).date()
        elif isinstance(value, str):
            found = _DAY.match(value)
            value = date(*map(int, found.groups())) if found else date.min
        return value.isoformat() if _FIRST_YEAR <= value.year <= _LAST_YEAR else ""
    except (ValueError, OverflowError):
        return ""


def partial_day(value: object) -> str:
    """An ISO date, or the month or year where no more is told; '' for anything else."""
    found = day(value) if isinstance(value, date) else text(value)
    return found if _PART.fullmatch(found) and day(f"{found}-01-01"[:10]) else ""


def link(value: object) -> str:
    """A web address; '' for anything else, such as what would run in a page."""
    found = text(value)
    return found if _LINK.fullmatch(found) and len(found) < _LONGEST else ""


def name_of(value: object) -> str:
    """A text that can name something, of at most 200 letters; '' for anything else."""
    found = text(value)
    return found if len(found) <= _LONGEST_NAME else ""


def hub_name(value: object) -> str:
    """A hub model's name (`org/name`, or one word of the early days); '' for what is none."""
    return _HUB_NAMES[value] if isinstance(value, str) else ""


def _hub_name(value: str) -> str:
    name = value.strip()
    is_name = len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None
    return name if is_name and not is_nothing(name) and not _UNSEEN.search(name) else ""


def said(values: Mapping[Column, Value | None]) -> dict[Column, Value]:
    """The values that say something; a number that nobody can mean is left out."""
    return {
        column: value
        for column, value in values.items()
        if value not in (None, "", ())
        and not (isinstance(value, int) and value > _MOST_MEANT.get(column, value))
    }


def mapping(value: object) -> Mapping[str, Any]:
    """An object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def line(value: str) -> str:
    """The same where it says nothing too."""
    if not value.isascii() or not value.isprintable():
        value = _UNSEEN.sub("", _ORDER.sub("", value))
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(value.split())[:_LONGEST].rstrip()


_LINES = Remembered(line, 100_000)
_TEXTS = Remembered(_text, 50_000)
_DAYS = Remembered[str | date, str](_day, 20_000)
_HUB_NAMES = Remembered(_hub_name, 50_000)
