"""Whatever is done to a source's file: what is broken is named, nothing crashes or gets in."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from catalog.sources import odd

from elige.catalog.sources import source
from elige.records import Broken, Column, Entry

HUB = {
    "id": "org/Model-7B",
    "author": "org",
    "createdAt": "2025-03-01T10:00:00.000Z",
    "lastModified": "2025-04-02T10:00:00.000Z",
    "gated": "manual",
    "downloads": 12,
    "likes": 3,
    "library_name": "transformers",
    "pipeline_tag": "text-generation",
    "tags": ["transformers", "es", "license:mit", "dataset:org/notes", "base_model:org/Base"],
    "config": '{"model_type": "llama"}',
    "cardData": {"license": "mit", "license_link": "https://x.org/l", "base_model": ["org/Base"]},
    "baseModels": {"relation": "finetune", "models": [{"id": "org/Base"}]},
    "safetensors": {"parameters": {"BF16": 7}, "total": 7_000_000_000},
    "gguf": {"total": 7, "context_length": 4096, "architecture": "llama"},
    "siblings": [{"rfilename": "model.safetensors"}, {"rfilename": "README.md"}],
    "usedStorage": 14_000_000_000,
}
LLMFIT = [
    {
        "name": "org/Model-7B", "provider": "Org", "use_case": "Chat", "architecture": "llama",
        "pipeline_tag": "text-generation", "capabilities": ["tools"], "languages": ["en"],
        "license": "mit", "release_date": "2025-01-02", "parameters_raw": 7_000_000_000,
        "active_parameters": None, "context_length": 4096, "vocab_size": 32_000,
        "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "head_dim": 128, "hf_downloads": 5, "hf_likes": 2,
    }
]  # fmt: skip
OPENROUTER = {
    "data": [
        {
            "id": "openai/gpt-5", "name": "OpenAI: GPT-5", "description": "Large. [x](y) More.",
            "hugging_face_id": "org/gpt", "context_length": 400_000,
            "knowledge_cutoff": "2024-10", "expiration_date": None,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "pricing": {"prompt": "0.00000125", "completion": "0.00001",
                        "input_cache_read": "0.000000125"},
            "top_provider": {"context_length": 400_000, "max_completion_tokens": 128_000},
            "supported_parameters": ["tools"],
        }
    ]
}  # fmt: skip
MODELSDEV = {
    "host": {
        "id": "host", "name": "Host", "doc": "https://x.org", "api": "https://x.org/v1",
        "models": {
            "m-7b": {
                "id": "m-7b", "name": "M 7B", "description": "Chats.", "family": "m",
                "cost": {"input": 1.25, "output": 10, "cache_read": 0.125},
                "limit": {"context": 8000, "output": 4000},
                "modalities": {"input": ["text"], "output": ["text"]},
                "release_date": "2025-01-02", "last_updated": "2025-02", "knowledge": "2024",
                "open_weights": True, "reasoning": False, "tool_call": True, "license": "mit",
                "weights": [{"url": "https://huggingface.co/org/M-7B"}],
                "benchmarks": [{"name": "GPQA", "score": 43.3, "source": "https://x.org/b"}],
            }
        },
    }
}  # fmt: skip
STATS = {
    "organizations/lab/organization.json": {"organization_id": "lab", "name": "Lab"},
    "organizations/lab/models/m/model.json": {
        "model_id": "m-7b", "name": "M 7B", "organization_id": "lab", "license_id": "mit",
        "param_count": 7_000_000_000, "release_date": "2025-01-02", "description": "Chats.",
        "source_weights_link": "https://huggingface.co/lab/M-7B", "knowledge_cutoff": "2024/10",
        "source_paper": "https://x.org/p", "fine_tuned_from_model_id": None,
    },
    "organizations/lab/models/m/benchmarks.json": [
        {
            "benchmark_id": "gpqa", "benchmark_name": "GPQA", "score": 0.5,
            "normalized_score": 0.5, "is_self_reported": True, "analysis_method": "0-shot",
            "self_reported_source_link": "https://x.org/b", "updated_at": "2025-07-19",
        }
    ],
    "benchmarks/gpqa.json": {"benchmark_id": "gpqa", "max_score": 1.0},
    "licenses/mit.json": {"license_id": "mit", "name": "MIT"},
    "providers/host/models.json": [
        {
            "model_id": "m-7b", "provider_id": "host", "max_input_tokens": 8192,
            "input_cents_per_million_tokens": 125, "output_cents_per_million_tokens": 1000,
        }
    ],
}  # fmt: skip
DOCUMENTS = {
    "hub": HUB, "llmfit": LLMFIT, "openrouter": OPENROUTER, "modelsdev": MODELSDEV,
}  # fmt: skip
ASKED = {None, Decimal("1.25"), Decimal(10), Decimal("0.125")}
ODD = pytest.mark.parametrize("name", sorted(odd.VALUES))


@pytest.mark.parametrize("of", sorted(DOCUMENTS))
@ODD
def test_an_odd_value_in_any_field_costs_that_field_or_its_record(
    tmp_path: Path, of: str, name: str
) -> None:
    one, path = source(of), tmp_path / "x.json"
    for where, tree in odd.with_each(DOCUMENTS[of], odd.VALUES[name]):
        path.write_bytes(odd.dumped(tree))
        found = odd.read(one, path)
        assert odd.prices(found) <= ASKED, where


@ODD
def test_an_odd_value_in_llm_stats_costs_that_field_or_its_record(
    tmp_path: Path, name: str
) -> None:
    one = source("llm-stats")
    for file, sound in STATS.items():
        for where, tree in odd.with_each(sound, odd.VALUES[name]):
            for other, content in {**STATS, file: tree}.items():
                place = tmp_path / other
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(odd.dumped(content))
            found = odd.read(one, tmp_path)
            assert odd.prices(found) <= ASKED, (file, where)


@pytest.mark.parametrize("of", sorted(DOCUMENTS))
def test_a_spoilt_file_is_refused_or_its_records_are_named(tmp_path: Path, of: str) -> None:
    whole = odd.dumped(DOCUMENTS[of])
    for name, data in odd.spoilt(whole).items():
        path = tmp_path / "x.json"
        path.write_bytes(data)
        found = odd.read(source(of), path)
        assert odd.prices(found) <= ASKED, name
        if name == "with a mark":
            assert [one for one in found if isinstance(one, Entry)]


HEADS = "fullname,Model sha,Precision,IFEval,IFEval Raw,Average ⬆️,#Params (B),Hub License"
BOARD = {
    "open-llm-leaderboard": HEADS
    + ",Base Model,Type\norg/M-7B,abc,bfloat16,30.5,0.305,22.5,7.2,mit,org/B,chat\n",
    "lmarena": "model,arena_score,95_pct_ci,votes,organization,license,url\n"
    "m-7b,1200,+5/-4,2000,Lab,MIT,https://huggingface.co/lab/M-7B\n",
}


@pytest.mark.parametrize("of", sorted(BOARD))
def test_an_odd_cell_costs_that_score_or_its_row(tmp_path: Path, of: str) -> None:
    head, sound = list(csv.reader(io.StringIO(BOARD[of])))
    path = tmp_path / "text_2026-01-02.csv"
    for name, value in odd.VALUES.items():
        cell = value if isinstance(value, str) else str(value)[:4000]
        for place in range(len(sound)):
            row = [*sound[:place], cell.replace("\x00", ""), *sound[place + 1 :]]
            text = io.StringIO()
            csv.writer(text).writerows([head, row])
            path.write_text(text.getvalue(), "utf-8", "replace")
            found = odd.read(source(of), path)
            assert found, (name, head[place])


@pytest.mark.parametrize("of", sorted(BOARD))
def test_a_spoilt_table_is_refused_or_its_rows_are_named(tmp_path: Path, of: str) -> None:
    path = tmp_path / "text_2026-01-02.csv"
    for data in odd.spoilt(BOARD[of].encode()).values():
        path.write_bytes(data)
        odd.read(source(of), path)


def test_a_row_in_another_encoding_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "text.csv"
    path.write_bytes(BOARD["lmarena"].encode() + "mß,1100,,,Läb,MIT,\n".encode("latin-1"))
    first, second = odd.read(source("lmarena"), path)
    assert isinstance(first, Entry)
    assert isinstance(second, Broken) and second.why == "it is no text in UTF-8"


def test_two_headings_that_differ_in_signs_alone_must_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "text.csv"
    path.write_text("model,rating,Rating ↑\na,1200,1200\nb,1200,1300\n", "utf-8")
    first, second = odd.read(source("lmarena"), path)
    assert isinstance(first, Entry)
    assert isinstance(second, Broken) and "rating stands there twice" in second.why


@pytest.mark.parametrize(
    ("of", "text", "broken"),
    [
        ("openrouter", '{"data": [{"id": "a/b", "pricing": {"prompt": "1", "prompt": "2"}}]}', 1),
        ("openrouter", '{"data": [{"id": "a/b", "name": "x", "name": "x"}]}', 0),
        ("llmfit", '[{"name": "a/b", "license": "mit", "license": "gpl"}]', 1),
        ("hub", '{"id": "a/b", "id": "c/d"}\n', 1),
        ("modelsdev", '{"h": {"models": {"m": {}}}, "h": {"models": {"n": {}}}}', 1),
        ("modelsdev", '{"h": {"models": {"m": {"name": "M"}, "m": {"name": "N"}}}}', 1),
        ("modelsdev", '{"h": {"models": {"m": {}}, "models": {"n": {}}}}', 1),
    ],
)
def test_what_says_two_things_at_once_is_named_and_says_nothing(
    tmp_path: Path, of: str, text: str, broken: int
) -> None:
    (tmp_path / "x.json").write_text(text)
    found = odd.read(source(of), tmp_path / "x.json")
    assert len(found) == 1
    assert sum(isinstance(one, Broken) for one in found) == broken
    assert not broken or "stands there twice" in str(found[0])


def test_a_line_that_is_no_record_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [b'{"id": "a/b"}', b'{"id": ', b"7", b'{"id": "c\xe9/d"}', b'{"id": "e/f"}']
    (tmp_path / "x.jsonl").write_bytes(b"\n".join(lines))
    found = odd.read(source("hub"), tmp_path / "x.jsonl")
    assert [one.where for one in found if isinstance(one, Broken)] == [
        "x.jsonl, line 2", "x.jsonl, line 3", "x.jsonl, line 4"
    ]  # fmt: skip
    assert [one.model for one in found if isinstance(one, Entry)] == ["a/b", "e/f"]


def test_the_first_line_may_be_the_broken_one(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b'{"id": "a/\n{"id": "c/d"}\n')
    first, second = odd.read(source("hub"), tmp_path / "x.jsonl")
    assert isinstance(first, Broken) and isinstance(second, Entry)


FRAMEWORKS = {
    "mof": """
