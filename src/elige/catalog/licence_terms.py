"""What a licence says, term by term, each with the clause that says so.

It helps reading licences; it is no legal advice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_args  # what YAML holds has no narrower type

from elige.catalog.licence import STRICTEST, LicenceId, May, may_commercial, table
from elige.catalog.shipped import shipped
from elige.catalog.spdx import spdx_table

Use = Literal["commercial", "redistribute", "train-others", "host"]
USES: tuple[Use, ...] = get_args(Use)
DUTIES = (
    "attribution",
    "naming",
    "share-alike",
    "use-policy",
    "user-limit",
    "royalties",
    "territory",
)
NO_ADVICE = "This helps reading a licence; it is no legal advice."

_OSD = "Open Source Definition, criteria 1, 3 and 6"
_FREEDOMS = "Free Software Definition, freedoms 0 to 3"


class Applies(StrEnum):
    """Whether a licence puts a duty or a limit on its user."""

    APPLIES = "applies"
    UNKNOWN = "unknown"
    NONE = "none"


# From what binds most to what binds least.
_BINDING = (Applies.APPLIES, Applies.UNKNOWN, Applies.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: a permission (`May`) or a duty (`Applies`), in words, and the clause it rests on.

    `licence` is the name of the licence that says so.
    """

    name: str
    answer: May | Applies
    words: str
    clause: str
    licence: str

    @property
    def strictness(self) -> int:
        """Where its answer stands between the strictest, 0, and the freest."""
        if isinstance(self.answer, May):
            return STRICTEST.index(self.answer)
        return _BINDING.index(self.answer)

    @property
    def told(self) -> str:
        """The licence, the clause and what it says."""
        clause = f", {self.clause}" if self.clause else ""
        return f"{self.licence}{clause}: {self.words}"


def terms_of(licence: LicenceId) -> dict[str, Term]:
    """Every term of `licence`, permissions first; what is not in the tables is unknown.

    Of licences that apply together the strictest answer holds, of those to choose from the freest.
    """
    if licence.parts:
        return _joined([terms_of(part) for part in licence.parts], strict=licence.joint == "all")
    answer, why = may_commercial(licence)
    known = table().get(licence.key)
    if known is None:
        return _unlisted(licence, answer, why)
    commercial = Term(
        name="commercial",
        answer=answer,
        words=known.why,
        clause=known.clause,
        licence=licence.name,
    )
    rows = _table().get(licence.key, {})
    found = {"commercial": commercial}
    for name in (*USES[1:], *DUTIES):
        row = rows.get(name)
        found[name] = (
            _unknown(name, licence, "the table does not say")
            if row is None
            else _term(name, row, licence, known.clause)
        )
    return found


def may(licence: LicenceId, use: Use) -> tuple[May, str]:
    """Whether `use` is allowed, and what says so: the licence, its clause, in words."""
    if use == "commercial":
        return may_commercial(licence)
    found = terms_of(licence)[use]
    return May(found.answer), found.told


def texts_of(key: str) -> tuple[str, ...]:
    """The ids of a licence's texts in scancode's licence database."""
    return tuple((shipped("licence_terms.yaml")["licences"].get(key) or {}).get("texts", ()))


@cache
def titles() -> dict[str, str]:
    """The licence by what stands on top of its text, for those whose titles are known."""
    rows = shipped("licence_terms.yaml")["licences"]
    return {title: key for key, row in rows.items() for title in row.get("titles", ())}


@cache
def marks() -> dict[str, str]:
    """The licence by a phrase that stands in its text alone, in small letters without marks."""
    rows = shipped("licence_terms.yaml")["licences"]
    return {mark: key for key, row in rows.items() for mark in row.get("marks", ())}


@cache
def key_by_text() -> dict[str, str]:
    """The licence by the ids of its texts in scancode's licence database."""
    rows = shipped("licence_terms.yaml")["licences"]
    return {text: key for key, row in rows.items() for text in row.get("texts", ())}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    """The rows of every licence with those of its profiles under them."""
    facts = shipped("licence_terms.yaml")
    profiles: Mapping[str, Any] = facts["profiles"]

    def profile(name: str) -> dict[str, list[str]]:
        own = dict(profiles[name])
        below = own.pop("like", None)
        return (profile(below) if below else {}) | own

    return {
        key: (profile(row["like"]) if "like" in row else {}) | row.get("terms", {})
        for key, row in facts["licences"].items()
    }


def _term(name: str, row: Sequence[str], licence: LicenceId, clause: str) -> Term:
    answer, words, own = row
    is_use = name in USES
    # Only what is granted or asked rests on a clause; that nothing is asked rests on none.
    says = own or (clause if is_use or answer == Applies.APPLIES else "")
    return Term(
        name=name,
        answer=May(answer) if is_use else Applies(answer),
        words=words,
        clause=says,
        licence=licence.name,
    )


def _unknown(name: str, licence: LicenceId, words: str) -> Term:
    answer = May.UNKNOWN if name in USES else Applies.UNKNOWN
    return Term(name=name, answer=answer, words=words, clause="", licence=licence.name)


def _unlisted(licence: LicenceId, answer: May, why: str) -> dict[str, Term]:
    """What is known of a licence outside the table: open-source licences allow every use."""
    entry = spdx_table().get(licence.spdx)
    is_osi = entry is not None and entry.osi_approved
    is_free = is_osi or (entry is not None and entry.fsf_libre)
    found = {name: _unknown(name, licence, why) for name in (*USES, *DUTIES)}
    if not is_free:
        return found
    by = "OSI-approved" if is_osi else "called free by the FSF"
    for use in USES:
        found[use] = Term(
            name=use,
            answer=answer if use == "commercial" else May.CONDITIONS,
            words=f"{by}, so every use is allowed; its conditions are not in this table",
            clause=_OSD if is_osi else _FREEDOMS,
            licence=licence.name,
        )
    return found


def _joined(parts: Sequence[Mapping[str, Term]], *, strict: bool) -> dict[str, Term]:
    pick = min if strict else max
    return {
        name: pick((part[name] for part in parts), key=lambda term: term.strictness)
        for name in (*USES, *DUTIES)
    }
