"""Which licence a text is: by its fingerprint, and by what stands on top of it."""

import re
from dataclasses import dataclass
from typing import Literal

from elige.catalog.fingerprint import TextMatch, match_text
from elige.catalog.licence import LicenceId, comparable, identify, table
from elige.catalog.licence_terms import key_by_text, titles

How = Literal["name", "text", "title", "unknown"]

# A tag, a name or an expression is shorter than this; the shortest licence texts are not.
_LONGEST_NAME, _FEWEST_WORDS = 300, 40
_TITLE_LINES, _TITLE_LETTERS = 6, 400
_DATE = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"\s+(?:\d{1,2},?\s+)?(?:19|20)\d\d|\b(?:19|20)\d\d(?:-\d\d-\d\d)?\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*)(?![\w.])")
_WHOLE = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A licence and how it was recognised: by name, by its text (with the likeness), by title.

    `remark` says what a reader should know of the match: edits, a longer text around it, a version
    that is not the one on top of the text.
    """

    licence: LicenceId
    how: How
    likeness: float | None = None
    scancode: str = ""
    category: str = ""
    remark: str = ""


def recognise(text: str) -> Recognised:
    """The licence that `text` names (a tag, an expression, an address) or is (a full text)."""
    if not is_full_text(text):
        licence = identify(text)
        return Recognised(licence=licence, how="name" if licence.is_known else "unknown")
    match, titled = match_text(text), _titled(text)
    if match is None:
        return _by_title(titled, text)
    found = licence_of(match)
    if titled is not None and titled.key != found.key and not match.is_part:
        return Recognised(
            licence=titled,
            how="title",
            scancode=match.key,
            likeness=match.likeness,
            remark=f"so says its title; its wording is {match.likeness:.0%} that of {found.name}",
        )
    if _is_other_version(text, found, match):
        return Recognised(
            licence=_unknown_text(text),
            how="unknown",
            scancode=match.key,
            likeness=match.likeness,
            remark=f"its wording is {match.likeness:.0%} that of {found.name}, but its title "
            "names another version",
        )
    return Recognised(
        licence=found,
        how="text",
        likeness=match.likeness,
        scancode=match.key,
        category=match.category,
        remark=_remark(match),
    )


def _by_title(titled: LicenceId | None, text: str) -> Recognised:
    if titled is None:
        return Recognised(licence=_unknown_text(text), how="unknown")
    return Recognised(
        licence=titled,
        how="title",
        remark="its wording is not the one known here: compare it with the source",
    )


def is_full_text(text: str) -> bool:
    """Whether `text` is a licence's wording rather than its name."""
    return len(text) > _LONGEST_NAME or len(text.split()) >= _FEWEST_WORDS


def licence_of(match: TextMatch) -> LicenceId:
    """The licence of the table, or of the SPDX list, whose text was found."""
    key = key_by_text().get(match.key)
    if key is not None:
        facts = table()[key]
        return LicenceId(key=key, name=facts.name, spdx=facts.spdx, is_known=True)
    named = identify(match.spdx)
    if named.is_known and not match.spdx.startswith("LicenseRef-"):
        return named
    spdx = "" if match.spdx.startswith("LicenseRef-") else match.spdx
    return LicenceId(key=match.key, name=match.name, spdx=spdx, is_known=True)


def _titled(text: str) -> LicenceId | None:
    """The known licence that the first lines of `text` name, alone or read together."""
    lines = _top(text)
    by_title = {comparable(title): key for title, key in titles().items()}
    for first in range(len(lines)):
        for last in range(first + 1, min(first + 3, len(lines)) + 1):
            name = _DATE.sub(" ", " ".join(lines[first:last]))
            key = by_title.get(comparable(name))
            if key is not None:
                facts = table()[key]
                return LicenceId(key=key, name=facts.name, spdx=facts.spdx, is_known=True)
            found = identify(name)
            # One short word on a line of its own ("MIT", "other") is no title.
            if found.is_known and not found.parts and len(name.split()) > 1:
                return found
    return None


def _top(text: str) -> list[str]:
    lines = [line.strip(" #*>=-_\t\r\ufeff") for line in text[: 4 * _TITLE_LETTERS].splitlines()]
    return [line[:_TITLE_LETTERS] for line in lines if line][:_TITLE_LINES]


def _is_other_version(text: str, found: LicenceId, match: TextMatch) -> bool:
    """Whether the title's number is none of those in the name of the licence that was matched.

    Of a line that has the licence's own first word, as in "Llama 9 Community License".
    """
    own = set(_NUMBER.findall(_DATE.sub(" ", f"{found.name} {match.name} {found.spdx}")))
    word = found.name.split()[0].lower()
    if not own or match.is_part:
        return False
    for line in _top(text)[:2]:
        numbers = set(_NUMBER.findall(_DATE.sub(" ", line)))
        if numbers and word in line.lower() and "license" in line.lower():
            return not numbers & own
    return False


def _unknown_text(text: str) -> LicenceId:
    top = _top(text)
    return LicenceId(key="unknown", name=f"a text that begins {top[0][:60]!r}" if top else "a text")


def _remark(match: TextMatch) -> str:
    if match.is_part:
        return "it stands in a longer text: read what is said around it"
    if match.likeness >= _WHOLE:
        return ""
    return f"{match.likeness:.0%} of the wording is the same: read what was changed"
