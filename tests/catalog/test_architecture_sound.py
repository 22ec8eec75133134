"""Sizes that no model has are refused in one line."""

from typing import Any

import pytest

from elige.catalog.architecture import read_architecture
from elige.errors import BadInput

PLAIN = {
    "model_type": "llama", "hidden_size": 512, "intermediate_size": 1024, "vocab_size": 1000,
    "num_hidden_layers": 4, "num_attention_heads": 8, "num_key_value_heads": 4,
    "max_position_embeddings": 2048,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param({"num_attention_heads": 0}, "num_attention_heads is 0", id="no heads"),
        pytest.param({"num_key_value_heads": 0}, "num_key_value_heads is 0", id="no keys"),
        pytest.param({"hidden_size": 0}, "hidden_size is 0", id="no width"),
        pytest.param({"num_attention_heads": 1024}, "1,024 heads do not share 512", id="too many"),
        pytest.param({"num_key_value_heads": -4}, "cannot be below zero", id="below zero"),
        pytest.param(
            {"sliding_window": "4096"}, "a whole number is wanted", id="a window in words"
        ),
        pytest.param({"tie_word_embeddings": "no"}, "true or false", id="a flag in words"),
        pytest.param({"layer_types": [1, 2, 3, 4]}, "other things than words", id="numbers"),
        pytest.param({"layer_types": ["full_attention"]}, "names 1 of 4", id="too few kinds"),
        pytest.param(
            {"rope_scaling": {"type": "linear", "factor": "4"}}, "factor of rope", id="a factor"
        ),
        pytest.param({"vocab_size": 10**20}, "no model is that large", id="huge"),
    ],
)
def test_sizes_that_no_model_has_are_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_architecture({**PLAIN, **changed})


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"model_type": "llama"}, id="only a name"),
        pytest.param({**PLAIN, "num_hidden_layers": [4]}, id="a list of layers"),
        pytest.param({**PLAIN, "num_hidden_layers": 0}, id="no layers"),
    ],
)
def test_a_file_without_layers_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="how many layers"):
        read_architecture(config)


def test_a_model_without_attention_needs_no_heads() -> None:
    config = {
        "model_type": "mamba", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 100,
        "num_attention_heads": 0,
    }  # fmt: skip
    assert read_architecture(config).kv_bytes_per_token == 0


def test_without_an_inner_width_the_weights_of_a_gated_model_are_unknown() -> None:
    config = {**PLAIN, "model_type": "baichuan"}
    del config["intermediate_size"]
    found = read_architecture(config)
    assert found.parameters is None
    assert any("intermediate_size" in note for note in found.notes)
