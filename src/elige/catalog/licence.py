"""Which licence a text names, and whether it allows commercial use.

It helps reading licences; it is no legal advice.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from elige.catalog.licence_address import named_by_address
from elige.catalog.shipped import shipped
from elige.catalog.spdx import spdx_named, spdx_table

Joint = Literal["", "all", "any"]

_FILLER = frozenset(
    {"the", "license", "licence", "licensed", "under", "agreement", "version"}
    | {"international", "unported"}  # Creative Commons' 4.0 and 3.0 for the whole world
)
_WORD = re.compile(r"[a-z]+\+*|\d+(?:\.\d+)*")
_NAUGHTS = re.compile(r"(?:\.0)+$")
_ALL = re.compile(r"\s*[,;&/\n]\s*|\s+\+\s+|\s+and\s+|-and-", re.IGNORECASE)
_ANY = re.compile(r"\s+or\s+|-or-|\|", re.IGNORECASE)
_DOUBTFUL = re.compile(r"non-?commercial|research|academic|personal|evaluation|closed")
# "The MIT License (MIT)": an aside that says the same again.
_ASIDE = re.compile(r"(.+?)\s*\(([^()]+)\)\s*(.*)", re.DOTALL)
# What SPDX calls an exception only permits more.
_EXCEPTION = re.compile(r"\s+with\s+[\w.]+(?:-[\w.]+)*-exception(?:-[\d.]+)?\s*$", re.IGNORECASE)
_TAG = re.compile(r"(?:spdx-license-identifier|\Alicen[sc]e)\s*:\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-*]\s+", re.MULTILINE)
# "Licence" in other languages; a word of theirs that is none of these may say anything.
_FOREIGN = re.compile(
    r"许可证?|許可証?|授权|协议|協議|ライセンス|라이선스|лицензи[яи]|άδεια|licença", re.IGNORECASE
)
_UNSAID = frozenset(
    {"", "none", "null", "unknown", "other", "custom", "na", "n/a", "tbd", "unlicensed"}
)
_UNREAD = "its text was not read for this table"
# Words that may mean one of several licences, or that a use is allowed.
_DOUBLE = frozenset({"llama", "commercial", "open", "open source", "free"})


class May(StrEnum):
    """What a licence says to a question; unknown is neither yes nor no."""

    YES = "yes"
    CONDITIONS = "conditions"
    UNKNOWN = "unknown"
    NO = "no"


# From the most restrictive answer to the freest; unknown could still turn out to be no.
STRICTEST = (May.NO, May.UNKNOWN, May.CONDITIONS, May.YES)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceId:
    """A licence as identified: `key` is its id in the table, or the text made comparable.

    `spdx` is '' for a model licence without an SPDX id. `is_known` says whether the table or
    the SPDX list has it. `parts` are the licences of a compound, which apply together (`joint`
    'all') or of which one may be chosen ('any').
    """

    key: str
    name: str
    spdx: str = ""
    is_known: bool = False
    parts: tuple["LicenceId", ...] = ()
    joint: Joint = ""


class LicenceFacts(BaseModel):
    """One entry of the table; `checked` is the ISO date on which its source was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str
    spdx: str
    name: str
    aliases: list[str]
    commercial: Literal["yes", "conditions", "no", "unknown"]
    why: str
    clause: str
    source: str
    checked: str | None


def identify(text: str | None) -> LicenceId:
    """The licence that `text` (a tag, an SPDX expression, a name, an address) names.

    A text that is in no table keeps its own words as key; nothing said is 'unknown'.
    """
    plain = _BULLET.sub("", unicodedata.normalize("NFKC", text or "")).strip()
    plain = _TAG.sub("", plain)
    if plain.lower() in _UNSAID:
        return LicenceId(key="unknown", name=plain or "no licence stated")
    if plain.lower() in _DOUBLE:
        return LicenceId(key=_slug(plain), name=plain)
    found = _single(named_by_address(plain) or _EXCEPTION.sub("", plain))
    found = found if found.is_known else _said_twice(plain) or _single(plain)
    if found.is_known:
        return found
    listed = _inside(plain) or plain
    return _compound(listed, _ANY, "any") or _compound(listed, _ALL, "all") or found


def together(licences: Sequence[LicenceId]) -> LicenceId:
    """Several licences of which each holds, as one; it is known if each of them is."""
    return LicenceId(
        key=" and ".join(one.key for one in licences),
        name=" and ".join(one.name for one in licences),
        is_known=all(one.is_known for one in licences),
        parts=tuple(licences),
        joint="all",
    )


def one_of(licences: Sequence[LicenceId]) -> LicenceId:
    """Several licences of which one may be chosen; it is known if each of them is."""
    return replace(
        together(licences),
        key=" or ".join(one.key for one in licences),
        name=" or ".join(one.name for one in licences),
        joint="any",
    )


