"""Readers of what is known of models, one file a source; they come in as entry points."""

from elige import plugins
from elige.records import Source


def installed() -> dict[str, Source]:
    """Every installed source by its name. Raises `BadInput` for one that cannot be imported."""
    return {name: source(name) for name in plugins.names("sources")}


def source(name: str) -> Source:
    """The source called `name`. Raises `NotFound` for an unknown one."""
    made: Source = plugins.load("sources", name)()
    return made
