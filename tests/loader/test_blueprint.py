"""Models that transformers builds without weights, in a child process."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from elige.catalog.architecture.source import described_file
from elige.errors import BadInput
from elige.loader.blueprint import blueprint, built

# A kind with shared keys of its own; the reader has no row for it.
JETMOE = {
    "model_type": "jetmoe", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "kv_channels": 8, "intermediate_size": 48, "num_local_experts": 2,
    "num_experts_per_tok": 2, "vocab_size": 64, "tie_word_embeddings": True,
}  # fmt: skip
LLAMA = {
    "model_type": "llama", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "intermediate_size": 48, "vocab_size": 64,
}  # fmt: skip


def test_weights_and_cache_of_a_plain_model() -> None:
    found = built(dict(LLAMA))
    layer = 2 * 32 * 32 + 2 * 32 * 16 + 3 * 32 * 48 + 2 * 32
    assert found["parameters"] == 2 * layer + 2 * 64 * 32 + 32
    assert [layer["token"] for layer in found["layers"]] == [32, 32]
    assert found["built_as"] == "LlamaForCausalLM" and not found["tied"]


def test_the_class_that_the_file_names_is_built() -> None:
    whole = built(dict(LLAMA))["parameters"]
    bare = built({**LLAMA, "architectures": ["LlamaModel"]})["parameters"]
    assert whole - bare == 64 * 32


def test_a_kind_without_a_row_is_asked_of_transformers(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(JETMOE))
    assert described_file(path).architecture.parameters is None
    found = described_file(path, os.environ).architecture
    assert found.parameters == built(dict(JETMOE))["parameters"]
    assert found.kv_values_per_token is None  # it chooses among heads, which takes numbers
    assert any("counted by transformers" in note for note in found.notes)


def test_what_transformers_does_not_know_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**LLAMA, "model_type": "quantum_flux"}))
    found = described_file(path, os.environ).architecture
    assert found.parameters is None
    with pytest.raises(BadInput, match="quantum_flux"):
        blueprint({"model_type": "quantum_flux"}, "config.json", os.environ)


SMALL = {"d_model": 16, "encoder_layers": 2, "decoder_layers": 3, "encoder_attention_heads": 2}
SMALL |= {"decoder_attention_heads": 4, "encoder_ffn_dim": 8, "decoder_ffn_dim": 8}


@pytest.mark.parametrize(
    ("kind", "named", "sizes", "kept"),
    [
        pytest.param("bart", "BartForConditionalGeneration", SMALL, [32] * 3, id="a pair"),
        pytest.param("marian", "MarianMTModel", SMALL, [32] * 3, id="another"),
        pytest.param(
            "bert", "BertForMaskedLM", {"num_hidden_layers": 2}, [0, 0], id="only reads"
        ),
    ],
)  # fmt: skip
def test_pairs_keep_the_decoders_keys_and_encoders_nothing(
    kind: str, named: str, sizes: dict[str, Any], kept: list[int]
) -> None:
    found = built({"model_type": kind, "architectures": [named], **sizes})
    assert [layer["token"] for layer in found["layers"]] == kept
