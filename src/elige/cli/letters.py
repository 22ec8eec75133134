"""What stands for a sign where a terminal's encoding lacks it: none may come out as another one.

Python would put '?' for each of them, which in a table of licences means 'unknown'.
"""

import codecs
import unicodedata

NAME = "elige.plain"
_SIGNS = {
    "✓": "+",
    "✗": "x",
    "≈": "~",
    "±": "+-",
    "×": "x",
    "−": "-",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "…": "...",
    "•": "*",
    "·": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "─": "-",
    "│": "|",
    "├": "|",
    "└": "`",
    "┌": ".",
    "┐": ".",
    "┘": "'",
    "╭": ".",
    "╮": ".",
    "╰": "`",
    "╯": "'",
    "┼": "+",
    "━": "-",
}


def plain(error: UnicodeError) -> tuple[str, int]:
    """The handler: a sign of its own, the letter without its accent, or '?'."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_plain(letter) for letter in lost), error.end


def _plain(letter: str) -> str:
    if letter in _SIGNS:
        return _SIGNS[letter]
    bare = unicodedata.normalize("NFD", letter)[0]
    return bare if bare.isascii() else "?"


codecs.register_error(NAME, plain)
