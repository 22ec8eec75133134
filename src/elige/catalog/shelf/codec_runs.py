"""What runs showed, as rows of JSON and back."""

from collections.abc import Iterable
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any  # what JSON holds has no narrower type

from elige.records import RunResult, Speed


def run_rows(results: Iterable[RunResult]) -> list[dict[str, Any]]:
    """A row for each result, without what is as usual."""
    return [_row(one) for one in results]


def runs_of(rows: Iterable[dict[str, Any]]) -> tuple[RunResult, ...]:
    """The results that `run_rows` was given; names that a newer elige wrote are passed over.

    Raises `TypeError`, `ValueError` and the like for anything else.
    """
    return tuple(_result(dict(row)) for row in rows)


def _row(one: RunResult) -> dict[str, Any]:
    found = _told(one)
    if one.cost_per_1000 is not None:
        found["cost_per_1000"] = str(one.cost_per_1000)
    if one.speeds:
        found["speeds"] = [_told(speed) for speed in one.speeds]
    return found


def _told(one: RunResult | Speed) -> dict[str, Any]:
    """The fields that differ from their defaults, by name."""
    values = {field.name: (getattr(one, field.name), field.default) for field in fields(one)}
    return {name: value for name, (value, usual) in values.items() if _differs(value, usual)}


def _differs(value: object, usual: object) -> bool:
    return usual is MISSING or type(value) is not type(usual) or value != usual


def _result(row: dict[str, Any]) -> RunResult:
    known = {name: value for name, value in row.items() if name in _RESULT}
    if "cost_per_1000" in known:
        known["cost_per_1000"] = Decimal(known["cost_per_1000"])
    settings = tuple((str(key), str(value)) for key, value in known.pop("settings", ()))
    speeds = tuple(_speed(one) for one in known.pop("speeds", ()))
    return RunResult(**known, settings=settings, speeds=speeds)


def _speed(row: dict[str, Any]) -> Speed:
    return Speed(**{name: value for name, value in row.items() if name in _SPEED})


_RESULT = frozenset(field.name for field in fields(RunResult))
_SPEED = frozenset(field.name for field in fields(Speed))
