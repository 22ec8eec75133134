"""The YAML files at a place, and what cannot be read of them."""

from collections.abc import Iterator
from pathlib import Path

from elige.catalog.hostile import Tree, read_tree
from elige.errors import BadInput
from elige.records import Broken, Place

_SUFFIXES = frozenset({".yml", ".yaml"})


def files_at(place: Place, *, source: str, address: str) -> Iterator[tuple[str, Path]]:
    """Each YAML file at a place with its name there, in the order of their names.

    Files that begin with '_' or '.' describe the others and are passed over. Raises `BadInput`
    where there is no such file or folder, and for a folder without any.
    """
    path = place.path
    if path is None:
        raise BadInput(
            f"{source} is read from files.",
            hint=f"Fetch {address}, and name the folder: elige models sync {source} --from FOLDER",
        )
    if path.is_file():
        yield path.name, path
        return
    if not path.is_dir():
        raise BadInput(f"There is no file or folder {path}.", hint="Check the name.")
    found = sorted(one for one in path.rglob("*") if one.suffix.lower() in _SUFFIXES)
    if not found:
        raise BadInput(
            f"{path} holds no YAML files.", hint=f"Name a folder with files of {address}."
        )
    for one in found:
        if not one.name.startswith(("_", ".")):
            yield one.relative_to(path).as_posix(), one


def tree_at(name: str, path: Path) -> dict[str, Tree] | Broken:
    """The keys of a file, or why it cannot be read."""
    try:
        return read_tree(path)
    except BadInput as error:
        return broken(name, path, error)


def broken(name: str, path: Path, error: BadInput) -> Broken:
    """A file that could not be read, with the reason that does not repeat its path."""
    why = str(error).replace(str(path), name).removeprefix(f"{name}: ").removeprefix(f"{name} ")
    return Broken(where=name, why=why)
