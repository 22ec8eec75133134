"""Make the fingerprints by which the texts of licences are recognised.

python scripts/make_licence_prints.py FOLDER SPDX

FOLDER holds scancode's licence database (licensedcode/data/licenses of scancode-toolkit 32.5.0,
CC-BY-4.0): a file for each licence, YAML in front and the text below. SPDX is the SPDX list with
its texts as JSON (spdx-full.json of the npm package spdx-license-list 6.12.0): of some licences it
has another wording, with names left out or with more around it. Hashes are kept, no text.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from elige.catalog.fingerprint import Hashes, shingles
from elige.catalog.licence_terms import key_by_text
from elige.catalog.markup import without_markup

TARGET = Path(__file__).parent.parent / "src" / "elige" / "catalog" / "licence_prints.npz"
# Hashes kept of a licence: all of a short one and of those of the table, so that it shows which
# words of a text are not the licence's; of the others more where a family is alike.
FEW, MANY, SHORT = 64, 384, 400  # SHORT as in fingerprint.py
CLOSE = re.compile(
    r"llama|gemma|falcon|-rail|openrail|qwen|tongyi|deepseek|stabl|nvidia-(open|model)|moonshot"
    r"|hyperclova|exaone|flux|hunyuan|chameleon|ferret|openmdw|^cc-by|^[al]?gpl-\d|^apache-2"
    r"|^(mit|bsd|mpl|cdla|odbl|odc)"
)
# Licences whose text in the SPDX list is not almost the one in scancode's database.
TOO = (
    "AFL-2.0", "Apache-1.1", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear",
    "BSD-3-Clause-LBNL", "CC-BY-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-4.0", "CC-BY-NC-2.0",
    "CC-BY-NC-2.5", "CC-BY-NC-ND-2.0", "CC-BY-NC-ND-2.5", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-2.5",
    "CC-BY-ND-4.0", "CC-BY-SA-4.0", "CDDL-1.0", "CPL-1.0", "CUA-OPL-1.0", "EUPL-1.2", "GPL-2.0",
    "ICU", "IPL-1.0", "ISC", "LGPL-3.0", "MPL-1.1", "MS-PL", "NCSA", "NTP", "OSL-2.1", "OSL-3.0",
    "PolyForm-Small-Business-1.0.0", "PostgreSQL", "Python-2.0", "Unicode-3.0", "W3C",
    "W3C-20150513", "WTFPL", "ZPL-2.0", "ZPL-2.1",
)  # fmt: skip
# Relatives that differ by a clause: kept whole too.
WHOLE = re.compile(r"cc-by(-nc|-nd|-sa)*-\d\.\d|[al]?gpl-\d\.\d|osl-\d\.\d|afl-\d\.\d")
FRONT = re.compile(r"---\n(.*?)\n---\n?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Print:
    """A licence: what it is called, how many shingles its text has, and those that are kept."""

    line: str
    size: int
    kept: Hashes


def main(folder: Path, spdx: Path) -> None:
    """Write the fingerprints of every licence with a text."""
    made = list(prints(folder))
    made += worded_by_spdx(spdx, [one.line for one in made])
    hashes = np.concatenate([one.kept for one in made])
    packed = hashes.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3].ravel()
    np.savez_compressed(
        TARGET,
        names=np.frombuffer("\n".join(one.line for one in made).encode(), dtype=np.uint8),
        sizes=np.array([one.size for one in made], dtype=np.uint32),
        kept=np.array([len(one.kept) for one in made], dtype=np.uint16),
        hashes=packed,
    )


def prints(folder: Path) -> Iterator[Print]:
    """A fingerprint for each licence of `folder` that is not withdrawn."""
    for file in sorted(folder.glob("*.LICENSE")):
        found = FRONT.match(file.read_text("utf-8"))
        if not found:
            continue
        facts, text = yaml.safe_load(found[1]), found[2].strip()
        own = shingles(without_markup(text))
        if facts.get("is_deprecated") or not len(own):
            continue
        spdx = facts.get("spdx_license_key", "")
        names = (facts["key"], spdx, facts["short_name"], facts["category"])
        few = MANY if CLOSE.search(facts["key"]) else FEW
        is_whole = len(own) <= SHORT or facts["key"] in key_by_text()
        is_whole |= bool(WHOLE.fullmatch(facts["key"]))
        yield Print(line="\t".join(names), size=len(own), kept=own if is_whole else own[:few])


def worded_by_spdx(file: Path, lines: Sequence[str]) -> Iterator[Print]:
    """A second fingerprint for each licence of `TOO`, under the line that it has in `lines`."""
    known = {line.split("\t")[1]: line for line in lines}
    texts = json.loads(file.read_text("utf-8"))
    for name in TOO:
        own = shingles(without_markup(texts[name]["licenseText"]))
        line = known[name] if name in known else known[f"{name}-only"]
        yield Print(line=line, size=len(own), kept=own)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
