"""Amounts as people read them: points, counts, scores out of 100, money."""

from collections.abc import Sequence
from decimal import Decimal

from elige.records import Interval


def points(value: float) -> str:
    """A distance between scores in hundredths: 0.01 is '1 point', 0.005 '0.5 points'."""
    text = f"{round(abs(value) * 100, 2):g}"
    return f"{text} point" if text == "1" else f"{text} points"


def count(number: int, noun: str) -> str:
    """'1 sample', '1,900 samples'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def score(value: float) -> str:
    """A score in [0, 1] out of 100, with one decimal: 0.623 is '62.3'."""
    return f"{value * 100:.1f}"


def among(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def between(interval: Interval) -> str:
    """Where a difference lies: 'between 3.1 and 13 points below', '... below and ... above'."""
    low, high = interval
    if high <= 0:
        return f"between {_number(high)} and {_points(low)} below"
    if low >= 0:
        return f"between {_number(low)} and {_points(high)} above"
    return f"between {_points(low)} below and {_points(high)} above"


def rough(number: int) -> str:
    """`number` to two digits, for estimates: 1873 is '1,900'."""
    return f"{int(float(f'{number:.2g}')):,}"


def money(amount: Decimal) -> str:
    """US dollars, below one to three digits: '$0.00123', '$12.30'."""
    if amount == 0:
        return "$0"
    if abs(amount) >= 1:
        return f"${amount:,.2f}"
    places = 2 - amount.adjusted()
    return f"${amount:.{places}f}"


def _number(value: float) -> str:
    return f"{round(abs(value) * 100, 1):g}"


def _points(value: float) -> str:
    return points(round(value, 3))
