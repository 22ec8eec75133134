"""What a text says against a use that the licence it is like allows: terms of its own."""

import re

from elige.catalog.fingerprint import added
from elige.catalog.licence import LicenceId, May, table
from elige.catalog.licence_terms import Applies, terms_of
from elige.catalog.spdx import spdx_table

_DUTIES = ("use-policy", "user-limit", "royalties", "territory", "naming")
# What no licence says that allows every use; said in one, it is another licence. Spaces are single.
_ANYWHERE = re.compile(
    r"(?<!\bcommercial or )(?<!\bcommercial and )(?<!\bcommercial, )"
    r"\bnon-?\s?commercial(?:ly)? (?:use|purpose|research|licen[cs]e|basis)"
    r"|\bcommercial (?:use|usage|purposes?) (?:is|are|requires?|shall|must|by|without|needs?)\b"
    r"|\b(?:no|not for|prohibit\w*|except for) commercial (?:use|usage|purposes?)"
    r"|commons clause|right to sell\b|monthly active users|(?:annual|yearly|monthly) revenue"
    r"|acceptable use (?:policy|addendum)|prohibited uses?\b|use-based restrictions?"
    r"|\b(?:academic|research|educational|evaluation) (?:purposes?|use) only\b"
    r"|\b(?:only|solely) for (?:\w+ )?(?:academic|research|educational|personal|evaluation)"
    r"|military (?:purpose|use|application)|\bcompet(?:es|ing|itive) (?:with|product|service|use)"
    r"|\b(?:train|improve|develop) (?:any )?(?:other|another|competing) (?:\w+ ){0,3}models?\b"
    r"|prominently display|\bhereby not granted\b|\bmit license \(?modified\b",
    re.IGNORECASE,
)
# The same in the words that stand in no wording of the licence, in small letters without marks.
_ADDED = re.compile(
    r"^not(?: without.*)?$|\b(?:hereby|is|are) not\b(?! gpl| incompatible| liable| responsible)"
    r"|\bnot (?:permitted|granted|allowed|authori[sz]ed|edit|sell|exercise|be sold)\b"
    r"|\bnot use\b(?! this file except)"
    r"|\bpermitted\b|\bdisallow\w*|\bprohibit\w*|\bforbid\w*|\brestricted\b|\bwith restrictions?\b"
    r"|\bonly (?:be )?(?:used?|exercised|for)\b|\bpurposes? only\b|\bsystems only\b|^only\b"
    r"|\bno (?:permissions?|fees?|redistribution|use|payment|commercial)\b"
    r"|\b(?:non ?)?commercial(?:ly)? (?!or|and)|\bmonetary\b|\bsold\b|\bsale\b|\bpurchase\w*"
    r"|\bpay(?:ing|ments?)?\b|\broyalt\w+"
)
# What turns a grant of every use round, or makes a bargain of it.
_TURNED = re.compile(
    r"\bbut not\b|\bmust not\b|\bmay not be used\b|\b(?:you|they|users?) (?:may|can|shall) not\b"
    r"|^(?:no|with|modified)$|\bunless\b(?! required)|\bexcluding\b|\bremain free\b"
    r"|\bfor use (?:on|with)\b|\bwithout (?:the )?(?:express|explicit|prior)\b"
    r"|\bobtain permission\b|\bpermissions? (?:is|are|needs?|must)\b|\bnot grant permission\b"
    r"|\bextends? only to\b|\bplatform limitation\b|\byou (?:also )?agree to\b|\byou give\b"
    r"|\bcontribute to\b"
)
# What every licence of the kind says of passing copies on.
_PASSED_ON = re.compile(r"distribu|sublicen|\bsell\b|public domain", re.IGNORECASE)
# Of these a licence that asks for them itself may speak in other words.
_SHARED = re.compile(r"\bshare ?alike\b|\bno ?deriv\w+")


def limit_said(
    text: str, licence: LicenceId, *, scancode: str, is_whole: bool, is_part: bool
) -> str:
    """What `text` says against a use that `licence` allows, in words; '' for nothing.

    `is_whole` says that the text has the licence's wording word for word, `is_part` that the
    licence stands in a longer one.
    """
    if is_whole and licence.key not in table():
        return ""  # some open licences off the table speak of such things themselves
    parts = licence.parts or (licence,)
    if not licence.is_known or not all(map(allows_all, parts)):
        return ""
    if said := _ANYWHERE.search(" ".join(text.split())):
        return _told(said)
    is_changed = bool(scancode) and not is_part and not is_whole and _is_free(licence)
    if is_changed and not _PASSED_ON.search(text):
        return "grants nobody to pass it on, as that does"
    passages = [] if is_part or not scancode else added(text, scancode)
    patterns = [_ADDED] if _shares(licence) else [_ADDED, _SHARED]
    patterns += [_TURNED] if is_changed else []
    found = (pattern.search(passage) for pattern in patterns for passage in passages)
    return next((_told(one) for one in found if one), "")


def _told(said: re.Match[str]) -> str:
    return f"says {said[0].strip()!r}, which that does not"


def _shares(licence: LicenceId) -> bool:
    return terms_of(licence)["share-alike"].answer is not Applies.NONE


def _is_free(licence: LicenceId) -> bool:
    facts = table().get(licence.key)
    return allows_all(licence) if facts is None else facts.commercial == "yes"


def allows_all(licence: LicenceId) -> bool:
    """Whether a licence forbids no use and limits no user: open ones, with or without copyleft."""
    facts = table().get(licence.key)
    if facts is None:
        listed = spdx_table().get(licence.spdx)
        return listed is not None and listed.is_open
    found = terms_of(licence)
    return (
        facts.commercial in ("yes", "conditions")
        and found["train-others"].answer is not May.NO
        and not any(found[duty].answer is Applies.APPLIES for duty in _DUTIES)
    )
