"""Jinja as chat templates expect it: the names and filters that transformers gives them.

After `_cached_compile_jinja_template` of transformers 5.23, utils/chat_template_utils.py, so that a
template renders without its two seconds of imports; only the date stands still here.
"""

import json
from datetime import datetime
from typing import Any  # templates hand over anything

from jinja2 import Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

# Some templates write today's date; a fixed day keeps what is sent equal from day to day. It is
# the day that Llama 3's own template falls back to.
FIXED_DAY = datetime(2024, 7, 26)  # noqa: DTZ001 - as templates see it, without a zone


class _Generation(Extension):
    """Marks what the model wrote, for training; here it means nothing."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """What stands between the marks."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Namespace(Namespace):
    """A namespace without names that begin with an underscore: they lead out of the sandbox."""

    def __init__(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as `dict` takes them
        self, rest = args[0], args[1:]  # `self` may be one of the names
        attributes = dict(*rest, **kwargs)
        for name in attributes:
            _check(name)
        Namespace.__init__(self, attributes)

    def __setitem__(self, name: str, value: object) -> None:
        _check(name)
        super().__setitem__(name, value)


class _Dict:
    """`dict` without its attributes."""

    def __call__(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:  # noqa: ANN401 - likewise
        """As `dict`."""
        return dict(*args, **kwargs)

    def fromkeys(self, *args: Any) -> dict[Any, Any]:  # noqa: ANN401 - likewise
        """As `dict.fromkeys`."""
        return dict.fromkeys(*args)


def compiled(text: str) -> Template:
    """The template in `text`; raises what Jinja raises for one that is broken."""
    place = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    place.filters["tojson"] = _json
    place.globals |= {
        "raise_exception": _refuse,
        "strftime_now": FIXED_DAY.strftime,
        "dict": _Dict(),
        "namespace": _Namespace,
    }
    return place.from_string(text)


def _json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _refuse(message: object) -> None:
    raise TemplateError(str(message))


def _check(name: object) -> None:
    if isinstance(name, str) and name.startswith("_"):
        raise SecurityError(f"a template may not set {name!r} in a namespace")
