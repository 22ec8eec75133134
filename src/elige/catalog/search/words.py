"""Text as words that a search can find: names taken apart the same way on both sides."""

import re
import unicodedata

from elige.catalog.remembered import Remembered

# A number with what belongs to it (7b, 2.5, 8x7b), one letter of a script written without spaces,
# or a run of other letters.
_WORD = re.compile(
    r"\d+(?:\.\d+)*(?:x\d+(?:\.\d+)*)?[a-z]{0,2}(?![a-z])|\d+(?:\.\d+)*"
    r"|[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
    r"|[^\W\d_\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+"
)
# The same of what has no other letters than a to z; in a third of the time.
_ASCII_WORD = re.compile(
    r"\d+(?:\.\d+)*(?:x\d+(?:\.\d+)*)?[a-z]{0,2}(?![a-z])|\d+(?:\.\d+)*|[a-z]+", re.ASCII
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LETTERS = re.compile(r"[A-Za-z]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_CHUNKED = bytes(code if chr(code).isalnum() or chr(code) == "." else 32 for code in range(128))
_CHUNKED += bytes(128)  # no ASCII is there
_NOT_LETTERS = re.compile(r"[\W_]+")
_LONGEST, _LONGEST_NAME, _LONGEST_TEXT = 60, 300, 20_000


def words(text: str) -> list[str]:
    """The words of `text` in their order: 'Qwen2.5-7B' gives qwen, 2.5, 7b.

    Letters and numbers are parted, since people write 'qwen 2.5' and 'Qwen2.5' alike. Accents and
    case do not count; nothing in the text has a meaning of its own.
    """
    plain = folded(text[:_LONGEST_TEXT])
    found: list[str] = (_ASCII_WORD if plain.isascii() else _WORD).findall(plain)
    return [one[:_LONGEST] for one in found] if len(text) > _LONGEST else found


def chunks(text: str) -> list[str] | None:
    """What stands between an ASCII text's signs, dots aside: no word reaches beyond; else None."""
    if len(text) > _LONGEST_NAME or not text.isascii():
        return None
    return text.encode("ascii").translate(_CHUNKED).decode("ascii").split()


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, and the parts of those written like BioMistral."""
    parts = chunks(name)
    if parts is None:
        return _chunk_words(name[:_LONGEST_NAME])
    kept = _BY_CHUNK
    return tuple([word for part in parts for word in kept[part]])


def _chunk_words(name: str) -> tuple[str, ...]:
    found = words(name)
    if _CAMEL.search(name):
        for one in _LETTERS.findall(name):
            parts = _CAMEL.split(one)
            if len(parts) > 1:
                found += [part.lower()[:_LONGEST] for part in parts if len(part) > 1]
    return tuple(found)


def compact(text: str) -> str:
    """Letters and numbers alone, so that 'Mistral 7B' and 'mistral-7b' are one name."""
    plain = folded(text[:_LONGEST_NAME])
    if plain.isascii():
        return plain.encode("ascii").translate(None, _SIGNS)[:200].decode("ascii")
    return _NOT_LETTERS.sub("", plain)[:200]


def folded(text: str) -> str:
    """Lower case without accents; what no encoding can hold is a question mark."""
    if text.isascii():
        return text.lower()
    whole = text.encode("utf-8", "replace").decode("utf-8")
    plain = unicodedata.normalize("NFKD", whole.casefold())
    marks = "".join(one for one in plain if not unicodedata.combining(one) or one > "\u036f")
    return unicodedata.normalize("NFC", marks)


_BY_CHUNK = Remembered(_chunk_words, 50_000)
