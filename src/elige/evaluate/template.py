"""Templates over a sample's fields: names in braces, and nothing else."""

import re
from collections.abc import Callable, Iterable

from elige.errors import BadInput
from elige.text import nearest

_PARTS = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|[{}])")


def filled(template: str, value: Callable[[str], str]) -> str:
    """`template` with each {name} replaced by `value(name)`; '{{' and '}}' are braces.

    A name is looked up as it stands: no attributes, no indexes, no format codes.
    """
    return "".join(
        value(part[1:-1].strip()) if _is_name(part) else _literal(part)
        for part in _PARTS.split(template)
    )


def names_in(template: str) -> tuple[str, ...]:
    """The names in `template`, in order.

    Raises `BadInput` for a brace that opens or closes nothing.
    """
    parts = _PARTS.split(template)
    if "{" in parts or "}" in parts:
        raise BadInput(
            f"The template {template!r} has a brace that opens or closes nothing.",
            hint="Write {{ and }} for braces that are part of the text.",
        )
    return tuple(part[1:-1].strip() for part in parts if _is_name(part))


def check_template(template: str, known: Iterable[str]) -> None:
    """Raise `BadInput` when `template` has a name that is not `known`."""
    names = list(known)
    for name in names_in(template):
        if name not in names:
            raise BadInput(
                f"The template {template!r} has {{{name}}}, which is no column here.",
                hint=nearest(name, names) or f"Known: {', '.join(names)}.",
            )


def _is_name(part: str) -> bool:
    return len(part) > 2 and part[0] == "{" and part[-1] == "}" and part not in {"{{", "}}"}


def _literal(part: str) -> str:
    return {"{{": "{", "}}": "}"}.get(part, part)
