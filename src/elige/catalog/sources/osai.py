"""System files of the European Open Source AI Index: https://osai-index.eu."""

from collections.abc import Mapping

from elige.catalog.hostile import Tree
from elige.catalog.openness.hub_name import hub_name
from elige.catalog.openness.osai import is_osai
from elige.catalog.openness.words import links_of, section, told
from elige.catalog.sources.framework_files import LONGEST_TITLE, Described, FrameworkFiles
from elige.catalog.sources.reading import text
from elige.records import FactKind, Relation, RelationKind


class OsaiFiles(FrameworkFiles):
    """Reads the index's files of systems."""

    name = "osai"
    title = "European Open Source AI Index"
    address = "https://github.com/Language-Technology-Assessment/main-database"
    download = f"{address}/archive/refs/heads/main.tar.gz"

    def described(self, tree: Mapping[str, Tree]) -> Described:
        """The end model. Raises `ValueError` for another file, and for a system without name."""
        if not is_osai(tree):
            raise ValueError("no file of the index: it has no 'system'")
        system = section(tree, "system")
        title = text(system.get("endmodelname")) or text(system.get("name"))
        title = title[:LONGEST_TITLE]
        if not title:
            raise ValueError("the system has no name")
        pages = [*_links(tree, "weights_endmodel"), *links_of(system.get("link"))]
        return Described(title, [*pages, *_links(tree, "modelcard")])

    def relations(self, tree: Mapping[str, Tree], model: str) -> tuple[Relation, ...]:
        """The base model, where it is another one."""
        stated = told(section(tree, "system").get("basemodelname"))
        base = hub_name(stated, _links(tree, "weights_basemodel")) if stated else ""
        if not base or base.casefold() == model.casefold():
            return ()
        return (Relation(kind=RelationKind.FINETUNE, parent=base, how=FactKind.PUBLISHED),)


def _links(tree: Mapping[str, Tree], parameter: str) -> list[str]:
    return links_of(section(tree, parameter).get("link"))
