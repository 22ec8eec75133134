"""Cards by the million: the real ones repeated with realistic variation, as hub-stats has them.

Each real model comes first, then its likes: converted, fine-tuned, merged, by other authors, most
of them hardly ever loaded. The same number and seed give the same file.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any  # records are JSON

from elige.records import Column, Entry, FactKind, Place, Relation, RelationKind
from elige.records.card import Broken, Value

_VERSION = 2
_ROWS = 25_000
_EARLIEST = datetime(2022, 3, 1, tzinfo=UTC)
_DAYS = 1700
_DOINGS = (
    ("quantized", ("GGUF", "AWQ", "GPTQ-Int4", "4bit", "8bit", "bnb-4bit", "Q4_K_M-GGUF", "FP8")),
    (
        "finetune",
        ("sft", "dpo", "finetuned", "chat", "instruct-v2", "medical", "legal-sft", "math"),
    ),
    ("finetune", ("coder", "german", "japanese-sft", "spanish", "roleplay", "tool-use", "finance")),
    ("adapter", ("lora", "qlora", "adapter", "lora-r16")),
    ("merge", ("slerp", "ties", "dare-merge", "model_stock")),
)
_TAGS = ("transformers", "safetensors", "conversational", "text-generation-inference")
_MORE_TAGS = ("autotrain_compatible", "endpoints_compatible", "trl", "unsloth", "merge", "mergekit")
_LANGUAGES = ("en", "zh", "de", "fr", "es", "ja", "ko", "pt", "it", "ru", "ar", "hi", "tr", "pl")
_LICENCES = ("apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1", "gemma", "other", "cc-by-4.0")
_STATED = (40, 12, 6, 5, 3, 4, 1)


def real_records(path: Path) -> list[dict[str, Any]]:
    """The records of llmfit's catalogue, a gzipped list."""
    with gzip.open(path) as stream:
        found: list[dict[str, Any]] = json.load(stream)
    return found


