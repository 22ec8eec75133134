"""The JSON files of llm-stats' folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any  # JSON has no narrower type

from elige.catalog.sources.json_files import decoded, flaw, parsed
from elige.catalog.sources.packed import bytes_of
from elige.errors import BadInput
from elige.records import Broken
from elige.text import one_line

_MOST_BYTES = 50_000_000
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
    """Every file that `pattern` finds and that is a sound object; the others join `broken`."""
    found: list[tuple[Path, Tree]] = []
    for path in sorted(root.glob(pattern)):
        where = str(path.relative_to(root))
        tree = read_tree(path, where, broken)
        why = flaw(tree) if isinstance(tree, dict) else "no JSON object"
        if not why:
            found.append((path, tree))
        elif tree is not None:
            broken.append(Broken(where=where, why=why))
    return found


def read_tree(path: Path, where: str, broken: list[Broken]) -> Any:  # noqa: ANN401 - JSON
    """What the file holds; None, and a place in `broken`, for one that cannot be read."""
    try:
        return parsed(decoded(bytes_of(path, most=_MOST_BYTES)), exact=True)
    except (BadInput, ValueError) as error:
        broken.append(Broken(where=where, why=f"no JSON: {one_line(error)[:120]}"))
        return None
