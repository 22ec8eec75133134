"""The description of a model of Azure's catalogue: a Markdown file beside its spec."""

import re
from pathlib import Path

from elige.catalog.hostile import read_tree
from elige.catalog.openness.words import section
from elige.catalog.sources.reading import text
from elige.errors import BadInput

_USUAL = "description.md"
_LONGEST_BYTES = 300_000
# Headings, tables, quotes, lists, fences, pictures and HTML on lines of their own are no prose.
_NO_PROSE = re.compile(r"\s*(?:[#|>`~]|!\[|[-*+]\s|\d+[.)]\s|<|---)")
_LINKED = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(?<!\w)[*_`]{1,3}(?=\w)|(?<=[\w.:])[*_`]{1,3}(?!\w)|</?\w[^>]*>")
_FEWEST_WORDS = 5


def description_of(spec: Path) -> str:
    """The text of the file that tells of the model at `spec`; '' where there is none to read.

    model.yaml names it; only a file of the same folder is read.
    """
    path = spec.parent / (_named(spec.parent / "model.yaml") or _USUAL)
    try:
        if path.stat().st_size > _LONGEST_BYTES or not path.is_file():
            return ""
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError):
        return ""


def opening(description: str) -> str:
    """The first paragraph of prose, on one line and without marks; '' where there is none."""
    kept: list[str] = []
    in_code = False
    for line in [*description.splitlines(), ""]:
        if line.lstrip().startswith(("```", "~~~")):
            in_code = not in_code
        if line.strip() and not in_code and not _NO_PROSE.match(line):
            kept.append(line)
            continue
        words = _plain(" ".join(kept))
        if len(words.split()) >= _FEWEST_WORDS:
            return text(words)
        kept = []
    return ""


def _named(path: Path) -> str:
    """The file that model.yaml names as description, '' for none or one of another folder."""
    if not path.is_file():
        return ""
    try:
        name = text(section(read_tree(path), "publish").get("description"))
    except BadInput:
        return ""
    return name if name == Path(name).name and name not in (".", "..") else ""


def _plain(line: str) -> str:
    return _MARKS.sub("", _LINKED.sub(r"\1", line))
