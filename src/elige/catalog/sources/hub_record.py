"""A hub's record of a model, as its API and its dumps have it, made an entry."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

from elige.catalog.remembered import Remembered
from elige.catalog.sources.hub_tags import FORMATS, KINDS, Base, Tags, tags_of
from elige.catalog.sources.reading import day, hub_name, link, said, text, texts, whole
from elige.records import Column, Entry, Relation, RelationKind, Value

# Files of weights by their names; optimiser states and the like have the endings of weights too.
_WEIGHTS = (
    ("safetensors", re.compile(r"\.safetensors$", re.IGNORECASE)),
    ("gguf", re.compile(r"\.gguf$", re.IGNORECASE)),
    ("onnx", re.compile(r"\.onnx$", re.IGNORECASE)),
    (
        "pytorch",
        re.compile(
            r"(?:^|/)(?:(?:pytorch_|adapter_)?model[^/]*\.bin|(?:model|consolidated)[^/]*\.pth?)$",
            re.IGNORECASE,
        ),
    ),
    ("openvino", re.compile(r"(?:^|/)openvino[^/]*\.xml$", re.IGNORECASE)),
)
_MOST_FILES, _MOST_PARENTS = 5_000, 200
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/]+/[^/?#]+)(?:[/?#].*)?", re.IGNORECASE
)
_MOST_TAGS = 60
_LONGEST_HEAD = 100_000
_NOTHING: Mapping[str, object] = MappingProxyType({})


def entry_of(record: Mapping[str, object], source: str) -> Entry:
    """The entry of one record. Raises `ValueError` for one without a model's name."""
    (found,) = entries_of([record], source)
    if isinstance(found, str):
        raise ValueError(found)
    return found


def entries_of(records: Sequence[Mapping[str, object]], source: str) -> list[Entry | str]:
    """The entries of several, or why a record is none.

    Step by step: what each step needs stays in the processor's caches.
    """
    models = [hub_name(_id(record)) for record in records]
    tags = [tags_of(_list(record.get("tags"))) for record in records]
    cards = [_card(*of) for of in zip(records, tags, strict=True)]
    values = [_begun(*of) for of in zip(models, records, strict=True)]
    for found, told, card in zip(values, tags, cards, strict=True):
        _add_tags(found, told, card)
    for found, record in zip(values, records, strict=True):
        _add_files(found, record)
    for found, told, record in zip(values, tags, records, strict=True):
        found[Column.FORMATS] = told.formats or _formats(record)
    kept = [said(found) for found in values]
    relations = [_relations(*of) for of in zip(models, records, tags, cards, strict=True)]
    return [
        Entry(source=source, key=model, model=model, values=found, relations=related)
        if model
        else f"{text(record.get('id')) or 'nothing'!r} names no model"
        for model, found, related, record in zip(models, kept, relations, records, strict=True)
    ]


def _id(record: Mapping[str, object]) -> object:
    return record.get("id") or record.get("modelId") or record.get("model_id")


def _begun(model: str, record: Mapping[str, object]) -> dict[Column, Value | None]:
    author, _, name = model.rpartition("/")
    return {
        Column.NAME: name,
        Column.AUTHOR: text(record.get("author")) or author,
        Column.TASK: text(record.get("pipeline_tag") or record.get("pipelineTag")),
        Column.LIBRARY: text(record.get("library_name")),
        Column.RELEASED: day(record.get("createdAt") or record.get("created_at")),
        Column.UPDATED: day(record.get("lastModified") or record.get("last_modified")),
        Column.DOWNLOADS: whole(record.get("downloads")),
        Column.LIKES: whole(record.get("likes")),
        Column.WEIGHTS: _weights(record),
    }


def _add_tags(values: dict[Column, Value | None], tags: Tags, card: Mapping[str, object]) -> None:
    """Add what the tags tell, and the model card's head where there is one."""
    values[Column.TAGS] = tuple(tags.words[:_MOST_TAGS])
    stated: Sequence[str] = [one for one in tags.licences if one]
    languages, datasets = tags.languages, tags.datasets
    if card:
        stated = stated or texts(card.get("license"))
        languages = [*languages, *texts(card.get("language"))]
        datasets = [*datasets, *texts(card.get("datasets"))]
        values[Column.LICENCE] = _named_licence(stated, text(card.get("license_name")))
        values[Column.LICENCE_LINK] = _place(card.get("license_link"))
    elif stated:
        values[Column.LICENCE] = " and ".join(stated)
    if languages:
        values[Column.LANGUAGES] = tuple(dict.fromkeys(languages))
    if datasets:
        values[Column.DATASETS] = tuple(dict.fromkeys(datasets))
    if tags.papers:
        values[Column.PAPER] = f"https://arxiv.org/abs/{tags.papers[0]}"


