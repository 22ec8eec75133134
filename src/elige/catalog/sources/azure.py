"""Azure AI's model catalogue (github.com/Azure/azureml-assets): one spec.yaml a model."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from elige.catalog.hostile import Tree
from elige.catalog.identity import identify_model
from elige.catalog.openness.hub_name import linked
from elige.catalog.openness.words import section
from elige.catalog.sources.reading import said, text, texts, whole
from elige.catalog.sources.yaml_files import files_at, tree_at
from elige.records import Broken, Column, Entry, FactKind, Place, Value

_LINK = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[\w.-]+/[\w.+-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LONGEST_TITLE = 200
_SKU = "inference-recommended-sku"
_WORDS: Mapping[Column, tuple[str, ...]] = {
    Column.TASK: ("task",),
    Column.LICENCE: ("license",),
    Column.AUTHOR: ("author",),
}
_LISTS: Mapping[Column, tuple[str, ...]] = {
    Column.DATASETS: ("datasets", "trainingDataset"),
    Column.MODALITIES_IN: ("inputModalities",),
    Column.MODALITIES_OUT: ("outputModalities",),
}
_COUNTS: Mapping[Column, tuple[str, ...]] = {
    Column.CONTEXT: ("textContextWindow", "maxInputTokens"),
    Column.MAX_OUTPUT: ("maxOutputTokens",),
}


class AzureModels:
    """A spec file or a folder of them; every sync reads all of them."""

    name = "azure"
    title = "Azure AI model catalogue"
    address = "https://github.com/Azure/azureml-assets"
    download = f"{address}/archive/refs/heads/main.tar.gz"
    reads_folders = True
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = MappingProxyType({})

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """The models at `place.path`; in a folder, files of other assets are passed over."""
        alone = place.path is not None and place.path.is_file()
        for name, path in files_at(place, source=self.name, address=self.address):
            if not alone and path.name.lower() not in ("spec.yaml", "spec.yml"):
                continue
            found = _read(name, path)
            if found is not None:
                yield found
            elif alone:
                yield Broken(where=name, why="no model: its '$schema' names none")


def _read(name: str, path: Path) -> Entry | Broken | None:
    tree = tree_at(name, path)
    if isinstance(tree, Broken):
        return tree
    if not text(tree.get("$schema")).rpartition("/")[2].startswith("model."):
        return None
    title = text(tree.get("name"))[:_LONGEST_TITLE]
    if not title:
        return Broken(where=name, why="the model has no name")
    about = {**section(tree, "properties"), **section(tree, "tags")}
    model = _hub_id(title, about, tree) or identify_model(title, text(about.get("author")))
    if not model:
        return Broken(where=name, why=f"{title!r} names no model")
    values = {Column.NAME: title, **_values(tree, about)}
    return Entry(source="azure", key=name, model=model, values=values, names=(f"azure:{title}",))


def _hub_id(title: str, about: Mapping[str, Tree], tree: Mapping[str, Tree]) -> str:
    """What the tags name, else a link in the description to a model of this very name."""
    told = linked(text(about.get("huggingface_model_id")))
    if told:
        return told
    description = tree.get("description")
    links = _LINK.findall(description) if isinstance(description, str) else []
    for one in filter(None, (linked(link.rstrip(".")) for link in links)):
        if _letters(title) in (_letters(one), _letters(one.partition("/")[2])):
            return one
    return ""


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _values(tree: Mapping[str, Tree], about: Mapping[str, Tree]) -> dict[Column, Value]:
    found: dict[Column, Value | None] = {Column.DESCRIPTION: text(tree.get("description"))}
    for column, keys in _WORDS.items():
        found[column] = next(filter(None, (text(about.get(key)) for key in keys)), "")
    for column, keys in _LISTS.items():
        found[column] = next(filter(None, (_parts(about.get(key)) for key in keys)), ())
    for column, keys in _COUNTS.items():
        counts = (whole(about.get(key), least=1) for key in keys)
        found[column] = next((one for one in counts if one is not None), None)
    languages = (one.lower() for one in _parts(about.get("languages")))
    found[Column.LANGUAGES] = texts([one for one in languages if _LANGUAGE.fullmatch(one)])
    found[Column.TAGS] = _tags(tree, about)
    return said(found)


def _tags(tree: Mapping[str, Tree], about: Mapping[str, Tree]) -> tuple[str, ...]:
    """The tags that are set without a value, whether it is hosted, and the machines advised."""
    marks = [key for key, value in section(tree, "tags").items() if value in ("", None)]
    shared = "SharedComputeCapacityEnabled"
    if text(about.get(shared)).lower() == "true" or section(tree, "properties").get(shared) in (
        "true",
        "True",
    ):
        marks.append(shared)
    return texts([*marks, *(f"{_SKU}:{one}" for one in _parts(about.get(_SKU)))])


def _parts(value: Tree) -> tuple[str, ...]:
    """The parts of a list, or of words with commas between them."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list):
        return ()
    return texts([one.strip() for one in words if isinstance(one, str)])
