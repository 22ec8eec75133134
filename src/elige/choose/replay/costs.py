"""What one answer of each model costs, out of a file, in one unit or several."""

import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from elige.choose.replay.files import name_of, number_of
from elige.errors import BadInput
from elige.evaluate.rows import Table, read_table

UNITS = ("cost", "usd", "minutes", "seconds")

Costs = Mapping[str, Mapping[str, float]]
"""By unit, then by model."""


def read_costs(path: Path) -> Costs:
    """The costs in a table (name, then one column, or those called as `UNITS`) or a JSON object.

    Raises `BadInput` for a model that is there twice and for what is no cost.
    """
    if (plain := _object(path)) is not None:
        return {UNITS[0]: {name: _cost(path, name, value) for name, value in plain.items()}}
    table = read_table(path)
    if len(table.columns) == 2 and number_of(table.columns[1]) is not None:
        table = read_table(path, columns=("model", UNITS[0]))  # there is no header
    name, units = table.columns[0], _units(path, table)
    costs: dict[str, dict[str, float]] = {unit: {} for unit in units}
    for row in table.rows:
        model = name_of(row.values.get(name))
        if model in costs[units[0]]:
            raise BadInput(
                f"{path}, {row.place}: {model!r} has a cost already.",
                hint="Give each model one cost.",
            )
        for unit in units:
            costs[unit][model] = _cost(f"{path}, {row.place}", model, row.values.get(unit))
    return costs


def _units(path: Path, table: Table) -> tuple[str, ...]:
    rest = table.columns[1:]
    found = rest if len(rest) == 1 else tuple(one for one in rest if one in UNITS)
    if not found:
        raise BadInput(
            f"{path} has the columns {', '.join(table.columns)}; which is the cost cannot be told.",
            hint=f"Give two columns, name and cost, or call columns {', '.join(UNITS)}.",
        )
    return found


def _object(path: Path) -> dict[str, object] | None:
    """A JSON file that is one object of plain values; None for any other file."""
    if path.suffix.lower() != ".json":
        return None
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not value:
        return None
    return None if any(isinstance(one, (list, dict)) for one in value.values()) else value


def _cost(place: object, model: str, value: object) -> float:
    cost = None if value is None else number_of(value)
    if cost is None or not isfinite(cost) or cost < 0.0:
        raise BadInput(
            f"{place}: {str(value)[:40]!r} is no cost of {model!r}.",
            hint="A cost is a number from 0, in any unit.",
        )
    return cost
