"""Scorer options as text, turned into values at the door."""

import json
from collections.abc import Sequence

from elige.errors import BadInput
from elige.text import nearest

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


def flag(option: str, value: str | bool) -> bool:
    """`value` as yes or no; raises `BadInput` for any other word."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadInput(
        f"The scorer option {option} is {value!r}, which is neither true nor false.",
        hint=f"Write {option}=true or {option}=false.",
    )


def one_of(option: str, value: str, known: Sequence[str]) -> str:
    """`value` if it is one of `known`; raises `BadInput` otherwise."""
    word = value.strip().lower()
    if word in known:
        return word
    raise BadInput(
        f"The scorer option {option} is {value!r}, which it does not know.",
        hint=nearest(word, known) or f"Known: {', '.join(known)}.",
    )


def amount(option: str, value: str | float) -> float:
    """`value` as a finite number of at least zero; raises `BadInput` otherwise."""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if 0.0 <= number < float("inf"):
        return number
    raise BadInput(
        f"The scorer option {option} is {value!r}, which is no number of at least zero.",
        hint=f"Write for example {option}=0.01.",
    )


def words(option: str, value: str | Sequence[str]) -> tuple[str, ...]:
    """A list given as a JSON array of texts or separated by commas, without duplicates."""
    if not isinstance(value, str):
        return tuple(dict.fromkeys(value))
    text = value.strip()
    if not text.startswith("["):
        parts = (part.strip() for part in text.split(","))
        return tuple(dict.fromkeys(part for part in parts if part))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list) and all(isinstance(part, str) for part in found):
        return tuple(dict.fromkeys(found))
    raise BadInput(
        f"The scorer option {option} is {value!r}, which is no list of texts.",
        hint=f'Write {option}=a,b,c or {option}=["a","b","c"].',
    )


def whole(option: str, value: str | int, *, least: int, most: int) -> int:
    """`value` as a whole number from `least` to `most`; raises `BadInput` otherwise."""
    text = str(value).strip()
    if text.isdecimal() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise BadInput(
        f"The scorer option {option} is {value!r}, which is no whole number "
        f"from {least} to {most}.",
        hint=f"Write for example {option}={least}.",
    )


def ways_of(
    option: str, value: str | Sequence[str], *, known: Sequence[str], auto: Sequence[str]
) -> tuple[str, ...]:
    """A list of known ways in the order they are tried; auto stands for several.

    Raises `BadInput` for an unknown one, or for none.
    """
    said = words(option, value.lower() if isinstance(value, str) else value)
    ways = [
        way
        for word in said
        for way in (auto if word == "auto" else (one_of(option, word, (*known, "auto")),))
    ]
    if ways:
        return tuple(dict.fromkeys(ways))
    raise BadInput(
        f"The scorer option {option} names nothing.", hint=f"Known: auto, {', '.join(known)}."
    )