def _named_licence(stated: Sequence[str], named: str) -> str:
    """The licences; one that is called 'other' by its name where that is told."""
    return " and ".join(named or one if one == "other" else one for one in stated) or named


def _add_files(values: dict[Column, Value | None], record: Mapping[str, object]) -> None:
    """Add what the hub has read of the weights and their configuration."""
    safetensors, gguf = _mapping(record.get("safetensors")), _mapping(record.get("gguf"))
    config = _mapping(record.get("config"))
    values[Column.PARAMETERS] = whole(safetensors.get("total"), least=1) or whole(
        gguf.get("total"), least=1
    )
    values[Column.CONTEXT] = whole(gguf.get("context_length"), least=1)
    values[Column.ARCHITECTURE] = text(config.get("model_type")) or text(gguf.get("architecture"))
    values[Column.SIZE_BYTES] = whole(record.get("usedStorage"), least=1)


def needs_files(tags: object) -> bool:
    """Whether a record's tags name no format, so that the names of its files are looked at."""
    named = _list(tags)
    return not any(name in named for name in FORMATS)


def _formats(record: Mapping[str, object]) -> tuple[str, ...]:
    """What the hub has read of the weights, or the files' names tell."""
    files = [
        one.get("rfilename") if isinstance(one, dict) else one
        for one in _list(record.get("siblings"))[:_MOST_FILES]
    ]
    told = {name for name in ("safetensors", "gguf") if _mapping(record.get(name)).get("total")}
    told |= {
        name
        for name, pattern in _WEIGHTS
        if any(pattern.search(one) for one in files if isinstance(one, str))
    }
    return tuple(name for name in FORMATS if name in told)


def _weights(record: Mapping[str, object]) -> str:
    """Gated ones ask for consent first; whether there are weights at all is not told here."""
    gated = record.get("gated")
    if gated in (None, ""):
        return ""
    return "open" if gated in (False, "False", "false") else "gated"


def _relations(
    model: str, record: Mapping[str, object], tags: Tags, card: Mapping[str, object]
) -> tuple[Relation, ...]:
    """The parents of `model`, 200 at most."""
    told: list[Base] = [*_of_bases(record), *tags.bases]
    if card:
        told += _said(card)
    if not told:
        return ()
    itself = model.casefold()
    seen: dict[tuple[str, RelationKind | None], Relation] = {}
    for kind, parent in told:
        name = _PARENT_NAMES[parent] if isinstance(parent, str) else ""
        known = any(one == name and (kind is None or how is kind) for one, how in seen)
        if name and not known and name.casefold() != itself:
            seen[name, kind] = _RELATIONS[kind, name]
    return tuple(islice(seen.values(), _MOST_PARENTS))


def _relation(told: tuple[RelationKind | None, str]) -> Relation:
    kind, parent = told
    return Relation(kind=kind or RelationKind.UNSAID, parent=parent)


def _parent_name(said: str) -> str:
    """The hub name of a parent; of an address its name, of anything else (a path) what was said.

    A parent that nobody can find is still one, and not the same as none.
    """
    named = text(said)
    address = _ADDRESS.fullmatch(named)
    return hub_name(address[1] if address else named) or named


_RELATIONS = Remembered(_relation, 50_000)
_PARENT_NAMES = Remembered(_parent_name, 50_000)


def _of_bases(record: Mapping[str, object]) -> Iterator[Base]:
    bases = _mapping(record.get("baseModels") or record.get("base_models"))
    if not bases:
        return
    kind = KINDS.get(text(bases.get("relation")))
    for parent in _list(bases.get("models")):
        yield kind, parent.get("id") if isinstance(parent, dict) else parent


def _said(card: Mapping[str, object]) -> Iterator[Base]:
    kind = KINDS.get(text(card.get("base_model_relation")))
    for parent in texts(card.get("base_model")):
        yield kind, parent


def _card(record: Mapping[str, object], tags: Tags) -> Mapping[str, object]:
    """The model card's head; read only where the tags, which are made of it, do not say it all."""
    found = record.get("cardData") or record.get("card_data")
    if isinstance(found, str) and tags.licences and "other" not in tags.licences:
        return _NOTHING
    return _mapping(found)


def _mapping(value: object) -> Mapping[str, object]:
    """A mapping, or one written as JSON or YAML; an empty one for anything else."""
    if value is None or isinstance(value, dict):
        return value or _NOTHING
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_HEAD:
        return _NOTHING
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = _yaml(value)
    return found if isinstance(found, dict) else _NOTHING


def _yaml(value: str) -> object:
    import yaml

    try:
        return yaml.safe_load(value)
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None  # PyYAML stumbles over `!!int ""` and its like


def _list(value: object) -> Sequence[object]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    return value if isinstance(value, list | tuple) else ()


def _place(value: object) -> str:
    """A web address, or a file beside the weights."""
    return link(value) or (text(value) if ":" not in text(value) else "")
