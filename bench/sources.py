"""Every file of the catalogue's sources at hand: how long its reading takes, and what is broken.

Each source is read twice in one process; the second time has its modules loaded. Licences are all
that the records name. Exits with 3 where a reading fails, or where a licence without an identity
(in the table or the SPDX list) is said to allow commercial use in place of being unknown.

    python bench/sources.py ../shared/data
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from elige.catalog.licence import May, identify, may_commercial
from elige.catalog.sources import source
from elige.errors import EligeError
from elige.records import Broken, Column, Entry, Place, Source

# Where the files of each source lie below the folder.
_PLACES = (
    ("llmfit", "catalog/llmfit/hf_models_16849.json.gz"),
    ("modelsdev", "catalog/modelsdev/models_metadata.json"),
    ("modelsdev", "prices/models.dev_toml_f3fc692.tar.gz"),
    ("openrouter", "prices/openrouter_models_2026.json"),
    ("genai-prices", ""),
    ("mof", "openness/mot"),
    ("osai", "openness/osai"),
    ("open-llm-leaderboard", "scores/open_llm_leaderboard_v2_2025-05-09.csv"),
    ("llm-stats", "scores/llmstats"),
    ("lmarena", "scores/lmarena_text.csv"),
    ("lmarena", "scores/lmarena_vision.csv"),
    ("lmarena", "scores/lmarena_image.csv"),
    ("configs", "configs"),
    ("starter", ""),
)


@dataclass
class Reading:
    """What was read at one place; seconds of the first time and of the second."""

    entries: int = 0
    broken: list[Broken] = field(default_factory=list)
    licences: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def read(one: Source, place: Place) -> Reading:
    """Read it twice."""
    found = Reading()
    for again in (False, True):
        began = perf_counter()
        for record in one.read(place):
            if not again:
                _count(found, record)
        found.seconds.append(perf_counter() - began)
    return found


def _count(found: Reading, record: Entry | Broken) -> None:
    if isinstance(record, Broken):
        found.broken.append(record)
        return
    found.entries += 1
    stated = record.values.get(Column.LICENCE)
    if isinstance(stated, str):
        found.licences[stated] += 1


def unpacked(path: Path, folder: str) -> Path:
    """The folder within a packed one, else the path itself."""
    if not path.name.endswith(".tar.gz"):
        return path
    import tarfile

    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    inside = list(Path(folder).iterdir())
    return inside[0] if len(inside) == 1 else Path(folder)


def readings(data: Path) -> Iterator[tuple[str, str, Reading | EligeError]]:
    """Each source with the place below `data` and what was read there, or why nothing was."""
    for name, below in _PLACES:
        path = data / below
        if below and not path.exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            place = Place(path=unpacked(path, folder) if below else None)
            try:
                yield name, below, read(source(name), place)
            except EligeError as error:
                yield name, below, error


def main() -> int:
    """Read all and print the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of real data")
    args = parser.parse_args()
    failed, licences, broken = 0, Counter[str](), list[tuple[str, Broken]]()
    print("| source | place | entries | broken | first s | again s |\n|---|---|---|---|---|---|")
    for name, below, found in readings(args.data):
        if isinstance(found, EligeError):
            failed += 1
            print(f"| {name} | {below} | failed: {found} | | | |")
            continue
        licences += found.licences
        broken += [(name, one) for one in found.broken]
        first, again = found.seconds
        told = f"{found.entries:,} | {len(found.broken):,} | {first:.2f} | {again:.2f}"
        print(f"| {name} | {below or 'shipped or installed'} | {told} |", flush=True)
    print(f"\n{len(broken):,} records are broken:")
    for name, one in broken:
        print(f"- {name}: {one.where}: {one.why}")
    return 3 if _print_licences(licences) or failed else 0


def _print_licences(licences: Counter[str]) -> int:
    """Say how many have an identity; how many of the others are told as if they had."""
    found = [identify(stated) for stated in licences]
    unknown = [one for one in found if not one.is_known]
    answers = [may_commercial(one)[0] for one in unknown]
    wrong = sum(answer not in {May.UNKNOWN, May.NO} for answer in answers)
    print(f"\n{len(found):,} different licences are named: {len(found) - len(unknown):,} have an")
    print(f"identity, {len(unknown):,} are said not to be known, {wrong} are told as if they were.")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
