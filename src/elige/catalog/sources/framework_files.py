"""Files in which frameworks of openness describe models, one a model, and their grading."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from elige.catalog.hostile import Tree
from elige.catalog.openness.entry import entry_of
from elige.catalog.openness.grade import grade_tree
from elige.catalog.openness.hub_name import hub_name, known_name, made_name
from elige.catalog.sources.yaml_files import broken, files_at, tree_at
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place, Relation

LONGEST_TITLE = 200
# What the graders copy from the model's own page.
_COPIED = dict.fromkeys((Column.NAME, Column.AUTHOR, Column.LICENCE), FactKind.DECLARED)


class Described(NamedTuple):
    """What a file calls its model, and the links that may lead to it, the likeliest first."""

    title: str
    pages: Sequence[str]


class FrameworkFiles(ABC):
    """A file or a folder of files, one a model; every sync reads all of them."""

    name: str
    title: str
    address: str
    reads_folders = True
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = MappingProxyType(_COPIED)

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """The files at `place.path`; one that is of something else, or is broken, is named."""
        for name, path in files_at(place, source=self.name, address=self.address):
            tree = tree_at(name, path)
            yield tree if isinstance(tree, Broken) else self._entry(name, path, tree)

    @abstractmethod
    def described(self, tree: Mapping[str, Tree]) -> Described:
        """The model that the file is about. Raises `ValueError` with why there is none."""

    def relations(self, tree: Mapping[str, Tree], model: str) -> tuple[Relation, ...]:
        """What the file says of the parents of `model`."""
        del tree, model
        return ()

    def _entry(self, name: str, path: Path, tree: Mapping[str, Tree]) -> Entry | Broken:
        try:
            title, pages = self.described(tree)
            found = grade_tree(tree, source=str(path))
        except ValueError as error:
            return Broken(where=name, why=str(error))
        except BadInput as error:
            return broken(name, path, error)
        model = (
            hub_name(title, pages)
            or known_name(self.name, path.name)
            or made_name(found.producer[:LONGEST_TITLE], title)
        )
        return entry_of(found, key=name, model=model, relations=self.relations(tree, model))
