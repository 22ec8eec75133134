"""The files of models.dev in a folder, a .tar.gz or a .zip, and what a model inherits."""

import posixpath
import tarfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any  # what TOML holds has no narrower type

from elige.catalog.sources.packed import Limits, is_archive, members_of
from elige.errors import BadInput

MAX_FILES, MAX_FILE, MAX_ALL = 500_000, 1_000_000, 1_000_000_000
_NO_DATE = "1980-01-01"  # what a zip without dates has
_DEEPEST = 20  # links and bases that lead to one another
_MOST_DOTS = 100  # the time that a dotted key takes grows with the square of its parts
_HINT = "Give the repository of models.dev as a folder, a .tar.gz or a .zip, or its api.json."


@dataclass(frozen=True, slots=True)
class Tree:
    """TOML files by their path below the repository's root, links by theirs, and when it was made.

    `dated` is the ISO date of the newest file in an archive, '' for a folder.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    dated: str = ""

    def resolved(self, path: str) -> bytes | None:
        """The bytes at `path`, along links; None where a link leads nowhere."""
        for _ in range(_DEEPEST):
            if path in self.files:
                return self.files[path]
            target = self.links.get(path)
            if target is None:
                return None
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return None

    def below(self, folder: str) -> Iterator[str]:
        """The paths of all TOML files and links below `folder`, in order."""
        yield from sorted(
            path for path in (*self.files, *self.links) if path.startswith(f"{folder}/")
        )


def tree_at(path: Path) -> Tree:
    """The tree at `path`. Raises `BadInput` where nothing can be read."""
    if not path.exists():
        raise BadInput(f"There is no file {path}.", hint="Check the name.")
    if not path.is_dir() and not is_archive(path):
        raise BadInput(f"{path} is no archive that can be read.", hint=_HINT)
    try:
        found = _of_folder(path) if path.is_dir() else _of_archive(path)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInput(f"{path} cannot be read: {str(error)[:200]}.", hint=_HINT) from error
    rooted = _rooted(found)
    if not any(rooted.below("providers")) and not any(rooted.below("models")):
        raise BadInput(f"{path} holds no providers of models.dev.", hint=_HINT)
    return rooted


def _rooted(tree: Tree) -> Tree:
    """The same tree with paths from the repository's root on (archives have a folder above)."""
    roots = [
        path[: path.rindex("providers/")]
        for path in tree.files
        if path.endswith("/provider.toml") and "providers/" in path
    ]
    root = min(roots, key=len, default="")
    size = len(root)
    return Tree(
        files={path[size:]: data for path, data in tree.files.items() if path.startswith(root)},
        links={path[size:]: to for path, to in tree.links.items() if path.startswith(root)},
        dated=tree.dated,
    )


def _of_folder(folder: Path) -> Tree:
    tree = Tree()
    for part in ("providers", "models"):
        for path in sorted((folder / part).rglob("*.toml")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                tree.links[name] = path.readlink().as_posix()
            elif path.is_file() and path.stat().st_size <= MAX_FILE:
                tree.files[name] = path.read_bytes()
            _check_size(tree)
    return tree


def _of_archive(path: Path) -> Tree:
    tree, newest = Tree(), ""
    for one in members_of(path, Limits(files=MAX_FILES, size=MAX_ALL)):
        if not one.name.endswith(".toml"):
            continue
        newest = max(newest, one.dated)
        if one.stream is None:
            tree.links[one.name] = one.target
        elif one.size <= MAX_FILE:
            tree.files[one.name] = one.stream.read()
    return Tree(files=tree.files, links=tree.links, dated=newest if newest > _NO_DATE else "")


def _check_size(tree: Tree) -> None:
    """Raises `BadInput` for more than anybody would call a list of models."""
    if len(tree.files) + len(tree.links) > MAX_FILES:
        raise BadInput(f"More than {MAX_FILES:,} files: that is no models.dev.", hint=_HINT)


class Inherited:
    """What the files say, with what they inherit.

    A model names its base (`base_model = "maker/model"`, a file below models/, or the older
    `[extends] from = "provider/model"`). Tables are merged key by key, anything else replaces what
    the base says, and in the end what `base_model_omit` (`extends.omit`) names is dropped.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read: dict[str, dict[str, Any]] = {}

    def model(self, path: str, above: tuple[str, ...] = ()) -> dict[str, Any]:
        """The whole model at `path`. Raises `ValueError` with a reason where it cannot be read."""
        if path not in self._read:
            self._read[path] = self._whole(path, above)
        return self._read[path]

    def base(self, path: str) -> str:
        """What the file at `path` names as its base in models/; ''."""
        data = self._tree.resolved(path)
        base = "" if data is None else parsed(data).get("base_model", "")
        return base if isinstance(base, str) else ""

    def _whole(self, path: str, above: tuple[str, ...]) -> dict[str, Any]:
        data = self._tree.resolved(path)
        if data is None:
            to = self._tree.links.get(path)
            raise ValueError(f"the link leads nowhere ({to})" if to else "there is no such file")
        own = parsed(data)
        base, omit, is_older = _base(own)
        if not base:
            return own
        if base in above or len(above) >= _DEEPEST:
            raise ValueError(f"its bases name one another: {base}")
        inherited = self.model(self._found(base, is_older), (*above, base))
        try:
            merged = _merged(inherited, own)
        except RecursionError:
            raise ValueError("its tables are nested too deep") from None
        for name in omit:
            _drop(merged, name.split("."))
        return merged

    def _found(self, base: str, is_older: bool) -> str:
        maker, _, model = base.partition("/")
        places = (f"models/{base}.toml", f"providers/{maker}/models/{model}.toml")
        for path in reversed(places) if is_older else places:
            if path in self._tree.files or path in self._tree.links:
                return path
        raise ValueError(f"there is no base {base!r}")


def _base(own: dict[str, Any]) -> tuple[str, list[str], bool]:
    """Takes out what names the base, what is to be dropped, and whether in the older way."""
    base, omit = own.pop("base_model", ""), own.pop("base_model_omit", [])
    older = own.pop("extends", {})
    is_older = not base and isinstance(older, dict)
    if is_older:
        base, omit = older.get("from", ""), older.get("omit", [])
    if not isinstance(base, str):
        raise ValueError(f"its base is {base!r}")
    names = [one for one in omit if isinstance(one, str)] if isinstance(omit, list) else []
    return base, names, is_older


def parsed(data: bytes) -> dict[str, Any]:
    """TOML with numbers as `Decimal`. Raises `ValueError` with a reason."""
    if any(
        part.count(b".") > _MOST_DOTS for line in data.splitlines() for part in line.split(b"=")
    ):
        raise ValueError(f"it has more than {_MOST_DOTS} dots in one key or value")
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError, ArithmeticError) as error:
        raise ValueError(f"it is broken TOML: {str(error)[:200]}") from None


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        key: _merged(value, {}) if isinstance(value, dict) else value for key, value in base.items()
    }
    for key, value in own.items():
        known = found.get(key)
        both = isinstance(value, dict) and isinstance(known, dict)
        found[key] = _merged(known, value) if both and known is not None else value
    return found


def _drop(tree: dict[str, Any], names: list[str]) -> None:
    *path, last = names
    for name in path:
        below = tree.get(name)
        if not isinstance(below, dict):
            return
        tree = below
    tree.pop(last, None)
