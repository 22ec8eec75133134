"""A hub's record of a model, as its API and its dumps have it, made an entry."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

from elige.catalog.sources.reading import day, hub_name, link, said, text, texts, whole
from elige.records import Column, Entry, Relation, RelationKind, Value

_KINDS = {
    "finetune": RelationKind.FINETUNE,
    "adapter": RelationKind.ADAPTER,
    "merge": RelationKind.MERGE,
    "quantized": RelationKind.QUANTIZED,
}
_FORMATS = ("safetensors", "gguf", "onnx", "mlx", "pytorch", "openvino", "exl2")
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
LANGUAGES = frozenset(_ISO_639_1.split())
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/]+/[^/?#]+)(?:[/?#].*)?", re.IGNORECASE
)
_MOST_TAGS = 60
_LONGEST_HEAD = 100_000
_NOTHING: Mapping[str, object] = MappingProxyType({})


def entry_of(record: Mapping[str, object], source: str) -> Entry:
    """The entry of one record. Raises `ValueError` for one without a model's name."""
    model = hub_name(record.get("id") or record.get("modelId") or record.get("model_id"))
    if not model:
        raise ValueError(f"{text(record.get('id')) or 'nothing'!r} names no model")
    tags = texts(_list(record.get("tags")))
    card = _card(record, tags)
    values: dict[Column, Value | None] = {
        Column.NAME: model.rpartition("/")[2],
        Column.AUTHOR: text(record.get("author")) or model.rpartition("/")[0],
        Column.TASK: text(record.get("pipeline_tag") or record.get("pipelineTag")),
        Column.LIBRARY: text(record.get("library_name")),
        Column.RELEASED: day(record.get("createdAt") or record.get("created_at")),
        Column.UPDATED: day(record.get("lastModified") or record.get("last_modified")),
        Column.DOWNLOADS: whole(record.get("downloads")),
        Column.LIKES: whole(record.get("likes")),
        Column.WEIGHTS: _weights(record),
        **_of_tags(tags, card),
        **_of_files(record),
        Column.FORMATS: _formats(record, tags),
    }
    return Entry(
        source=source,
        key=model,
        model=model,
        values=said(values),
        relations=tuple(islice(_relations(model, record, tags, card), _MOST_PARENTS)),
    )


def _of_tags(tags: Sequence[str], card: Mapping[str, object]) -> dict[Column, Value | None]:
    tagged = [tag[8:] for tag in tags if tag.startswith("license:") and tag[8:]]
    stated = tagged or texts(card.get("license"))
    named = text(card.get("license_name"))
    licence = " and ".join(named or one if one == "other" else one for one in stated) or named
    spoken = [tag for tag in tags if len(tag) == 2 and tag in LANGUAGES]
    datasets = [tag[8:] for tag in tags if tag.startswith("dataset:")]
    papers = [tag[6:] for tag in tags if tag.startswith("arxiv:")]
    return {
        Column.TAGS: tuple(tag for tag in tags if _is_word(tag))[:_MOST_TAGS],
        Column.LICENCE: licence,
        Column.LICENCE_LINK: _place(card.get("license_link")),
        Column.LANGUAGES: tuple(dict.fromkeys([*spoken, *texts(card.get("language"))])),
        Column.DATASETS: tuple(dict.fromkeys([*datasets, *texts(card.get("datasets"))])),
        Column.PAPER: f"https://arxiv.org/abs/{papers[0]}" if papers else "",
    }


def _of_files(record: Mapping[str, object]) -> dict[Column, Value | None]:
    safetensors, gguf = _mapping(record.get("safetensors")), _mapping(record.get("gguf"))
    config = _mapping(record.get("config"))
    return {
        Column.PARAMETERS: whole(safetensors.get("total"), least=1)
        or whole(gguf.get("total"), least=1),
        Column.CONTEXT: whole(gguf.get("context_length"), least=1),
        Column.ARCHITECTURE: text(config.get("model_type")) or text(gguf.get("architecture")),
        Column.SIZE_BYTES: whole(record.get("usedStorage"), least=1),
    }


def needs_files(tags: object) -> bool:
    """Whether a record's tags name no format, so that the names of its files are looked at."""
    named = _list(tags)
    return not any(name in named for name in _FORMATS)


def _formats(record: Mapping[str, object], tags: Sequence[str]) -> tuple[str, ...]:
    """What the tags name; else what the hub has read of the weights, or the files' names tell."""
    named = tuple(name for name in _FORMATS if name in tags)
    if named:
        return named
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
    return tuple(name for name in _FORMATS if name in told)


def _weights(record: Mapping[str, object]) -> str:
    """Gated ones ask for consent first; whether there are weights at all is not told here."""
    gated = record.get("gated")
    if gated in (None, ""):
        return ""
    return "open" if gated in (False, "False", "false") else "gated"


def _relations(
    model: str, record: Mapping[str, object], tags: Sequence[str], card: Mapping[str, object]
) -> Iterator[Relation]:
    seen: set[tuple[str, RelationKind | None]] = set()
    for kind, parent in (*_of_bases(record), *_tagged(tags), *_said(card)):
        name = _parent_name(parent)
        known = any(one == name and (kind is None or how is kind) for one, how in seen)
        if not name or name.casefold() == model.casefold() or known:
            continue
        seen.add((name, kind))
        yield Relation(kind=kind or RelationKind.UNSAID, parent=name)


def _parent_name(said: object) -> str:
    """The hub name of a parent; of an address its name, of anything else (a path) what was said.

    A parent that nobody can find is still one, and not the same as none.
    """
    named = text(said)
    address = _ADDRESS.fullmatch(named)
    return hub_name(address[1] if address else named) or named


def _of_bases(record: Mapping[str, object]) -> Iterator[tuple[RelationKind | None, object]]:
    bases = _mapping(record.get("baseModels") or record.get("base_models"))
    kind = _KINDS.get(text(bases.get("relation")))
    for parent in _list(bases.get("models")):
        yield kind, parent.get("id") if isinstance(parent, dict) else parent


def _tagged(tags: Sequence[str]) -> Iterator[tuple[RelationKind | None, object]]:
    for tag in tags:
        if tag.startswith("base_model:"):
            kind, _, parent = tag[11:].partition(":")
            if parent and kind in _KINDS:
                yield _KINDS[kind], parent


def _said(card: Mapping[str, object]) -> Iterator[tuple[RelationKind | None, object]]:
    kind = _KINDS.get(text(card.get("base_model_relation")))
    for parent in texts(card.get("base_model")):
        yield kind, parent


def _card(record: Mapping[str, object], tags: Sequence[str]) -> Mapping[str, object]:
    """The model card's head; read only where the tags, which are made of it, do not say it all."""
    found = record.get("cardData") or record.get("card_data")
    if isinstance(found, str):
        if "license:other" not in tags and any(tag.startswith("license:") for tag in tags):
            return {}
        return _mapping(found)
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


def _first(value: object) -> str:
    found = texts(value)
    return found[0] if found else ""


def _is_word(tag: str) -> bool:
    """Whether a tag says something that no column says."""
    return ":" not in tag and len(tag) > 2