def may_commercial(licence: LicenceId) -> tuple[May, str]:
    """Whether commercial use is allowed, and what says so: the licence, its clause, in words."""
    if licence.parts:
        return _joined(licence)
    facts = table().get(licence.key)
    if facts is None:
        return _unlisted(licence)
    clause = f", {facts.clause}" if facts.clause else ""
    unread = "" if facts.checked or "not read" in facts.why else f" ({_UNREAD})"
    return May(facts.commercial), f"{facts.name}{clause}: {facts.why}{unread}"


@cache
def table() -> dict[str, LicenceFacts]:
    """The facts of every known licence by its id."""
    entries = [LicenceFacts.model_validate(entry) for entry in shipped("licences.yaml")]
    return {entry.id: entry for entry in entries}


@cache
def _index() -> dict[str, LicenceFacts]:
    """Facts by every name they go by, made comparable."""
    return {
        comparable(name): facts
        for facts in table().values()
        for name in (*facts.aliases, facts.name, facts.spdx, facts.id)
        if name
    }


def _single(text: str) -> LicenceId:
    own = _FOREIGN.sub(" ", text)
    is_read = own.isascii() or not any(ch.isalpha() and not ch.isascii() for ch in own)
    facts = _index().get(comparable(own)) if is_read else None
    if facts is None:
        listed = spdx_named(own) if is_read else None
        if listed is None:
            return LicenceId(key=_slug(text), name=text)
        return LicenceId(key=listed.id.lower(), name=listed.id, spdx=listed.id, is_known=True)
    return LicenceId(key=facts.id, name=facts.name, spdx=facts.spdx, is_known=True)


def _said_twice(text: str) -> LicenceId | None:
    """The licence that `text` names both in brackets and outside of them."""
    aside = _ASIDE.fullmatch(text)
    if aside is None:
        return None
    one, other = _single(f"{aside[1]} {aside[3]}"), _single(aside[2])
    return one if one.is_known and one == other else None


def _compound(text: str, separator: re.Pattern[str], joint: Joint) -> LicenceId | None:
    """The licences of `text` together, if it is a list whose every part is known."""
    names = [name.strip() for name in _split(text, separator)]
    parts = tuple(_part(name) for name in names if name.strip(" ()"))
    if len(parts) < 2 or not all(part.is_known for part in parts):
        return None
    word = " or " if joint == "any" else " and "
    spdx = word.upper().join(part.spdx for part in parts) if all(p.spdx for p in parts) else ""
    return LicenceId(
        key=_slug(text),
        name=word.join(part.name for part in parts),
        spdx=spdx,
        is_known=True,
        parts=parts,
        joint=joint,
    )


def _split(text: str, separator: re.Pattern[str]) -> list[str]:
    """`text` between separators that stand in no brackets."""
    found, start, seen, depth = [], 0, 0, 0
    for one in separator.finditer(text):
        between = text[seen : one.start()]
        depth += between.count("(") - between.count(")")
        seen = one.start()
        if depth <= 0:
            found.append(text[start:seen])
            start = one.end()
    return [*found, text[start:]]


def _inside(text: str) -> str:
    """What stands in the one pair of brackets around `text`; '' where there is none."""
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else ""
    return "" if "(" in inner or ")" in inner else inner


def _part(name: str) -> LicenceId:
    """One licence of a compound, itself a compound where it stands in brackets."""
    inner = _inside(name)
    found = _compound(inner, _ANY, "any") or _compound(inner, _ALL, "all")
    if found is not None:
        return found
    plain = name.strip(" ()")
    found = _single(plain)
    return found if found.is_known else _single(_EXCEPTION.sub("", plain))


def _unlisted(licence: LicenceId) -> tuple[May, str]:
    """What is known of a licence outside the table: an open one allows commercial use."""
    listed = spdx_table().get(licence.spdx)
    if listed is None or not (listed.osi_approved or listed.fsf_libre):
        return May.UNKNOWN, _unknown(licence)
    by = "OSI-approved" if listed.osi_approved else "called free by the FSF"
    return May.CONDITIONS, (
        f"{licence.name} is {by}, so commercial use is allowed; its conditions are not in the "
        "table here: read its text"
    )


def _unknown(licence: LicenceId) -> str:
    if licence.key == "unknown":
        return "no licence is stated"
    if licence.is_known:
        return f"the terms of {licence.name} are not in the table here: read its text"
    doubt = "; its name suggests that it may not" if _DOUBTFUL.search(licence.key) else ""
    return f"the licence {licence.name!r} is not known here: read its text{doubt}"


def _joined(licence: LicenceId) -> tuple[May, str]:
    answers = [may_commercial(part) for part in licence.parts]
    ranked = sorted(answers, key=lambda pair: STRICTEST.index(pair[0]))
    return ranked[-1] if licence.joint == "any" else ranked[0]


def comparable(text: str) -> str:
    """`text` without case, separators, filler words, 'v' before numbers, and closing '.0'."""
    words = [_NAUGHTS.sub("", word) for word in _WORD.findall(text.lower())]
    kept = [
        word
        for index, word in enumerate(words)
        if word not in _FILLER and not (word == "v" and words[index + 1 : index + 2])
    ]
    return "".join(kept)


def _slug(text: str) -> str:
    return "-".join(text.lower().split())
