"""What configurations leave out: the sizes that transformers then takes.

`defaults.json` is written by scripts/make_defaults.py; it names the version it was read off.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any  # configurations are JSON

from elige.catalog.architecture.keys import (
    CONTEXT,
    EXPERTS,
    EXPERTS_USED,
    HEAD_DIM,
    HEADS,
    HIDDEN,
    INNER,
    KV_HEADS,
    LAYERS,
    VOCABULARY,
    WINDOWS,
)

# One value under several names: a default stands back where the file gives another of them.
_ALIKE = (
    *(LAYERS, HIDDEN, HEADS, KV_HEADS, HEAD_DIM, INNER, VOCABULARY, CONTEXT, EXPERTS),
    *(EXPERTS_USED, WINDOWS),
)
# What is worth a word when it was left out.
_TOLD = frozenset((*LAYERS, *HIDDEN, *HEADS, *INNER, *VOCABULARY, *EXPERTS))


@cache
def _table() -> dict[str, Any]:
    text = (files("elige.catalog.architecture") / "defaults.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def origin() -> str:
    """Whose defaults they are."""
    return str(_table()["origin"])


def defaults_of(kind: str) -> dict[str, Any]:
    """The plain values that `kind` takes by default; empty if it is not known."""
    found = _table().get(kind)
    return {} if not isinstance(found, dict) else found


def part_kind(kind: str, part: str) -> str:
    """The kind of the part that models of `kind` keep under `part`, '' where that is open."""
    found = defaults_of(kind).get(part)
    return str(found["model_type"]) if isinstance(found, dict) else ""


def filled(given: Mapping[str, Any], kind: str, *, nested: bool = True) -> dict[str, Any]:
    """`given` with what `kind` takes where it gives nothing under any name.

    Only nested files leave out what may be null as well: where a whole file lacks it, a null was.
    """
    found = defaults_of(kind)
    held = {"_may_lack", *(() if nested else found.get("_may_lack", ()))}
    alike = {name: group for group in _ALIKE for name in group}
    more = {
        name: value
        for name, value in found.items()
        if not isinstance(value, dict)
        and name not in held
        and not any(other in given for other in alike.get(name, (name,)))
    }
    return {**more, **given}


def taken(given: Iterable[str], whole: Iterable[str]) -> list[str]:
    """The sizes worth a word that are in `whole` and not in `given`."""
    return sorted((set(whole) - set(given)) & _TOLD)
