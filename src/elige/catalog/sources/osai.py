"""System files of the European Open Source AI Index: https://osai-index.eu."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from elige.catalog.hostile import Tree
from elige.catalog.openness.entry import entry_of
from elige.catalog.openness.grade import grade_tree
from elige.catalog.openness.hub_name import hub_name, known_name, made_name
from elige.catalog.openness.osai import is_osai
from elige.catalog.openness.words import links_of, section, told
from elige.catalog.sources.yaml_files import broken, files_at, tree_at
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place, Relation, RelationKind

_COPIED = {column: FactKind.DECLARED for column in (Column.NAME, Column.AUTHOR, Column.LICENCE)}


class OsaiFiles:
    """A file or a folder of files, one a system; every sync reads all of them."""

    name = "osai"
    title = "European Open Source AI Index"
    address = "https://github.com/Language-Technology-Assessment/main-database"
    download = f"{address}/archive/refs/heads/main.tar.gz"
    reads_folders = True
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = _COPIED

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """The files at `place.path`; one that is no system's, or is broken, is named."""
        for name, path in files_at(place, source=self.name, address=self.address):
            tree = tree_at(name, path)
            yield tree if isinstance(tree, Broken) else _entry(name, path, tree)


def _entry(name: str, path: Path, tree: Mapping[str, Tree]) -> Entry | Broken:
    if not is_osai(tree):
        return Broken(where=name, why="no file of the index: it has no 'system'")
    system = section(tree, "system")
    title = told(system.get("endmodelname")) or told(system.get("name"))
    if not title:
        return Broken(where=name, why="the system has no name")
    try:
        found = grade_tree(tree, source=str(path))
    except BadInput as error:
        return broken(name, path, error)
    pages = [*_links(tree, "weights_endmodel"), *links_of(system.get("link"))]
    model = (
        hub_name(title, [*pages, *_links(tree, "modelcard")])
        or known_name("osai", path.name)
        or made_name(found.producer, title)
    )
    return entry_of(found, key=name, model=model, relations=_base(tree, model))


def _base(tree: Mapping[str, Tree], model: str) -> tuple[Relation, ...]:
    """The base model that the system was tuned from, where the file links it by its name."""
    stated = told(section(tree, "system").get("basemodelname"))
    base = hub_name(stated, _links(tree, "weights_basemodel")) if stated else ""
    if not base or base.casefold() == model.casefold():
        return ()
    return (Relation(kind=RelationKind.FINETUNE, parent=base, how=FactKind.PUBLISHED),)


def _links(tree: Mapping[str, Tree], parameter: str) -> list[str]:
    return links_of(section(tree, parameter).get("link"))
