"""Model files of the Model Openness Framework: https://github.com/lfai/model_openness_tool."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from elige.catalog.hostile import Tree
from elige.catalog.openness.entry import entry_of
from elige.catalog.openness.grade import grade_tree
from elige.catalog.openness.hub_name import hub_name, known_name, made_name
from elige.catalog.openness.mof import is_mof
from elige.catalog.openness.words import section, told
from elige.catalog.sources.yaml_files import broken, files_at, tree_at
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place

# What the graders copy from the model's own page.
_COPIED = {column: FactKind.DECLARED for column in (Column.NAME, Column.AUTHOR, Column.LICENCE)}


class MofFiles:
    """A file or a folder of files, one a model; every sync reads all of them."""

    name = "mof"
    title = "Model Openness Framework"
    address = "https://github.com/lfai/model_openness_tool/tree/main/models"
    download = "https://github.com/lfai/model_openness_tool/archive/refs/heads/main.tar.gz"
    reads_folders = True
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = _COPIED

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """The files at `place.path`; one that is no MOF file, or is broken, is named."""
        for name, path in files_at(place, source=self.name, address=self.address):
            tree = tree_at(name, path)
            yield tree if isinstance(tree, Broken) else _entry(name, path, tree)


def _entry(name: str, path: Path, tree: Mapping[str, Tree]) -> Entry | Broken:
    if not is_mof(tree):
        return Broken(where=name, why="no file of the framework: it has no 'release'")
    release = section(tree, "release")
    title = told(release.get("name"))
    if not title:
        return Broken(where=name, why="the release has no name")
    try:
        found = grade_tree(tree, source=str(path))
    except BadInput as error:
        return broken(name, path, error)
    page = told(release.get("huggingface"))
    model = (
        hub_name(title, [page]) or known_name("mof", path.name) or made_name(found.producer, title)
    )
    return entry_of(found, key=name, model=model)
