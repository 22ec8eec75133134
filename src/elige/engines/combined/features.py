"""What a router sees of a question: its length, its signs, its group and its words, hashed."""

import re
from hashlib import blake2b
from math import log1p
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORDS, _GROUPS, _PLAIN = 48, 12, 4
SIZE = _PLAIN + _GROUPS + _WORDS
"""How many numbers describe a question."""

_WORD = re.compile(r"[^\W\d_]+|\d+")


def features(question: str, group: str = "") -> "NDArray[np.float64]":
    """The question as `SIZE` numbers, the first of them one.

    The others are the logarithm of its length, its shares of digits and of marks, its group and
    its words. Groups and words are hashed into a few places; a word counts by its share, all
    numbers are one word.
    """
    import numpy as np

    row = np.zeros(SIZE)
    size = max(1, len(question))
    row[0] = 1.0
    row[1] = log1p(len(question)) / 4.0 - 1.0
    row[2] = sum(letter.isdigit() for letter in question) / size
    row[3] = sum(not letter.isalnum() and not letter.isspace() for letter in question) / size
    if group:
        row[_PLAIN + _place(f"group {group}", _GROUPS)] = 1.0
    words = ["0" if one.isdigit() else one for one in _WORD.findall(question.casefold())]
    for word in words:
        row[_PLAIN + _GROUPS + _place(word, _WORDS)] += 1.0 / len(words) ** 0.5
    return row


def _place(text: str, places: int) -> int:
    """A place decided by a hash that is the same in every process."""
    found = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(found, "big") % places