release:
  name: Tiny-1B
  producer: Lab
  huggingface: https://huggingface.co/lab/tiny-1b
  license: {distribution: {name: Apache-2.0}}
  components:
    - {name: Model parameters (Final), license: MIT, component_path: https://x.org/w}
""",
    "osai": """
system: {name: Tiny, link: https://huggingface.co/lab/tiny, type: text, endmodelname: Tiny-Chat,
  basemodelname: Tiny-1B, endmodellicense: MIT}
org: {name: Lab}
weights_basemodel: {class: open, link: https://huggingface.co/lab/tiny-1b}
weights_endmodel: {class: partial, link: https://huggingface.co/lab/tiny-chat}
""",
    "azure": """
$schema: https://azuremlschemas.azureedge.net/latest/model.schema.json
name: Tiny-1B
description: Chats.
properties: {SharedComputeCapacityEnabled: true}
tags: {task: chat, license: mit, author: Lab, languages: "en, de", maxOutputTokens: 4096,
  datasets: "a,b", huggingface_model_id: lab/tiny-1b}
""",
}


@pytest.mark.parametrize("of", sorted(FRAMEWORKS))
@ODD
def test_an_odd_value_in_a_framework_file_costs_that_or_the_file(
    tmp_path: Path, of: str, name: str
) -> None:
    import yaml

    path, value = tmp_path / "spec.yaml", odd.VALUES[name]
    if isinstance(value, str):  # YAML has no such letters
        value = value.encode("utf-8", "ignore").decode().replace("\x00", "").replace("\x07", "")
    for _, tree in odd.with_each(yaml.safe_load(FRAMEWORKS[of]), value):
        path.write_text(json.dumps(tree), "utf-8")  # YAML reads JSON
        assert len(odd.read(source(of), path)) == 1


@pytest.mark.parametrize("of", sorted(FRAMEWORKS))
def test_a_spoilt_framework_file_is_named(tmp_path: Path, of: str) -> None:
    (tmp_path / "whole.yaml").write_text("a: b")
    path = tmp_path / "spec.yaml"
    for data in odd.spoilt(FRAMEWORKS[of].encode()).values():
        path.write_bytes(data)
        odd.read(source(of), path)


def test_rows_of_hub_stats_with_odd_columns_lose_those(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    columns: dict[str, list[object]] = {
        "downloads": [-1, 2**60], "likes": ["many", "3"], "tags": ["[1, {}]", "mlx"],
        "createdAt": [2**40, 0], "baseModels": ["{", "[]"], "safetensors": [0, 1],
        "gated": [7, 8], "siblings": [["a.GGUF", None], ["b.txt"]],
    }  # fmt: skip
    found: list[Entry | Broken] = []
    for name, values in columns.items():
        table = pyarrow.table({"id": ["a/b", "c/d"], name: values})
        parquet.write_table(table, tmp_path / "m.parquet")
        found = odd.read(source("hub-stats"), tmp_path / "m.parquet")
        assert [one.model for one in found if isinstance(one, Entry)] == ["a/b", "c/d"], name
    assert isinstance(found[0], Entry) and found[0].values[Column.FORMATS] == ("gguf",)


CONFIG = {
    "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 99,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128,
    "max_position_embeddings": 512, "rope_scaling": {"type": "linear", "factor": 2.0},
    "tie_word_embeddings": True, "sliding_window": None, "head_dim": 16,
}  # fmt: skip


@ODD
def test_an_odd_value_in_a_configuration_costs_that_or_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "org--tiny.json"
    for _, tree in odd.with_each(CONFIG, odd.VALUES[name]):
        path.write_bytes(odd.dumped(tree))
        assert len(odd.read(source("configs"), path)) == 1


def test_a_spoilt_configuration_is_named(tmp_path: Path) -> None:
    path = tmp_path / "org--tiny.json"
    for data in odd.spoilt(odd.dumped(CONFIG)).values():
        path.write_bytes(data)
        assert len(odd.read(source("configs"), path)) == 1
