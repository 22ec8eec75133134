"""The door for engines, tasks, scorers and sources: entry points, the built-in ones too."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from elige.errors import BadInput, NotFound

Group = Literal["engines", "tasks", "scorers", "sources"]


def names(group: Group) -> list[str]:
    """Every name installed in `group`, sorted."""
    return sorted({point.name for point in _points(group)})


def load(group: Group, name: str) -> Any:  # noqa: ANN401 - an entry point can be anything
    """What the entry point `name` of `group` points to.

    Raises `NotFound` for an unknown name, and `BadInput` when the plugin cannot be imported.
    """
    found = [point for point in _points(group) if point.name == name]
    if not found:
        raise NotFound(group.removesuffix("s"), name, names(group))
    return _imported(found[0])


@cache
def _points(group: Group) -> tuple[EntryPoint, ...]:
    """All of `group`; finding them opens a file of every installed package."""
    return tuple(entry_points(group=f"elige.{group}"))


def _imported(point: EntryPoint) -> Any:  # noqa: ANN401 - an entry point can be anything
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise BadInput(
            f"The plugin {point.name!r} ({point.value}) cannot be imported: {error}.",
            hint="Install what it needs, or uninstall the package it comes from.",
        ) from error
