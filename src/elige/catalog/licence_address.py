"""Which licence a web address on one of the well-known sites means, by its form alone."""

import re

_PAGE = re.compile(
    r"(?:https?://)?(?:www\.)?"
    r"(?:spdx\.org/licenses|choosealicense\.com/licenses|opensource\.org/licenses?"
    r"|gnu\.org/licenses(?:/old-licenses)?)/([\w.+-]+?)(?:\.en)?(?:\.html|\.json|\.txt|-standalone\.html)?/?",
    re.IGNORECASE,
)
_APACHE = re.compile(
    r"(?:https?://)?(?:www\.)?apache\.org/licenses/license-(\d\.\d)(?:\.txt|\.html)?/?",
    re.IGNORECASE,
)
# Creative Commons' own pages, without those of a country: /by/3.0/de/ has another text.
_COMMONS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/licenses/(by(?:-[a-z]{2}){0,2})/(\d\.\d)"
    r"(?:/|/(?:deed|legalcode)(?:\.\w+)?)?",
    re.IGNORECASE,
)
_ZERO = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/publicdomain/zero/1\.0"
    r"(?:/|/(?:deed|legalcode)(?:\.\w+)?)?",
    re.IGNORECASE,
)
_DASHED = re.compile(r"(\d)-(\d)$")


def named_by_address(text: str) -> str:
    """The name of the licence at the address `text`, '' for any other text."""
    if found := _COMMONS.fullmatch(text):
        return f"cc-{found[1].lower()}-{found[2]}"
    if _ZERO.fullmatch(text):
        return "cc0-1.0"
    if found := _APACHE.fullmatch(text):
        return f"apache-{found[1]}"
    if found := _PAGE.fullmatch(text):
        return _DASHED.sub(r"\1.\2", found[1].lower())
    return ""
