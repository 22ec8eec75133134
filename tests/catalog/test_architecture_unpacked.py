"""Packed weights count what they stand for, where the configuration does not tell."""

import json
import struct
from math import prod
from pathlib import Path
from typing import Any

import pytest

from elige.catalog.architecture.source import described_folder
from elige.errors import BadInput

BYTES = {"U8": 1, "I8": 1, "F8_E4M3": 1, "I32": 4, "U32": 4, "BF16": 2, "F32": 4}
UNKNOWN = {
    "model_type": "of-tomorrow", "hidden_size": 64, "num_hidden_layers": 1, "vocab_size": 100,
    "num_attention_heads": 4,
}  # fmt: skip


def write(path: Path, shapes: dict[str, tuple[str, tuple[int, ...]]], **lies: Any) -> None:  # noqa: ANN401 - any JSON
    header: dict[str, Any] = {}
    end = 0
    for name, (kind, shape) in shapes.items():
        size = BYTES[kind] * prod(shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [end, end + size]} | lies
        end += size
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"\0" * end)


@pytest.mark.parametrize(
    ("method", "shapes"),
    [
        pytest.param(
            {"quantization_config": {"quant_method": "gptq", "bits": 8}},
            {"a.qweight": ("I32", (16, 32)), "a.qzeros": ("I32", (1, 8)),
             "a.scales": ("BF16", (1, 32)), "a.g_idx": ("I32", (64,))},
            id="GPTQ in 8 bits",
        ),
        pytest.param(
            {"quantization_config": {"quant_method": "awq", "bits": 4}},
            {"a.qweight": ("I32", (64, 4)), "a.qzeros": ("I32", (1, 4)),
             "a.scales": ("BF16", (1, 32))},
            id="AWQ",
        ),
        pytest.param(
            {"quantization_config": {"config_groups": {"group_0": {"weights": {"num_bits": 4}}}}},
            {"a.weight_packed": ("I32", (32, 8)), "a.weight_scale": ("BF16", (32, 1)),
             "a.weight_shape": ("I32", (2,)), "a.weight_zero_point": ("I32", (4, 1))},
            id="compressed-tensors",
        ),
        pytest.param(
            {"quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4"}},
            {"a.weight": ("U8", (32, 32)), "a.weight_scale": ("F8_E4M3", (32, 4)),
             "a.weight_scale_2": ("F32", (1,)), "a.input_scale": ("F32", (1,))},
            id="NVFP4",
        ),
        pytest.param(
            {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}},
            {"a.weight": ("U8", (1024, 1)), "a.weight.absmax": ("U8", (32,)),
             "a.weight.quant_map": ("F32", (16,)), "a.weight.nested_absmax": ("F32", (1,)),
             "a.weight.quant_state.bitsandbytes__nf4": ("U8", (90,))},
            id="bitsandbytes in 4 bits",
        ),
        pytest.param(
            {"quantization_config": {"quant_method": "bitsandbytes", "load_in_8bit": True}},
            {"a.weight": ("I8", (32, 64)), "a.SCB": ("F32", (32,))},
            id="bitsandbytes in 8 bits",
        ),
        pytest.param(
            {"quantization_config": {"quant_method": "mxfp4"}},
            {"a.proj_blocks": ("U8", (2, 16, 2, 16)), "a.proj_scales": ("U8", (2, 16, 2))},
            id="MXFP4",
        ),
        pytest.param(
            {"quantization": {"bits": 4, "group_size": 64}},
            {"a.weight": ("U32", (32, 8)), "a.scales": ("BF16", (32, 1)),
             "a.biases": ("BF16", (32, 1))},
            id="MLX",
        ),
        pytest.param(
            {"quantization_config": {"quant_method": "fp8"}},
            {"a.weight": ("F8_E4M3", (32, 64)), "a.weight_scale_inv": ("F32", (1, 1))},
            id="fp8",
        ),
    ],
)  # fmt: skip
def test_packed_weights_count_what_they_stand_for(
    method: dict[str, Any], shapes: dict[str, tuple[str, tuple[int, ...]]], tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(UNKNOWN | method))
    write(tmp_path / "model.safetensors", shapes | {"model.norm.weight": ("BF16", (64,))})
    assert described_folder(tmp_path).architecture.parameters == 2048 + 64


def test_what_is_packed_in_an_unknown_way_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(UNKNOWN))
    write(tmp_path / "model.safetensors", {"a.weight": ("U8", (64, 64))})
    assert described_folder(tmp_path).architecture.parameters is None


@pytest.mark.parametrize(
    "lies",
    [
        pytest.param({"shape": [10**9, 10**9]}, id="larger than its bytes"),
        pytest.param({"shape": [-8, -8]}, id="below zero"),
        pytest.param({"shape": ["many"]}, id="a word"),
        pytest.param({"shape": [float("inf")]}, id="without end"),
        pytest.param({"data_offsets": [128]}, id="no end"),
        pytest.param({"dtype": "F64"}, id="another kind"),
    ],
)
def test_a_header_that_lies_is_refused(lies: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(UNKNOWN))
    write(tmp_path / "model.safetensors", {"a.weight": ("BF16", (8, 8))}, **lies)
    with pytest.raises(BadInput, match="is damaged"):
        described_folder(tmp_path)


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_configuration_with_a_mark_of_its_bytes_is_read(code: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(UNKNOWN), encoding=code)
    assert described_folder(tmp_path).architecture.hidden == 64
