"""What real models may, by the licences that their makers state; and that all of them are read."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from catalog.search.cards import Counted, entry

from elige.catalog.licence_terms import USES, Use
from elige.catalog.search import Following, Query, SearchIndex, follow, search
from elige.records import Entry


@pytest.fixture(scope="module")
def index(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """All 16,849 records of llmfit's catalogue."""
    with gzip.open(shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz") as stream:
        records = json.load(stream)
    found = SearchIndex(tmp_path_factory.mktemp("real") / "catalog.index")
    store = Counted([said(record) for record in records])
    models = {record["name"].casefold() for record in records}  # three are there twice
    assert follow(found, store, Following(sources={})).changed == len(models) == 16_846
    return found


def said(record: dict[str, Any]) -> Entry:
    return entry(
        record["name"],
        task=record["pipeline_tag"],
        architecture=record["architecture"],
        licence=record.get("license") or "",
        languages=tuple(record.get("languages") or ()),
        parameters=record["parameters_raw"],
        downloads=record["hf_downloads"],
        weights="open",
    )


# Commercial use, passing on, training others, hosting: yes, conditions, unknown, no.
TABLE = [
    pytest.param("mistralai/Mistral-7B-v0.1", "yyyy", id="apache-2.0"),
    pytest.param("microsoft/phi-2", "yyyy", id="mit"),
    pytest.param("meta-llama/Meta-Llama-3-8B", "ccnc", id="llama3"),
    pytest.param("Salesforce/SFR-Embedding-Mistral", "nccc", id="cc-by-nc"),
    pytest.param("openai/whisper-large-v3", "uuuu", id="none stated"),
]


@pytest.mark.parametrize(("model", "answers"), TABLE)
def test_may_of_real_models(index: SearchIndex, model: str, answers: str) -> None:
    hit = search(index, Query(text=model)).hits[0]
    assert hit.model == model
    assert "".join(hit.may(use)[0] for use in USES) == answers
    for use, answer in zip(USES, answers, strict=True):
        assert is_found(index, model, use) is (answer in "yc")


def is_found(index: SearchIndex, model: str, use: Use) -> bool:
    found = search(index, Query(text=model, may=(use,), limit=3))
    return model in {hit.model for hit in found.hits}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("mixtrall", "mistralai/Mixtral-8x7B-Instruct-v0.1", id="mixtrall"),
        pytest.param("qwenn 2.5 7b instruct", "Qwen/Qwen2.5-7B-Instruct", id="qwenn 2.5"),
        pytest.param("smollm2 135m instruct", "HuggingFaceTB/SmolLM2-135M-Instruct", id="smollm2"),
        pytest.param("biomistral 7b", "BioMistral/BioMistral-7B", id="biomistral"),
        pytest.param("gpt2", "openai-community/gpt2", id="gpt2"),
    ],
)
def test_people_find_the_real_model_first(index: SearchIndex, text: str, first: str) -> None:
    assert search(index, Query(text=text)).hits[0].model == first


@pytest.mark.parametrize(
    ("filters", "least"),
    [
        pytest.param({"domains": ("medicine",)}, 100, id="medicine"),
        pytest.param({"domains": ("law",)}, 20, id="law"),
        pytest.param({"domains": ("mathematics",)}, 80, id="mathematics"),
        pytest.param({"domains": ("code",)}, 500, id="code"),
        pytest.param({"domains": ("finance",)}, 20, id="finance"),
        pytest.param({"tasks": ("text-to-speech",)}, 1000, id="speech"),
    ],
)
def test_filters_find_real_models(index: SearchIndex, filters: dict[str, Any], least: int) -> None:
    found = search(index, Query(**filters))
    assert least < found.total < 2000
