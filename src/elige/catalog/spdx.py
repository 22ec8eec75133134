"""The SPDX list: its ids, and who calls a licence open."""

import re
from dataclasses import dataclass
from functools import cache

from elige.catalog.shipped import shipped

_WORDS = re.compile(r"[a-z0-9.+]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpdxLicence:
    """An id of the list. `kinds` are the contents (code, data, document) that it is made for."""

    id: str
    osi_approved: bool
    fsf_libre: bool
    is_open: bool
    kinds: frozenset[str]


@cache
def spdx_table() -> dict[str, SpdxLicence]:
    """Every id with its flags; open is what OSI, the FSF or the Model Openness Tool calls so."""
    facts = shipped("spdx.yaml")
    flags = {name: frozenset(facts[name].split()) for name in facts if isinstance(facts[name], str)}
    osi, fsf = flags["both"] | flags["osi"], flags["both"] | flags["fsf"]
    is_open = osi | fsf | flags["open_too"]
    kinds = {kind: flags[f"for_{kind}"] for kind in ("code", "data", "document")}
    return {
        name: SpdxLicence(
            id=name,
            osi_approved=name in osi,
            fsf_libre=name in fsf,
            is_open=name in is_open,
            kinds=frozenset(kind for kind, names in kinds.items() if name in names),
        )
        for name in sorted(osi | fsf | is_open | flags["neither"])
    }


def spdx_named(text: str) -> SpdxLicence | None:
    """The entry whose id is `text`, whatever its case, spaces and dashes."""
    return _by_letters().get(_letters(text))


@cache
def _by_letters() -> dict[str, SpdxLicence]:
    return {_letters(name): entry for name, entry in spdx_table().items()}


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(text.lower()))
