"""Folders and files without a config.json tell what can be known of them, or say what they are."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from elige.catalog.architecture.source import described_file, described_folder
from elige.errors import BadInput

LLAMA_3 = {
    "dim": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 8, "vocab_size": 128256,
    "multiple_of": 1024, "ffn_dim_multiplier": 1.3, "norm_eps": 1e-05, "rope_theta": 500000.0,
}  # fmt: skip
LLAMA_2 = {"dim": 4096, "n_layers": 32, "n_heads": 32, "multiple_of": 256, "vocab_size": 32000}
ADAPTER = {"peft_type": "LORA", "r": 8, "base_model_name_or_path": "org/base"}


@pytest.mark.parametrize(
    ("params", "weights", "each"),
    [
        pytest.param(LLAMA_3, 8_030_261_248, 131_072, id="Llama 3 8B"),
        pytest.param(LLAMA_2, 6_738_415_616, 524_288, id="Llama 2 7B"),
    ],
)
def test_metas_own_file_is_read(
    tmp_path: Path, params: dict[str, Any], weights: int, each: int
) -> None:
    (tmp_path / "params.json").write_text(json.dumps(params))
    found = described_folder(tmp_path).architecture
    assert (found.parameters, found.kv_bytes_per_token) == (weights, each)
    assert described_file(tmp_path / "params.json").architecture == found


def test_a_vocabulary_that_the_file_leaves_open_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "params.json"
    path.write_text(json.dumps({**LLAMA_2, "vocab_size": -1}))
    found = described_file(path).architecture
    assert (found.parameters, found.vocabulary) == (6_738_415_616, 32000)
    assert any("leaves out" in note and "vocab_size" in note for note in found.notes)


def test_an_adapter_is_told_from_a_model(tmp_path: Path) -> None:
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps(ADAPTER))
    with pytest.raises(BadInput, match="adapter, not a model") as told:
        described_folder(tmp_path)
    assert told.value.hint == "elige fit org/base"
    with pytest.raises(BadInput, match="adapter, not a model"):
        described_file(path)


def test_weights_alone_are_counted(tmp_path: Path) -> None:
    header = json.dumps({"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
    raw = struct.pack("<Q", len(header)) + header + bytes(24)
    (tmp_path / "model.safetensors").write_bytes(raw)
    with pytest.raises(BadInput, match="6 weights and no config.json"):
        described_folder(tmp_path)
