import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import DoesNotFit
from elige.machine.memory import Shape, check_fits, kv_cache_bytes, memory_need, shape_of
from elige.records import FactKind

LLAMA_7B = {
    "num_hidden_layers": 32,
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_attention_heads": 32,
    "vocab_size": 32000,
}


def shape(**changed: int) -> Shape:
    found = shape_of({**LLAMA_7B, **changed})
    assert found is not None
    return found


def test_llama_2_7b_keeps_half_a_megabyte_a_token() -> None:
    # 2 x 32 layers x 32 heads x 128 values x 2 bytes, as its paper's sizes give.
    assert kv_cache_bytes(shape(), context=1) == 524_288


def test_grouped_heads_keep_less() -> None:
    assert kv_cache_bytes(shape(num_key_value_heads=8), context=1) == 131_072


def test_windowed_layers_stop_growing() -> None:
    config = {**LLAMA_7B, "sliding_window": 512, "sliding_window_pattern": 6}
    found = shape_of(config)

    assert found is not None
    assert (found.windowed, found.window) == (27, 512)
    per_token = kv_cache_bytes(found, context=1)
    assert kv_cache_bytes(found, context=1000) < 1000 * per_token


@pytest.mark.parametrize(
    ("config", "heads"),
    [
        pytest.param({"model_type": "falcon", "multi_query": True}, 1, id="falcon 7b"),
        pytest.param(
            {"model_type": "falcon", "new_decoder_architecture": True, "num_kv_heads": 8},
            8,
            id="falcon 40b",
        ),
        pytest.param({"model_type": "falcon", "multi_query": False}, 32, id="falcon rw"),
        pytest.param({"multi_query": True, "multi_query_group_num": 2}, 2, id="chatglm"),
        pytest.param({}, 32, id="no grouping"),
    ],
)
def test_kv_heads_are_found_in_every_layout(config: dict[str, object], heads: int) -> None:
    found = shape_of({**LLAMA_7B, **config})

    assert found is not None
    assert found.kv_heads == heads


def test_a_multimodal_model_counts_by_its_text_part() -> None:
    assert shape_of({"text_config": LLAMA_7B, "hidden_size": 1}) == shape()


def test_only_layers_that_attend_keep_keys_and_values() -> None:
    kinds = ["linear_attention", "linear_attention", "mamba", "full_attention"]
    found = shape_of({**LLAMA_7B, "layer_types": kinds})

    assert found is not None
    assert found.layers == 1


def test_a_config_without_sizes_has_no_shape() -> None:
    assert shape_of({"hidden_size": 8}) is None
    assert memory_need(None, parameters=10, precision="fp32").weights == 40


@given(
    st.integers(1, 4096), st.integers(1, 64), st.sampled_from(["fp32", "bf16"]), st.integers(1, 9)
)
def test_more_of_anything_never_needs_less(
    context: int, sequences: int, precision: str, billions: int
) -> None:
    def total(context: int, sequences: int, billions: int) -> int:
        return memory_need(
            shape(),
            parameters=billions * 10**9,
            precision=precision,
            context=context,
            sequences=sequences,
        ).total

    least = total(context, sequences, billions)
    assert least <= total(context + 1, sequences, billions)
    assert least <= total(context, sequences + 1, billions)
    assert least < total(context, sequences, billions + 1)


def test_the_total_is_marked_estimated() -> None:
    fact = memory_need(shape(), parameters=10, precision="bf16").fact()

    assert fact.kind is FactKind.ESTIMATED
    assert "weights" in fact.source


def test_too_large_a_model_is_refused_with_its_numbers() -> None:
    need = memory_need(shape(), parameters=7 * 10**9, precision="fp32")

    with pytest.raises(DoesNotFit, match=r"big needs about .* but only 8\.0 GB are free"):
        check_fits("big", need, available_bytes=8 * 10**9)
    with pytest.raises(DoesNotFit, match="more than the 2.0 GB allowed"):
        check_fits("big", need, available_bytes=10**12, limit_bytes=2 * 10**9)
    check_fits("big", need, available_bytes=10**12)


def test_real_configs_have_a_shape(shared_data: Path) -> None:
    paths = [*(shared_data / "configs" / "aiconfigurator").rglob("*config.json")]
    paths += (shared_data / "configs" / "seed").rglob("*.json")
    without = []
    for path in paths:
        config = json.loads(path.read_text("utf-8"))
        if isinstance(config, dict) and "vocab_size" in config and shape_of(config) is None:
            without.append(path.name)

    assert paths
    assert without == []
