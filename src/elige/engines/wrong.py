"""A wrong answer of the same kind as a right one."""

import json
import re
from string import ascii_lowercase, ascii_uppercase

_LAST_NUMBER = re.compile(r"\d+(?=[^\d\s]*\s*\Z)")


def wrong_text(right: str, seed: str) -> str:
    """A text that no scorer takes for `right`, decided by the hex digits of `seed`.

    Another number for a number, another letter for a letter, JSON with each value changed
    for JSON, and otherwise a word of letters that `right` does not hold.
    """
    stripped = right.strip()
    number = int(seed[:8], 16)
    if len(stripped) == 1 and stripped in ascii_uppercase + ascii_lowercase:
        return right.replace(stripped, _letter(stripped, number))
    if stripped[:1] in {"{", "["}:
        try:
            return json.dumps(_changed(json.loads(stripped), seed), ensure_ascii=False)
        except ValueError:
            pass
    if _LAST_NUMBER.search(right):
        return _renumbered(right, number)
    return _words(right, seed)


def _letter(right: str, number: int) -> str:
    """Another of the first four letters, or of all when `right` is none of these."""
    letters = ascii_uppercase if right.isupper() else ascii_lowercase
    pool = letters[:4] if right in letters[:4] else letters
    return pool[(pool.index(right) + 1 + number % (len(pool) - 1)) % len(pool)]


def _renumbered(right: str, number: int) -> str:
    """The same text with its last number another one, as long as before or longer."""
    return _LAST_NUMBER.sub(lambda found: str(int(found.group()) + 1 + number % 9), right, count=1)


def _changed(value: object, seed: str) -> object:
    if isinstance(value, dict):
        return {key: _changed(item, seed) for key, item in value.items()}
    if isinstance(value, list):
        return [_changed(item, seed) for item in value]
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        return value + 1 + int(seed[:8], 16) % 9
    return wrong_text(str(value), seed)


def _words(right: str, seed: str) -> str:
    """A word of letters that `right` does not hold."""
    letters = [letter for letter in ascii_lowercase if letter not in right.lower()]
    if not letters:
        return f"wrong {seed[:8]}"
    return "".join(letters[int(digit, 16) % len(letters)] for digit in seed[:8])
