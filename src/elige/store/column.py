"""Text as Python has it, in databases that refuse some of it."""

import re

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

# SQLite and PostgreSQL take no lone surrogate, PostgreSQL no NUL. U+001A, "substitute", marks
# what was replaced; JSON text never holds it bare, so there only surrogates grow.
_MARK = "\x1a"
_REFUSED = re.compile("[\x00\x1a\ud800-\udfff]")
_MARKED = re.compile("\x1a([0-9a-f]{4})")


class AnyText(TypeDecorator[str]):
    """A text column that gives back every Python string as it was."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text with its refused characters replaced."""
        return None if value is None else storable(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it was given."""
        return None if value is None else original(value)


def storable(text: str) -> str:
    """`text` in characters that every database takes; different texts stay different."""
    return _REFUSED.sub(lambda found: f"{_MARK}{ord(found.group()):04x}", text)


def original(text: str) -> str:
    """The text that `storable` was given."""
    if _MARK not in text:
        return text
    return _MARKED.sub(lambda found: chr(int(found.group(1), 16)), text)
