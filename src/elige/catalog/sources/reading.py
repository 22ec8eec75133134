"""Values as sources have them, made clean: what cannot be meant is left out, never guessed."""

import math
import re
from datetime import UTC, date, datetime
from functools import lru_cache

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NAME = re.compile(r"[\w.\-~+:() \[\]]+(?:/[\w.\-~+:() \[\]]+)?")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NOTHING = frozenset({"", "none", "null", "nan", "n/a", "unknown", "[]", "{}"})
_LONGEST = 400
_LARGEST = 2**62


def text(value: object) -> str:
    """One line of at most 400 letters, '' for what says nothing."""
    return _line(value) if isinstance(value, str) else ""


@lru_cache(maxsize=100_000)  # tags and names come back by the million
def _line(value: str) -> str:
    line = " ".join(_CONTROL.sub(" ", value).split())[:_LONGEST]
    return "" if line.lower() in _NOTHING else line


def whole(value: object, *, least: int = 0) -> int | None:
    """A whole number of at least `least`; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        try:
            value = float(value) if not value.strip().isdecimal() else int(value)
        except ValueError:
            return None
    if isinstance(value, float):
        if not math.isfinite(value) or value != int(value):
            return None
        value = int(value)
    if not isinstance(value, int) or not least <= value <= _LARGEST:
        return None
    return value


def texts(value: object) -> tuple[str, ...]:
    """Each text once, in their order; one text counts as a list of one."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return ()
    return tuple(
        dict.fromkeys(found for one in value if isinstance(one, str) and (found := _line(one)))
    )


def day(value: object) -> str:
    """The ISO date of a moment, in UTC; '' for what is none."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _day(value[:10]) if isinstance(value, str) else ""


@lru_cache(maxsize=20_000)
def _day(value: str) -> str:
    found = _DAY.match(value)
    if found is None:
        return ""
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return ""


def hub_name(value: object) -> str:
    """A hub model's name (`org/name`, or one word of the early days); '' for what is none."""
    return _hub_name(value) if isinstance(value, str) else ""


@lru_cache(maxsize=50_000)  # parents come back
def _hub_name(value: str) -> str:
    name = value.strip()
    return name if len(name) <= _LONGEST and _NAME.fullmatch(name) else ""
