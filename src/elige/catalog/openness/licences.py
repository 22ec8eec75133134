"""Whether the licence that a text names is an open one."""

from elige.catalog.licence import LicenceId, identify
from elige.catalog.openness.record import Licence
from elige.catalog.spdx import SpdxLicence, spdx_table

# Families whose every member is open, and open licences that the list has under another id.
_AS_GOOD_AS = {
    "bsd": "BSD-3-Clause",
    "gpl": "GPL-3.0",
    "lgpl": "LGPL-3.0",
    "cc-by": "CC-BY-4.0",
    "cc-by-sa": "CC-BY-SA-4.0",
    "openmdw-1.0": "OpenMDW-1.0",
    "openmdw-1.1": "OpenMDW-1.0",
    "gfdl": "GFDL-1.3",
    "pddl": "ODC-PDDL-1.0",
}
NO_LICENCE = Licence(
    stated="", key="unknown", name="no licence", spdx="", is_open=None, osi_approved=None
)


def understood(stated: str) -> Licence:
    """The licence that `stated` names, however it is written, and whether it is open.

    Several that apply together are open when all are, several to choose from when one is.
    """
    if not stated.strip():
        return NO_LICENCE
    found = identify(stated)
    entry = _entry(found)
    if entry is not None:
        return _listed(stated, found, entry)
    is_open, osi = _flags(found)
    return Licence(
        stated=stated,
        key=found.key,
        name=found.name,
        spdx=found.spdx,
        is_open=is_open,
        osi_approved=osi,
    )


def as_written(stated: str) -> Licence:
    """The licence whose SPDX id `stated` is, to the letter; any other text is no open licence."""
    entry = spdx_table().get(stated)
    if entry is not None:
        return _listed(stated, None, entry)
    return Licence(
        stated=stated,
        key=stated.lower(),
        name=stated,
        spdx="",
        is_open=False,
        osi_approved=False,
    )


def _listed(stated: str, found: LicenceId | None, entry: SpdxLicence) -> Licence:
    return Licence(
        stated=stated,
        key=found.key if found else entry.id.lower(),
        name=found.name if found else entry.id,
        spdx=found.spdx if found else entry.id,
        is_open=entry.is_open,
        osi_approved=entry.osi_approved,
        kinds=entry.kinds,
    )


def _entry(found: LicenceId) -> SpdxLicence | None:
    return spdx_table().get(_AS_GOOD_AS.get(found.key, found.spdx))


def _flags(found: LicenceId) -> tuple[bool | None, bool | None]:
    """Open and OSI-approved: a known licence outside the SPDX list is neither."""
    if not found.parts:
        return (False, False) if found.is_known else (None, None)
    entries = [_entry(part) for part in found.parts]
    together = any if found.joint == "any" else all
    return (
        together(entry is not None and entry.is_open for entry in entries),
        together(entry is not None and entry.osi_approved for entry in entries),
    )
