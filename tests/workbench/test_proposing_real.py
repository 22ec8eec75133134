"""Proposals from real models: who is raced, and why the others are not."""

import gzip
import json
from pathlib import Path

import pytest
from catalog.search.test_real_cards import said
from catalog.shelf.toy import TODAY, Toy

from elige.catalog.shelf import Shelf
from elige.catalog.shelf.state import SyncOptions
from elige.choose.proposal import Proposal
from elige.config import Settings
from elige.records import Place
from elige.workbench import ChooseOptions, Workbench
from elige.workbench.proposing import propose_candidates

TABLE = {
    "mistralai/Mistral-7B-v0.1": "",
    "microsoft/phi-2": "",
    "meta-llama/Meta-Llama-3-8B": "",
    "Salesforce/SFR-Embedding-Mistral": "does not write text",
    "openai/whisper-large-v3": "does not write text",
    "mistralai/Mistral-7B-Instruct-v0.2": "the hub is offline",
}
SERVED = [model for model, why in TABLE.items() if "offline" not in why]


@pytest.fixture(scope="module")
def found(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """The proposal among these real records, most of them behind an endpoint."""
    with gzip.open(shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz") as stream:
        records = [one for one in json.load(stream) if one["name"] in TABLE]
    endpoints = " ".join(f"http://127.0.0.1:9/v1#{model}" for model in SERVED)
    settings = Settings(
        home=tmp_path_factory.mktemp("real"),
        offline=True,
        environment={"ELIGE_ENDPOINTS": endpoints},
    )
    toy = Toy([said(record) for record in records])
    with Shelf.open(settings.catalogue, {"toy": toy}, today=TODAY) as shelf:
        shelf.sync(toy, Place(), SyncOptions(today=TODAY))
    options = ChooseOptions(candidates=(), may=("commercial",))
    with Workbench(settings) as bench:
        return propose_candidates(bench, options, wanted="weights:open", top=10)


@pytest.mark.parametrize(("model", "why"), TABLE.items(), ids=TABLE)
def test_real_models_are_raced_or_left_out_for_a_reason(
    found: Proposal, model: str, why: str
) -> None:
    left = {one.name: one.why for one in found.not_raced}
    assert (f"http://127.0.0.1:9/v1#{model}" in found.refs) is (not why)
    assert why in left.get(model, "")
