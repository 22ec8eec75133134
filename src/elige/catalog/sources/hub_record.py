"""A hub's record of a model, as its API and its dumps have it, made an entry."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from elige.catalog.sources.reading import day, hub_name, text, texts, whole
from elige.records import Column, Entry, Relation, RelationKind, Value

_KINDS = {
    "finetune": RelationKind.FINETUNE,
    "adapter": RelationKind.ADAPTER,
    "merge": RelationKind.MERGE,
    "quantized": RelationKind.QUANTIZED,
}
_FORMATS = ("safetensors", "gguf", "onnx", "mlx", "pytorch", "openvino", "exl2")
# Two-letter tags are languages on the hub (ISO 639-1); other short ones are not.
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co "
    "cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl "
    "gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg "
    "ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk "
    "ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps "
    "pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo "
    "za zh zu"
)
_LANGUAGES = frozenset(_ISO_639_1.split())
_MOST_TAGS = 60
_LONGEST_HEAD = 100_000
_SHORT = 500
# Tags of the form `kind:what` that tell something.
_NAMED = frozenset({"license", "dataset", "arxiv", "base_model"})
_Tags: TypeAlias = Mapping[str, Sequence[str]]
_NOTHING: Mapping[str, object] = MappingProxyType({})


def entry_of(record: Mapping[str, object], source: str) -> Entry:
    """The entry of one record. Raises `ValueError` for one without a model's name."""
    model = hub_name(record.get("id") or record.get("modelId") or record.get("model_id"))
    if not model:
        raise ValueError(f"{text(record.get('id')) or 'nothing'!r} names no model")
    tags = _sorted_tags(texts(_list(record.get("tags"))))
    card = _card(record, tags)
    author, _, name = model.rpartition("/")
    values: dict[Column, Value | None] = {
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
    _add_tags(tags, card, values)
    _add_files(record, values)
    return Entry(
        source=source,
        key=model,
        model=model,
        # What says nothing is left out: None, '' and (), but not 0.
        values={column: value for column, value in values.items() if value or value == 0},
        relations=tuple(_relations(model, record, tags, card)),
    )


def _sorted_tags(every: Sequence[str]) -> _Tags:
    """The tags by what they tell."""
    found: dict[str, list[str]] = {}
    for tag in every:
        kind, told = _told_by(tag)
        if kind:
            found.setdefault(kind, []).append(told)
    return found


@lru_cache(maxsize=100_000)  # most come back by the million
def _told_by(tag: str) -> tuple[str, str]:
    """What kind of thing a tag tells, and what; ('', '') where no column is for it."""
    kind, colon, told = tag.partition(":")
    if colon:
        return (kind, told) if kind in _NAMED else ("", "")
    if len(tag) == 2:
        return ("language", tag) if tag in _LANGUAGES else ("", "")
    return ("word", tag) if tag and len(tag) > 2 else ("", "")


def _add_tags(tags: _Tags, card: Mapping[str, object], values: dict[Column, Value | None]) -> None:
    licence = tags["license"][0] if "license" in tags else _first(card.get("license"))
    if licence in {"other", ""}:
        licence = text(card.get("license_name")) or licence
    words = tags.get("word", ())
    spoken, datasets = tags.get("language", ()), tags.get("dataset", ())
    values[Column.TAGS] = tuple(words[:_MOST_TAGS])
    values[Column.LICENCE] = licence
    if card:
        spoken = tuple(dict.fromkeys([*spoken, *texts(card.get("language"))]))
        datasets = tuple(dict.fromkeys([*datasets, *texts(card.get("datasets"))]))
        values[Column.LICENCE_LINK] = text(card.get("license_link"))
    values[Column.LANGUAGES] = tuple(spoken)
    values[Column.DATASETS] = tuple(dict.fromkeys(datasets))
    values[Column.FORMATS] = tuple(name for name in _FORMATS if name in words)
    if "arxiv" in tags:
        values[Column.PAPER] = f"https://arxiv.org/abs/{tags['arxiv'][0]}"


def _add_files(record: Mapping[str, object], values: dict[Column, Value | None]) -> None:
    gguf, config = _mapping(record.get("gguf")), _mapping(record.get("config"))
    safetensors = _mapping(record.get("safetensors"))
    values[Column.PARAMETERS] = whole(safetensors.get("total"), least=1) or whole(
        gguf.get("total"), least=1
    )
    values[Column.CONTEXT] = whole(gguf.get("context_length"), least=1)
    values[Column.ARCHITECTURE] = text(config.get("model_type")) or text(gguf.get("architecture"))
    values[Column.SIZE_BYTES] = whole(record.get("usedStorage"), least=1)


def _weights(record: Mapping[str, object]) -> str:
    """Gated ones ask for consent first; whether there are weights at all is not told here."""
    gated = record.get("gated")
    if gated in (None, ""):
        return ""
    return "open" if gated in (False, "False", "false") else "gated"


def _relations(
    model: str, record: Mapping[str, object], tags: _Tags, card: Mapping[str, object]
) -> Iterator[Relation]:
    seen: set[tuple[str, RelationKind | None]] = set()
    for kind, parent in (*_of_bases(record), *_tagged(tags), *_said(card)):
        name = hub_name(parent)
        known = (name, kind) in seen or (kind is None and any(one == name for one, _ in seen))
        if not name or known or name.casefold() == model.casefold():
            continue
        seen.add((name, kind))
        yield Relation(kind=kind or RelationKind.UNSAID, parent=name)


def _of_bases(record: Mapping[str, object]) -> Iterator[tuple[RelationKind | None, object]]:
    bases = _mapping(record.get("baseModels") or record.get("base_models"))
    kind = _KINDS.get(text(bases.get("relation")))
    for parent in _list(bases.get("models")):
        yield kind, parent.get("id") if isinstance(parent, dict) else parent


def _tagged(tags: _Tags) -> Iterator[tuple[RelationKind | None, object]]:
    for told in tags.get("base_model", ()):
        kind, _, parent = told.partition(":")
        if parent and kind in _KINDS:
            yield _KINDS[kind], parent


def _said(card: Mapping[str, object]) -> Iterator[tuple[RelationKind | None, object]]:
    kind = _KINDS.get(text(card.get("base_model_relation")))
    for parent in texts(card.get("base_model")):
        yield kind, parent


def _card(record: Mapping[str, object], tags: _Tags) -> Mapping[str, object]:
    """The model card's head; read only where the tags, which are made of it, do not say it all."""
    found = record.get("cardData") or record.get("card_data")
    if isinstance(found, str) and "license" in tags and "other" not in tags["license"]:
        return _NOTHING
    return _mapping(found)


def _mapping(value: object) -> Mapping[str, object]:
    """A mapping, or one written as JSON or YAML; an empty one for anything else."""
    if value is None or isinstance(value, dict):
        return value or _NOTHING
    if not isinstance(value, str):
        return _NOTHING
    return _short(value) if len(value) < _SHORT else _written(value)


@lru_cache(maxsize=20_000)  # configurations come back
def _short(value: str) -> Mapping[str, object]:
    return _written(value)


def _written(value: str) -> Mapping[str, object]:
    if not value.strip() or len(value) > _LONGEST_HEAD:
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
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _list(value: object) -> Sequence[object]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    return value if isinstance(value, list | tuple) else ()


def _first(value: object) -> str:
    found = texts(value)
    return found[0] if found else ""
