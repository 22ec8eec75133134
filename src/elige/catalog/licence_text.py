"""Which licence a text is: by its fingerprint, and by what stands on top of it."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from elige.catalog.fingerprint import Hashes, TextMatch, match_several, match_shingles, shingles
from elige.catalog.licence import LicenceId, comparable, identify, one_of, table, together
from elige.catalog.licence_choice import choice_said
from elige.catalog.licence_limits import allows_all, limit_said
from elige.catalog.licence_terms import key_by_text, marks, texts_of, titles
from elige.catalog.markup import without_markup

How = Literal["name", "text", "title", "unknown"]

# A tag, a name or an expression is shorter than this; the shortest licence texts are not.
_LONGEST_NAME, _FEWEST_WORDS = 300, 40
_TITLE_LINES, _TITLE_LETTERS = 6, 400
_DATE = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"\s+(?:\d{1,2},?\s+)?(?:19|20)\d\d|\b(?:19|20)\d\d(?:-\d\d-\d\d)?\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w.+-]*\w")
_NUMBER = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*)(?![\w.])")
_NAUGHT = re.compile(r"(?:\.0)+$")
# Of a text in one long line this much may be its title.
_VERSION_LETTERS = 150
_NO_TITLES = frozenset(
    map(comparable, ("all rights reserved", "public domain", "creative commons"))
)
_WHOLE = 0.97
_NOTICE = re.compile(
    r"\blicensed under (?:the )?([^();]{2,60}?) ?[(;.]? ?(?=\(|;|\. |$|you may)", re.I
)
_PART = "read what is said around it"


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
    text = without_markup(text)
    own = shingles(text)
    match = match_shingles(own)
    found = _several(text, own, match) or _recognised(text, match)
    limit = limit_said(
        text,
        found.licence,
        scancode=found.scancode,
        is_whole=found.how == "text" and (found.likeness or 0) >= _WHOLE and not found.remark,
        is_part=_PART in found.remark,
    )
    if limit:
        remark = f"it is like {found.licence.name}, but {limit}: terms of its own"
    elif found.how == "title" and found.likeness is None and _is_hollow(text, found.licence):
        remark = f"its title says {found.licence.name}, but its wording is another"
    else:
        return found
    return replace(found, licence=_unknown_text(text), how="unknown", category="", remark=remark)


def _several(text: str, own: Hashes, whole: TextMatch | None) -> Recognised | None:
    """The licences of a text in which more than one stands.

    All of them hold for some of it, unless it says that one of them may be chosen.
    """
    matches = match_several(own, whole)
    parts = tuple(dict.fromkeys(licence_of(match) for match in matches))
    if len(parts) < 2:
        return None
    if offered := choice_said(text, [match.key for match in matches]):
        return Recognised(
            licence=one_of(parts),
            how="text",
            remark=f"{len(parts)} licences stand in it, and it says {offered!r}: the freest "
            f"answer of all is shown; {_PART}",
        )
    return Recognised(
        licence=together(parts),
        how="text",
        remark=f"{len(parts)} licences stand in it, each for a part of what it goes with: the "
        f"strictest answer of all is shown; {_PART}",
    )


def _is_hollow(text: str, titled: LicenceId) -> bool:
    """Whether a title is too few: the licence allows every use and is known by its words.

    A notice says in one sentence that something is licensed under it, and is enough.
    """
    if not allows_all(titled) or (titled.key in titles().values() and not texts_of(titled.key)):
        return False
    notices = _NOTICE.findall(" ".join(text.split()))
    return not any(identify(name.strip(" \"',")).key == titled.key for name in notices)


def _recognised(text: str, match: TextMatch | None) -> Recognised:
    titled = _marked(text) or _titled(text)
    if match is None:
        return _by_title(titled, text)
    found = licence_of(match)
    is_whole = match.likeness >= _WHOLE and not match.is_part
    is_freer = titled is not None and allows_all(titled) and not allows_all(found)
    is_family = titled is not None and f"{found.key}-".startswith(f"{titled.key}-")
    is_other = titled is not None and not is_family and not is_freer
    if titled is not None and is_other and not match.is_part and not is_whole:
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


def _marked(text: str) -> LicenceId | None:
    """The licence that has a phrase of its own in `text`."""
    plain = " ".join(_WORD.findall(text.lower()))
    for phrase, key in marks().items():
        if phrase in plain:
            facts = table()[key]
            return LicenceId(key=key, name=facts.name, spdx=facts.spdx, is_known=True)
    return None


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
    by_title = _by_comparable_title()
    for first in range(len(lines)):
        for last in range(first + 1, min(first + 3, len(lines)) + 1):
            name = _DATE.sub(" ", " ".join(lines[first:last]))
            key = by_title.get(comparable(name))
            if key is not None:
                facts = table()[key]
                return LicenceId(key=key, name=facts.name, spdx=facts.spdx, is_known=True)
            found = identify(name)
            # One short word on a line of its own ("MIT", "other") is no title, nor is what stands
            # on many licences ("All rights reserved") or on none ("public domain").
            is_title = len(name.split()) > 1 and comparable(name) not in _NO_TITLES
            if found.is_known and not found.parts and is_title:
                return found
    return None


@cache
def _by_comparable_title() -> dict[str, str]:
    return {comparable(title): key for title, key in titles().items()}


def _top(text: str) -> list[str]:
    lines = [line.strip(" #*>=-_\t\r\ufeff") for line in text[: 4 * _TITLE_LETTERS].splitlines()]
    return [line[:_TITLE_LETTERS] for line in lines if line][:_TITLE_LINES]


def _is_other_version(text: str, found: LicenceId, match: TextMatch) -> bool:
    """Whether the title's number is none of those in the name of the licence that was matched.

    Of a line that has the licence's own first word, as in "Llama 9 Community License".
    """
    own = _numbers(f"{found.name} {match.name} {found.spdx}")
    word = found.name.split()[0].lower()
    if not own or match.is_part:
        return False
    for line in (line[:_VERSION_LETTERS] for line in _top(text)[:2]):
        numbers = _numbers(line)
        if numbers and word in line.lower() and "license" in line.lower():
            return not numbers & own
    return False


def _numbers(text: str) -> set[str]:
    """The versions in `text`, which is no date: 2 for 2.0."""
    return {_NAUGHT.sub("", number) for number in _NUMBER.findall(_DATE.sub(" ", text))}


def _unknown_text(text: str) -> LicenceId:
    top = _top(text)
    return LicenceId(key="unknown", name=f"a text that begins {top[0][:60]!r}" if top else "a text")


def _remark(match: TextMatch) -> str:
    if match.is_part:
        return f"it stands in a longer text: {_PART}"
    if match.likeness >= _WHOLE:
        return ""
    return f"{match.likeness:.0%} of the wording is the same: read what was changed"