def rows(real: Sequence[dict[str, Any]], count: int, *, seed: int = 0) -> Iterator[dict[str, Any]]:
    """`count` rows in hub-stats' shape; the first ones are the real ones."""
    for number in range(count):
        record = real[number % len(real)]
        yield _row(record, number // len(real), Random(seed * 1_000_003 + number))


def changed_rows(
    real: Sequence[dict[str, Any]], count: int, total: int, *, seed: int = 0
) -> Iterator[dict[str, Any]]:
    """`count` rows of an increment on `total`: half of them new, half loaded more often."""
    step = max(1, total // max(1, count))
    for place in range(count):
        is_new = place % 2 == 0
        number = total + place if is_new else place * step
        record = real[number % len(real)]
        row = _row(record, number // len(real), Random(seed * 1_000_003 + number))
        row["downloads"] += 1 + place
        yield row


def write(path: Path, found: Iterator[dict[str, Any]]) -> None:
    """A parquet file of rows; it is there whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    part = path.with_name(f"{path.name}.part")
    schema = _schema()
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        block: list[dict[str, Any]] = []
        for row in found:
            block.append(row)
            if len(block) == _ROWS:
                writer.write_table(pa.Table.from_pylist(block, schema))
                block.clear()
        if block:
            writer.write_table(pa.Table.from_pylist(block, schema))
    part.replace(path)


def file_name(count: int, seed: int) -> str:
    """The name under which a generated file is found again."""
    return f"hub-stats-{count}-{seed}-{_VERSION}.parquet"


def _schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    text, texts, count = pa.string(), pa.list_(pa.string()), pa.int64()
    models = pa.list_(pa.struct([("id", text)]))
    moment = pa.timestamp("ms", tz="UTC")
    return pa.schema(
        [
            *((name, text) for name in ("id", "author", "sha")),
            *((name, moment) for name in ("createdAt", "lastModified")),
            *(("private", pa.bool_()), ("gated", text), ("disabled", pa.bool_())),
            *((name, count) for name in ("downloads", "downloadsAllTime", "likes")),
            *(("trendingScore", count), ("library_name", text), ("pipeline_tag", text)),
            *(("tags", texts), ("config", text), ("cardData", text)),
            ("baseModels", pa.struct([("relation", text), ("models", models)])),
            ("safetensors", pa.struct([("parameters", text), ("total", count)])),
            *(("gguf", text), ("siblings", pa.list_(pa.struct([("rfilename", text)])))),
        ]
    )


def _row(record: dict[str, Any], turn: int, random: Random) -> dict[str, Any]:
    name, relation = _named(record["name"], turn, random)
    created = _EARLIEST + timedelta(days=random.randrange(_DAYS), seconds=random.randrange(86_400))
    languages = _languages(record, turn, random)
    licence = record.get("license") or ""
    if turn and random.random() < 0.15:
        licence = random.choices(_LICENCES, _STATED)[0]
    loads = record.get("hf_downloads") or 0
    downloads = loads if not turn else int(min(loads, random.lognormvariate(2.2, 2.0)))
    task = record.get("pipeline_tag") or ""
    task = "" if task == "unknown" else task
    architecture = record.get("architecture") or ""
    is_gguf = name.casefold().endswith("gguf")
    tags = [*_TAGS[: 2 + random.randrange(3)], architecture, task, *languages]
    tags += [random.choice(_MORE_TAGS), f"license:{licence}" if licence else "", "region:us"]
    if relation:
        tags += [f"base_model:{record['name']}", f"base_model:{relation}:{record['name']}"]
    card = {"license": licence, "language": languages, "base_model": record["name"]}
    return {
        "id": name,
        "author": name.partition("/")[0],
        "sha": f"{random.getrandbits(160):040x}",
        "createdAt": created,
        "lastModified": created + timedelta(days=random.randrange(60)),
        "private": False,
        "gated": "auto" if random.random() < 0.02 else "False",
        "disabled": False,
        "downloads": downloads,
        "downloadsAllTime": downloads * 4,
        "likes": (record.get("hf_likes") or 0) if not turn else int(random.paretovariate(1.5)) - 1,
        "trendingScore": 0,
        "library_name": "gguf" if is_gguf else "transformers",
        "pipeline_tag": task or None,
        "tags": [tag for tag in dict.fromkeys(tags) if tag],
        "config": json.dumps({"model_type": architecture}) if architecture else None,
        "cardData": json.dumps({key: value for key, value in card.items() if value}),
        "baseModels": {"relation": relation, "models": [{"id": record["name"]}]}
        if relation
        else None,
        "safetensors": {"parameters": None, "total": record.get("parameters_raw")},
        "gguf": None,
        "siblings": [{"rfilename": "config.json"}, {"rfilename": _weights(is_gguf)}],
    }


def _weights(is_gguf: bool) -> str:
    return "model-Q4_K_M.gguf" if is_gguf else "model.safetensors"


def _named(name: str, turn: int, random: Random) -> tuple[str, str]:
    """The name of the real model's like, and how it came from that; '' for the real one."""
    if not turn:
        return name, ""
    relation, words = random.choice(_DOINGS)
    last = name.rpartition("/")[2]
    # A few authors have thousands of models, most have one or two.
    author = (
        f"{_AUTHORS[random.randrange(len(_AUTHORS))]}{int(random.paretovariate(0.6)) % 200_000}"
    )
    return f"{author}/{last}-{random.choice(words)}-{turn}", relation


_AUTHORS = ("mlx", "bartowski", "team", "lab-", "user", "ai-", "nlp", "the", "research", "dr")


def _languages(record: dict[str, Any], turn: int, random: Random) -> list[str]:
    own = list(record.get("languages") or ())
    if turn and random.random() < 0.3:
        return sorted({"en", *random.choices(_LANGUAGES, k=random.randrange(1, 4))})
    return own


class HubShape:
    """Reads the generated file where the package's own reader of hub-stats is not installed."""

    name = "hub-stats"
    title = "generated cards"
    address = ""
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = {}

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """All rows of the file at `place`."""
        import pyarrow.parquet as pq

        columns = ["id", "author", "createdAt", "lastModified", "gated", "downloads", "likes"]
        columns += ["library_name", "pipeline_tag", "tags", "config", "baseModels", "safetensors"]
        file = pq.ParquetFile(str(place.path))
        for batch in file.iter_batches(batch_size=4096, columns=columns):
            for row in batch.to_pylist():
                yield _entry(row)


def _entry(row: dict[str, Any]) -> Entry:
    tags = tuple(row["tags"])
    languages = tuple(tag for tag in tags if len(tag) == 2)
    licence = next((tag[8:] for tag in tags if tag.startswith("license:")), "")
    found: dict[Column, Value | None] = {
        Column.AUTHOR: row["author"],
        Column.TASK: row["pipeline_tag"],
        Column.LIBRARY: row["library_name"],
        Column.TAGS: tuple(tag for tag in tags if ":" not in tag and len(tag) > 2),
        Column.LANGUAGES: languages,
        Column.LICENCE: licence,
        Column.WEIGHTS: "gated" if row["gated"] != "False" else "open",
        Column.ARCHITECTURE: json.loads(row["config"] or "{}").get("model_type"),
        Column.PARAMETERS: (row["safetensors"] or {}).get("total"),
        Column.RELEASED: row["createdAt"].date().isoformat(),
        Column.UPDATED: row["lastModified"].date().isoformat(),
        Column.DOWNLOADS: row["downloads"],
        Column.LIKES: row["likes"],
    }
    base = row["baseModels"]
    relations: tuple[Relation, ...] = ()
    if base:
        kind = RelationKind(base["relation"])
        relations = tuple(Relation(kind=kind, parent=one["id"]) for one in base["models"])
    return Entry(
        source="hub-stats",
        key=row["id"],
        model=row["id"],
        values={column: value for column, value in found.items() if value not in (None, "", ())},
        relations=relations,
    )
