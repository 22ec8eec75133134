"""What was wrong with a command that could not be read, in one line."""

import sys

from typer.exceptions import TyperException

from elige.text import one_line


def usage_message(error: TyperException) -> str:
    """What was wrong, with the value that was given; '' when the help was shown instead."""
    message = one_line(error.format_message()).replace("Value error, ", "")
    given = _given(error)
    if given and given not in message:
        message = f"{message.rstrip('.')}, not {given!r}"
    return f"{message}." if message and not message.endswith((".", "?", ")")) else message


def usage_hint() -> str:
    """Which line shows how the command that was meant is used."""
    from elige.cli.app import app

    known = {group.name for group in app.registered_groups}
    known |= {one.callback.__name__ for one in app.registered_commands if one.callback}
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    return f"See: elige {first} --help" if first in known else "See: elige --help"


def _given(error: TyperException) -> str:
    """The value that an option was given; typer's own message leaves it out."""
    names = tuple(getattr(getattr(error, "param", None), "opts", ()))
    for place, word in enumerate(sys.argv):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else "".join(sys.argv[place + 1 : place + 2])
    return ""
