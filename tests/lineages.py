"""Small catalogues of models and their parents, for the tests of lineage and of licences."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from elige.catalog.listed import Listed
from elige.records import Column, Entry, Relation, RelationKind, Value

Shape = tuple[str, int, int, int, int]  # architecture, layers, width, heads, tokens

LLAMA2 = ("llama", 32, 4096, 32, 32_000)
MISTRAL = ("mistral", 32, 4096, 32, 32_000)
FALCON7 = ("falcon", 32, 4544, 71, 65_024)
FALCON40 = ("falcon", 60, 8192, 128, 65_024)


def model(
    name: str,
    *parents: tuple[str, str],
    shape: Shape | None = None,
    licence: str = "",
    **more: Value,
) -> Entry:
    """What one source says of a model; each parent is a kind and a name."""
    values: dict[Column, Value] = {Column(key): value for key, value in more.items()}
    if shape is not None:
        columns = (
            Column.ARCHITECTURE,
            Column.LAYERS,
            Column.HIDDEN,
            Column.HEADS,
            Column.VOCABULARY,
        )
        values |= dict(zip(columns, shape, strict=True))
    if licence:
        values[Column.LICENCE] = licence
    relations = [Relation(kind=RelationKind(kind), parent=parent) for kind, parent in parents]
    return Entry(source="test", key=name, model=name, values=values, relations=relations)


def catalogue(*entries: Entry) -> Listed:
    return Listed([(one, "2026-11-26") for one in entries], {})


def hub_tree(
    shared_data: Path, *, hide: bool
) -> tuple[list[Entry], Mapping[str, Sequence[Relation]]]:
    """The models of a real tree, and what they declare; `hide` leaves that out of the entries."""
    csv.field_size_limit(sys.maxsize)
    entries, declared = [], {}
    path = shared_data / "catalog" / "mistral_small_24b_finetunes_tree.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            name, facts = row["model_id"], json.loads(row["metadata"])
            pairs = [tag.split(":", 2)[1:] for tag in facts["tags"] if tag.count(":") == 2]
            kinds = [pair for pair in pairs if pair[0] in {"finetune", "quantized", "merge"}]
            declared[name] = [
                Relation(kind=RelationKind(kind), parent=parent) for kind, parent in kinds
            ]
            licence = next((t[8:] for t in facts["tags"] if t.startswith("license:")), "")
            tags = tuple(tag for tag in facts["tags"] if not tag.startswith("base_model"))
            more: dict[Column, Value] = {Column.TAGS: tags}
            if facts.get("library_name"):
                more[Column.LIBRARY] = facts["library_name"]
            if (facts.get("config") or {}).get("model_type"):
                more[Column.ARCHITECTURE] = facts["config"]["model_type"]
            parents = () if hide else tuple((one.kind, one.parent) for one in declared[name])
            entry = model(name, *parents, licence=licence)
            entries.append(replace(entry, values={**entry.values, **more}))
    return entries, declared
