"""Make the fingerprints by which the texts of licences are recognised.

python scripts/make_licence_prints.py FOLDER

FOLDER holds scancode's licence database (licensedcode/data/licenses of scancode-toolkit 32.5.0,
CC-BY-4.0): a file for each licence, YAML in front and the text below. Hashes are kept, no text.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from elige.catalog.fingerprint import Hashes, shingles

TARGET = Path(__file__).parent.parent / "src" / "elige" / "catalog" / "licence_prints.npz"
# Hashes kept of a licence; more of those that are met on models and of families that are alike.
FEW, MANY = 64, 384
CLOSE = re.compile(
    r"llama|gemma|falcon|-rail|openrail|qwen|tongyi|deepseek|stabl|nvidia-(open|model)|moonshot"
    r"|hyperclova|exaone|flux|hunyuan|chameleon|ferret|openmdw|^cc-by|^[al]?gpl-\d|^apache-2"
    r"|^(mit|bsd|mpl|cdla|odbl|odc)"
)
FRONT = re.compile(r"---\n(.*?)\n---\n?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Print:
    """A licence: what it is called, how many shingles its text has, and those that are kept."""

    line: str
    size: int
    kept: Hashes


def main(folder: Path) -> None:
    """Write the fingerprints of every licence with a text."""
    made = list(prints(folder))
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
        own = shingles(text)
        if facts.get("is_deprecated") or not len(own):
            continue
        spdx = facts.get("spdx_license_key", "")
        names = (facts["key"], spdx, facts["short_name"], facts["category"])
        few = MANY if CLOSE.search(facts["key"]) else FEW
        yield Print(line="\t".join(names), size=len(own), kept=own[:few])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
