"""Restate the ids and flags that the openness rules need.

python scripts/make_openness_facts.py FOLDER

FOLDER holds the Model Openness Tool's mof.settings.yml, spdx_licenses.json and mof-licenses.json
(lfai/model_openness_tool, read at commit 8b5d30e). Only ids, names, classes and flags are kept.
"""

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

import yaml

TARGET = Path(__file__).parent.parent / "src" / "elige" / "catalog"
SOURCE = "https://github.com/lfai/model_openness_tool"
COMMIT = "8b5d30e"
TYPES = ("code", "data", "document")
# What the tool calls open beside the flags of the SPDX list (LicenseHandler, OPEN_DATA_LICENSES);
# its "ODC-PDDL-1.0" is in no list, the licence's SPDX id is PDDL-1.0.
OPEN_TOO = """
CC0-1.0 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-AT CC-BY-3.0-AU
CC-BY-3.0-DE CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US CC-BY-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0
CC-BY-SA-2.0-UK CC-BY-SA-2.1-JP CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-3.0-AT CC-BY-SA-4.0
CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 ODC-PDDL-1.0 ODC-By-1.0 ODbL-1.0
GFDL-1.3 OGL-Canada-2.0 OGL-UK-2.0 OGL-UK-3.0 OpenMDW-1.0
""".split()  # noqa: SIM905 - a list of it is 32 lines long


def main(folder: Path) -> None:
    """Write spdx.yaml and mof.yaml into the package."""
    (TARGET / "spdx.yaml").write_text("\n".join(spdx(folder)) + "\n", "utf-8")
    mof = TARGET / "openness" / "mof.yaml"
    mof.write_text("\n".join(components(folder)) + "\n", "utf-8")


def spdx(folder: Path) -> Iterator[str]:
    """The lines of spdx.yaml: every SPDX id under the flags that it has."""
    listed = json.loads((folder / "spdx_licenses.json").read_text("utf-8"))
    rows = listed["licenses"]
    yield "# Licence ids of the SPDX list and who calls them open; facts restated, no texts."
    yield from _origin(f"the SPDX list {listed['licenseListVersion']} of {listed['releaseDate']}")
    flags = {
        "both": [one for one in rows if _osi(one) and _fsf(one)],
        "osi": [one for one in rows if _osi(one) and not _fsf(one)],
        "fsf": [one for one in rows if _fsf(one) and not _osi(one)],
        "neither": [one for one in rows if not _fsf(one) and not _osi(one)],
    }
    for flag, licences in flags.items():
        yield from _list(flag, sorted(one["licenseId"] for one in licences))
    yield from _list("open_too", OPEN_TOO)
    own = json.loads((folder / "mof-licenses.json").read_text("utf-8"))["licenses"]
    # Where an id stands twice the later row wins, as in the tool.
    typed = {one["licenseId"]: one["ContentType"] for one in own}
    for kind in TYPES:
        yield from _list(
            f"for_{kind}",
            sorted(name for name, types in typed.items() if kind in _several(types)),
        )


def components(folder: Path) -> Iterator[str]:
    """The lines of mof.yaml: the components, their class, content type, and who needs them."""
    rows = yaml.safe_load((folder / "mof.settings.yml").read_text("utf-8"))["components"]
    yield "# The components of the Model Openness Framework 1.0; facts restated."
    yield from _origin("mof.settings.yml")
    yield "components:"
    for row in sorted(rows, key=lambda one: (-one["class"], one["id"])):
        needed = "true" if row["required"] else "false"
        yield (
            f"  - {{name: {row['name']}, class: {row['class']}, "
            f"type: {row['content_type']}, required: {needed}}}"
        )


def _origin(what: str) -> Iterator[str]:
    yield f"source: {SOURCE}"
    yield f"commit: {COMMIT}"
    yield f"from: {what}"
    yield 'checked: "2026-11-26"'


def _list(name: str, ids: Iterable[str]) -> Iterator[str]:
    yield f"{name}: >-"
    yield from textwrap.wrap(
        " ".join(ids),
        96,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _several(types: Any) -> list[str]:  # noqa: ANN401 - a name or a list of them
    return [types] if isinstance(types, str) else list(types)


def _osi(row: dict[str, Any]) -> bool:
    return bool(row.get("isOsiApproved"))


def _fsf(row: dict[str, Any]) -> bool:
    return bool(row.get("isFsfLibre"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
