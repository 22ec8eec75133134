"""llmfit's list of hub models: sizes and shapes that it read or guessed; not to be trusted."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from elige.catalog.sources.hub_tags import LANGUAGES
from elige.catalog.sources.json_files import document_at, flaw
from elige.catalog.sources.reading import day, hub_name, said, text, texts, whole
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place, Value

# The context of 4,244 of the 4,682 records of release 1.1.17 that have no layers: Llama 3.1's too.
_FILLER = 4096
_DECLARED = (
    Column.NAME,
    Column.AUTHOR,
    Column.LICENCE,
    Column.LANGUAGES,
    Column.TASK,
    Column.RELEASED,
)


class LlmFit:
    """Reads `hf_models.json`, packed or not. Its numbers count as estimates."""

    name = "llmfit"
    title = "llmfit's model list"
    address = "https://github.com/AlexsJones/llmfit"
    kind = FactKind.ESTIMATED
    kinds: Mapping[Column, FactKind] = MappingProxyType(dict.fromkeys(_DECLARED, FactKind.DECLARED))

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """Every record; raises `BadInput` for a file that is no list of them."""
        if place.path is None:
            raise BadInput("llmfit is read from a file.", hint="Give --from hf_models.json.")
        for at, record in enumerate(_records(place.path), 1):
            where = f"{place.path.name}, record {at}"
            if not isinstance(record, dict):
                yield Broken(where=where, why=f"{type(record).__name__} instead of an object")
                continue
            model, why = hub_name(record.get("name")), flaw(record)
            if model and not why:
                yield _entry(record, model, self.name)
            else:
                told = f"{record.get('name')!r:.80} names no model"
                yield Broken(where=where, why=why or told)


def _entry(record: Mapping[str, object], model: str, source: str) -> Entry:
    author, _, name = model.rpartition("/")
    values: dict[Column, Value | None] = {
        Column.NAME: name,
        Column.AUTHOR: author or text(record.get("provider")),
        Column.DESCRIPTION: text(record.get("use_case")),
        Column.ARCHITECTURE: text(record.get("architecture")),
        Column.TASK: text(record.get("pipeline_tag")),
        Column.TAGS: texts(record.get("capabilities")),
        # It takes every short tag for a language, 'tf' and 'rl' too.
        Column.LANGUAGES: tuple(
            one for one in texts(record.get("languages")) if one in LANGUAGES or len(one) == 3
        ),
        Column.LICENCE: text(record.get("license")),
        Column.RELEASED: day(record.get("release_date")),
        Column.PARAMETERS: whole(record.get("parameters_raw"), least=1),
        Column.ACTIVE_PARAMETERS: whole(record.get("active_parameters"), least=1),
        Column.CONTEXT: _context(record),
        Column.VOCABULARY: whole(record.get("vocab_size"), least=1),
        Column.LAYERS: whole(record.get("num_hidden_layers"), least=1),
        Column.HIDDEN: whole(record.get("hidden_size"), least=1),
        Column.HEADS: whole(record.get("num_attention_heads"), least=1),
        Column.KV_HEADS: whole(record.get("num_key_value_heads"), least=1),
        Column.HEAD_DIM: whole(record.get("head_dim"), least=1),
        # 0 stands for a record whose downloads were never looked up, too, so it says nothing.
        Column.DOWNLOADS: whole(record.get("hf_downloads"), least=1),
        Column.LIKES: whole(record.get("hf_likes"), least=1),
    }
    return Entry(
        source=source,
        key=model,
        model=model,
        values=said(values),
    )


def _context(record: Mapping[str, object]) -> int | None:
    """Its context; None where that is what llmfit fills in for a configuration it never saw."""
    found = whole(record.get("context_length"), least=1)
    is_seen = any(record.get(name) for name in ("num_hidden_layers", "hidden_size"))
    return found if is_seen or found != _FILLER else None


def _records(path: Path) -> list[object]:
    found = document_at(path, "Download it again.")
    if isinstance(found, dict):
        found = found.get("models", found)
    if not isinstance(found, list):
        raise BadInput(
            f"{path.name} holds no list of models.", hint="Give llmfit's hf_models.json."
        )
    return found
