"""Azure AI's model catalogue (github.com/Azure/azureml-assets): one spec.yaml a model.

Two shapes are met there. The older keeps what is said of a model in `tags` and `properties`, lists
as words with commas; the newer in `system_metadata`, with real lists, and a variant for a machine
names what it was made from in `variantInfo`. The description stands in a file of its own beside
the spec, which model.yaml names.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from elige.catalog.hostile import Tree
from elige.catalog.identity import identify_model
from elige.catalog.openness.hub_name import linked
from elige.catalog.openness.words import links_of, section
from elige.catalog.sources.azure_text import description_of, opening
from elige.catalog.sources.reading import said, text, texts, whole
from elige.catalog.sources.yaml_files import files_at, tree_at
from elige.records import (
    Broken,
    Column,
    Entry,
    FactKind,
    Place,
    Relation,
    RelationKind,
    Value,
)

_LINK = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[\w.-]+/[\w.+-]+")
_ASSET = re.compile(r"azureml://registries/[\w.-]+/models/([\w.+-]+)(?:/|$)")
# Left empty these say that nothing is known; other tags without a value are set.
_UNFILLED = re.compile(r"supports|reasoning|tool|capabilit|prompt", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORD = re.compile(r"[A-Za-z][\w-]+")
_SKU, _HOSTED = "inference-recommended-sku", "SharedComputeCapacityEnabled"
_LONGEST_TITLE = 200
# Azure's words for tasks that the hub has another word for.
_TASKS: Mapping[str, str] = {
    "chat-completion": "text-generation",
    "chat-completions": "text-generation",
    "completions": "text-generation",
    "embedding": "feature-extraction",
    "embeddings": "feature-extraction",
}
_WORDS: Mapping[Column, tuple[str, ...]] = {
    Column.LICENCE: ("license",),
    Column.AUTHOR: ("author", "publisher"),
}
_LISTS: Mapping[Column, tuple[str, ...]] = {
    Column.DATASETS: ("datasets", "trainingDataset"),
    Column.MODALITIES_IN: ("inputModalities",),
    Column.MODALITIES_OUT: ("outputModalities",),
}
_FLAGS: Mapping[Column, str] = {
    Column.REASONING: "supportsReasoning",
    Column.TOOL_CALL: "supportsToolCalling",
}
_COUNTS: Mapping[Column, tuple[str, ...]] = {
    Column.CONTEXT: ("textContextWindow", "contextLength", "maxInputTokens"),
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
    about = _about(tree)
    told = tree.get("description")
    description = told if isinstance(told, str) and told.strip() else description_of(path)
    maker = text(about.get("author")) or text(about.get("publisher"))
    model = _hub_id(title, text(about.get("huggingface_model_id")), description)
    model = model or identify_model(title, maker)
    if not model:
        return Broken(where=name, why=f"{title!r} names no model")
    short = text(told) or text(about.get("summary")) or opening(description)
    values = {Column.NAME: title, **_values(tree, about, short)}
    return Entry(
        source="azure",
        key=name,
        model=model,
        values=values,
        names=(f"azure:{title}",),
        relations=_parents(tree, model, description),
    )


def _about(tree: Mapping[str, Tree]) -> dict[str, Tree]:
    """What is said of the model; of two values the newer shape's, and empty ones say nothing."""
    return {
        key: value
        for name in ("properties", "tags", "system_metadata")
        for key, value in section(tree, name).items()
        if value not in ("", None)
    }


def _hub_id(title: str, told: str, description: str) -> str:
    """What the tags tell, else a link in the description to a model of this very name."""
    own = linked(told)
    if own:
        return own
    links = (linked(link.rstrip(".")) for link in _LINK.findall(description))
    for one in filter(None, links):
        if _letters(title) in (_letters(one), _letters(one.partition("/")[2])):
            return one
    return ""


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _values(tree: Mapping[str, Tree], about: Mapping[str, Tree], short: str) -> dict[Column, Value]:
    found: dict[Column, Value | None] = {Column.DESCRIPTION: short}
    for column, keys in _WORDS.items():
        found[column] = next(filter(None, (text(about.get(key)) for key in keys)), "")
    for column, keys in _LISTS.items():
        found[column] = next(filter(None, (_parts(about.get(key)) for key in keys)), ())
    for column, keys in _COUNTS.items():
        counts = (whole(about.get(key), least=1) for key in keys)
        found[column] = next((one for one in counts if one is not None), None)
    for column, key in _FLAGS.items():
        found[column] = {"true": True, "false": False}.get(text(about.get(key)).lower())
    tasks = _tasks(about)
    found[Column.TASK] = _TASKS.get(tasks[0], tasks[0]) if tasks else ""
    found[Column.LICENCE_LINK] = _licence_link(about)
    languages = (one.lower() for one in _parts(about.get("languages")))
    found[Column.LANGUAGES] = texts([one for one in languages if _LANGUAGE.fullmatch(one)])
    found[Column.TAGS] = _tags(tree, about, tasks)
    return said(found)


def _tasks(about: Mapping[str, Tree]) -> tuple[str, ...]:
    """The tasks, the first of them first: what it was made for."""
    told = _parts(section(about, "tasks").get("inferenceTasks")) or _parts(about.get("task"))
    return tuple(one for one in map(text, told) if _WORD.fullmatch(one))


def _licence_link(about: Mapping[str, Tree]) -> str:
    """The first address in the sentence that tells of the licence."""
    words = text(about.get("licenseDescription")).replace("<", " ").replace(">", " ")
    return next((one.rstrip(".)") for one in links_of(words)), "")


def _tags(
    tree: Mapping[str, Tree], about: Mapping[str, Tree], tasks: tuple[str, ...]
) -> tuple[str, ...]:
    """The tags set without a value, whether it is hosted or archived, other tasks, the machines."""
    marks = [
        key
        for key, value in section(tree, "tags").items()
        if value in ("", None) and not _UNFILLED.match(key)
    ]
    if _is_true(about.get(_HOSTED)) or _is_true(about.get("sharedComputeCapacityEnabled")):
        marks.append(_HOSTED)
    if _is_true(about.get("featured")):
        marks.append("Featured")
    if _is_true(tree.get("isArchived")):
        marks.append("archived")
    machines = _parts(section(about, "SKU").get("inferenceRecommendedSkus"))
    machines = machines or _parts(about.get(_SKU))
    later = (one for one in tasks if one in _TASKS or one != tasks[0])
    return texts([*marks, *later, *(f"{_SKU}:{one}" for one in machines)])


def _is_true(value: Tree) -> bool:
    return text(value).lower() == "true"


def _parents(tree: Mapping[str, Tree], model: str, description: str) -> tuple[Relation, ...]:
    """What a variant was made from: quantised where it says so, else in a way that is not said."""
    variant = section(tree, "variantInfo")
    quantised = _parts(section(variant, "variantMetadata").get("quantization"))
    kind = RelationKind.QUANTIZED if quantised else RelationKind.UNSAID
    listed = variant.get("parents")
    names = [
        found[1]
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and (found := _ASSET.match(text(one.get("assetId"))))
    ]
    parents = (_hub_id(name, "", description) or identify_model(name) for name in names)
    return tuple(
        Relation(kind=kind, parent=parent)
        for parent in dict.fromkeys(parents)
        if "/" in parent and parent.casefold() != model.casefold()
    )


def _parts(value: Tree) -> tuple[str, ...]:
    """The parts of a list, or of words with commas between them."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list):
        return ()
    return texts([one.strip() for one in words if isinstance(one, str)])
