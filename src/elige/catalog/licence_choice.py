"""Whether a text in which several licences stand says that one of them may be chosen."""

import re
from collections.abc import Sequence

from elige.catalog.fingerprint import added

# In words without marks, in small letters. Only what is said around the licences counts: the GPL
# itself speaks of "either version 3 ... or (at your option) any later version".
_CHOICE = re.compile(
    r"\b(?:choose|pick|select|use) (?:whichever|either|one|between|any one)\b"
    r"|\bwhichever (?:one )?(?:of them )?you (?:prefer|like|choose|want)\b"
    r"|\b(?:under|of) either (?:of )?(?:the )?(?:these |two |following )*(?:licen[sc]es?|\w+ or)\b"
    r"|\beither (?:of )?(?:the|these) (?:two |following )?licen[sc]es\b"
    r"|\b(?:under|with) (?:your choice|the choice) of\b|\bat your (?:own )?(?:option|choice)\b"
    r"|\bdual(?:ly)? licen[sc]ed\b|\b(?:two|2) alternative licen[sc]es\b"
)
# Where several things are spoken of, each may have a licence of its own.
_SEVERAL = re.compile(
    r"\b(?:portions?|parts? of|files?|director(?:y|ies)|folders?|components?|librar(?:y|ies)"
    r"|third part(?:y|ies)|bundled|modules?|subcomponents?|datasets?|weights)\b"
)
# More than this around the licences is a text about more than the choice between them.
_MOST_WORDS = 150


def choice_said(text: str, scancode: Sequence[str]) -> str:
    """The words that offer a choice between the licences with these ids; '' for none.

    A limit that is said beside them, or several things that are spoken of, make it none.
    """
    passages = added(text, *scancode)
    around = " ".join(passages)
    if len(around.split()) > _MOST_WORDS or _SEVERAL.search(around):
        return ""
    found = _CHOICE.search(around)
    return found[0] if found else ""
