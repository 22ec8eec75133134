"""The JSON files of llm-stats' folder."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any  # JSON has no narrower type

from elige.catalog.sources.score_cell import text_of
from elige.errors import BadInput
from elige.records import Broken

Tree = Mapping[str, Any]


def root_of(path: Path | None) -> Path:
    """The folder that holds `organizations`. Raises `BadInput` where there is none."""
    if path is None:
        raise BadInput(
            "LLM Stats is read from a folder, and none is named.",
            hint="Name a copy of github.com/JonathanChavezTamales/llm-leaderboard: --from FOLDER",
        )
    for folder in (path, path / "data"):
        if (folder / "organizations").is_dir():
            return folder
    raise BadInput(
        f"{path} holds no folder data/organizations.", hint="Name the folder of LLM Stats' files."
    )


def read_all(root: Path, pattern: str, broken: list[Broken]) -> list[tuple[Path, Tree]]:
    """Every file that `pattern` finds and that is an object; the others join `broken`."""
    found: list[tuple[Path, Tree]] = []
    for path in sorted(root.glob(pattern)):
        where = str(path.relative_to(root))
        tree = read_tree(path, where, broken)
        if isinstance(tree, dict):
            found.append((path, tree))
        elif tree is not None:
            broken.append(Broken(where=where, why="no JSON object"))
    return found


def read_tree(path: Path, where: str, broken: list[Broken]) -> Any:  # noqa: ANN401 - JSON
    """What the file holds; None, and a place in `broken`, for one that cannot be read."""
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        broken.append(Broken(where=where, why=f"no JSON: {text_of(error)[:120]}"))
        return None


def decimal_of(cell: object, unit: str) -> Decimal | None:
    """A price: `cell` times `unit`; None where none is given. Raises `ValueError`."""
    text = text_of(cell)
    if not text:
        return None
    try:
        price = Decimal(text) * Decimal(unit)
    except InvalidOperation as error:
        raise ValueError(f"{text[:40]!r} is no price") from error
    if not price.is_finite() or price < 0:
        raise ValueError(f"{text[:40]} is no price")
    return price
