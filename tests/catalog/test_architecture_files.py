"""Architectures of folders and GGUF files: their weights are counted in the files themselves."""

import json
import os
import struct
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from elige.catalog.architecture.source import described_file, described_folder, described_gguf
from elige.errors import BadInput

CONFIG = {
    "model_type": "llama", "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 32,
    "tie_word_embeddings": True, "max_position_embeddings": 64,
}  # fmt: skip
LAYER = {
    "self_attn.q_proj": (8, 8), "self_attn.k_proj": (4, 8), "self_attn.v_proj": (4, 8),
    "self_attn.o_proj": (8, 8), "mlp.gate_proj": (16, 8), "mlp.up_proj": (16, 8),
    "mlp.down_proj": (8, 16), "input_layernorm": (8,), "post_attention_layernorm": (8,),
}  # fmt: skip
WEIGHTS = 32 * 8 + 2 * sum(map(prod, LAYER.values())) + 8


def tensors(layers: int = 2) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (32, 8)}
    for at in range(layers):
        found |= {f"model.layers.{at}.{name}.weight": shape for name, shape in LAYER.items()}
    return found | {"model.norm.weight": (8,)}


def write_safetensors(path: Path, shapes: dict[str, tuple[int, ...]], kind: str = "BF16") -> None:
    header, end = {}, 0
    for name, shape in shapes.items():
        size = (1 if kind == "U8" else 2) * prod(shape)
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"\0" * end)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    return tmp_path


def test_a_folder_without_weights_is_its_configuration(folder: Path) -> None:
    found = described_folder(folder)
    assert (found.architecture.parameters, found.stored_bytes) == (WEIGHTS, 0)


def test_weights_are_counted_in_the_headers(folder: Path) -> None:
    shapes = tensors() | {"model.extra.weight": (100,)}
    write_safetensors(folder / "model.safetensors", shapes)
    found = described_folder(folder)
    assert found.architecture.parameters == WEIGHTS + 100
    assert found.stored_bytes == 2 * (WEIGHTS + 100)


def test_weights_may_lie_in_several_files(folder: Path) -> None:
    shapes = list(tensors().items())
    names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    for name, part in zip(names, (shapes[:5], shapes[5:]), strict=True):
        write_safetensors(folder / name, dict(part))
    table = {name: names[at >= 5] for at, (name, _) in enumerate(shapes)}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": table}))
    assert described_folder(folder).architecture.parameters == WEIGHTS


def test_a_tied_head_that_is_stored_all_the_same_counts_once(folder: Path) -> None:
    write_safetensors(folder / "model.safetensors", tensors() | {"lm_head.weight": (32, 8)})
    assert described_folder(folder).architecture.parameters == WEIGHTS


def test_drafting_layers_and_buffers_are_no_weights_of_the_model(folder: Path) -> None:
    more = {"model.layers.0.self_attn.rotary_emb.inv_freq": (2,), "mtp.layers.0.proj": (8, 8)}
    write_safetensors(folder / "model.safetensors", tensors(layers=3) | more)
    found = described_folder(folder).architecture
    assert found.parameters == WEIGHTS
    assert any("draft" in note for note in found.notes)


def test_of_packed_weights_the_configuration_tells_the_number(folder: Path) -> None:
    packed = {name: tuple(-(-one // 2) for one in shape) for name, shape in tensors().items()}
    write_safetensors(folder / "model.safetensors", packed, kind="U8")
    found = described_folder(folder).architecture
    assert found.parameters == WEIGHTS
    assert any("packed" in note for note in found.notes)


def test_damaged_weights_are_told(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x00" * 64)
    with pytest.raises(BadInput, match=r"model\.safetensors is damaged"):
        described_folder(folder)


def write_gguf(
    path: Path, architecture: str, sizes: dict[str, Any], shapes: dict[str, Any]
) -> None:
    from gguf import GGUFWriter

    writer = GGUFWriter(str(path), architecture)
    for name, value in sizes.items():
        key = f"{architecture}.{name}"
        writer.add_array(key, value) if isinstance(value, list) else writer.add_uint32(key, value)
    writer.add_token_list([f"t{at}" for at in range(32)])
    for name, shape in shapes.items():
        writer.add_tensor(name, np.zeros(shape, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


SIZES = {
    "block_count": 2, "embedding_length": 8, "feed_forward_length": 16, "context_length": 64,
    "attention.head_count": 2, "attention.head_count_kv": 1,
}  # fmt: skip


def test_a_gguf_tells_its_sizes_and_its_weights(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    write_gguf(path, "llama", SIZES, {"token_embd.weight": (32, 8), "blk.0.attn_q.weight": (8, 8)})
    found = described_gguf(path, os.environ)
    assert found.architecture.parameters == 32 * 8 + 64
    assert found.architecture.kv_values_per_token == 2 * 2 * 4
    assert (found.architecture.context, found.architecture.tied) == (64, True)
    assert found.stored_bytes == 4 * (32 * 8 + 64)


def test_experts_of_a_gguf_that_rest_are_not_active(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    sizes = {**SIZES, "expert_count": 4, "expert_used_count": 1}
    shapes = {"token_embd.weight": (32, 8), "blk.0.ffn_up_exps.weight": (4, 16, 8)}
    write_gguf(path, "llama", sizes, shapes)
    found = described_gguf(path, os.environ).architecture
    assert (found.parameters, found.active_parameters) == (256 + 512, 256 + 128)


def test_layers_of_a_gguf_without_kv_heads_keep_none(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    sizes = {**SIZES, "attention.head_count_kv": [0, 1], "shortconv.l_cache": 3}
    write_gguf(path, "lfm2", sizes, {"token_embd.weight": (32, 8)})
    found = described_gguf(path, os.environ).architecture
    assert [layer.cached for layer in found.layers] == [0, 8]


def test_real_ggufs_tell_their_sizes(shared_data: Path) -> None:
    place = shared_data / "configs" / "gguf_vocab"
    falcon = described_gguf(place / "ggml-vocab-falcon.gguf", os.environ).architecture
    assert (len(falcon.layers), falcon.kv_bytes_per_token) == (32, 8_192)
    llama = described_gguf(place / "ggml-vocab-llama-spm.gguf", os.environ).architecture
    assert llama.kv_bytes_per_token == 524_288


def test_a_training_configuration_of_olmo_is_read(shared_data: Path) -> None:
    found = described_file(shared_data / "configs" / "seed" / "OLMo-7B.model.yaml").architecture
    assert found.parameters == 6_888_095_744  # transformers' OLMo 7B
    assert found.kv_bytes_per_token == 524_288


def test_what_a_gguf_leaves_out_is_not_what_files_of_the_family_take(tmp_path: Path) -> None:
    for kind in ("gemma", "gpt-oss"):
        path = tmp_path / f"{kind}.gguf"
        write_gguf(path, kind, SIZES, {"token_embd.weight": (32, 8)})
        found = described_gguf(path, dict(os.environ)).architecture
        assert (found.kv_values_per_token, found.experts) == (2 * 2 * 4, 0)
