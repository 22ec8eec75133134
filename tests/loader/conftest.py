"""Tiny real models: a Llama of 30,000 weights as a folder and as a GGUF file."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from elige.config import Settings

HIDDEN, INNER, LAYERS, HEADS, KV_HEADS, CONTEXT = 32, 64, 2, 4, 2, 128
TEMPLATE = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}{% endfor %}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "elige", offline=True)


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as transformers saves it; tests copy it before they change it."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny") / "llama"
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary()),
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=KV_HEADS,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=0,
        eos_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(str(folder))
    tiny_tokenizer().save_pretrained(str(folder))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Tiny\n", "utf-8")
    return folder


@pytest.fixture
def model_folder(tiny_llama: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may break."""
    return Path(shutil.copytree(tiny_llama, tmp_path / "model"))


@pytest.fixture(scope="session")
def tiny_gguf(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model as a GGUF file, written with gguf's own writer."""
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_gguf(path, tensors(tiny_llama))
    return path


@pytest.fixture
def gguf_with(tiny_llama: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes a variant of the tiny GGUF: other weights, or none of that name (None)."""

    def write(**changed: Any) -> Path:  # noqa: ANN401 - arrays or None
        path = tmp_path / "variant.gguf"
        whole = {**tensors(tiny_llama), **{k.replace("__", "."): v for k, v in changed.items()}}
        write_gguf(path, {name: data for name, data in whole.items() if data is not None})
        return path

    return write


def vocabulary() -> list[str]:
    """An end-of-text token, the bytes as GPT-2 spells them, and three merged ones."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    spelling: Any = bytes_to_unicode
    return ["<|end|>", *sorted(spelling().values()), "he", "hel", "Ġw"]


MERGES = [("h", "e"), ("he", "l"), ("Ġ", "w")]


def tiny_tokenizer() -> Any:  # noqa: ANN401 - tokenizers carry no types
    from transformers import GPT2Tokenizer

    vocab = {token: index for index, token in enumerate(vocabulary())}
    ends = dict.fromkeys(("bos_token", "eos_token", "unk_token", "pad_token"), "<|end|>")
    build: Any = GPT2Tokenizer
    tokenizer = build(vocab=vocab, merges=MERGES, **ends)
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def tensors(folder: Path) -> dict[str, Any]:
    """The folder's weights under GGUF's names, q and k permuted as llama.cpp wants them."""
    from gguf import MODEL_ARCH, get_tensor_name_map
    from safetensors.numpy import load_file

    names = get_tensor_name_map(MODEL_ARCH.LLAMA, LAYERS)
    found = {}
    for name, data in load_file(folder / "model.safetensors").items():
        if "q_proj" in name or "k_proj" in name:
            heads = HEADS if "q_proj" in name else KV_HEADS
            halves = data.reshape(heads, 2, data.shape[0] // heads // 2, *data.shape[1:])
            data = halves.swapaxes(1, 2).reshape(data.shape)
        found[f"{names.get_name(name.removesuffix('.weight'))}.weight"] = np.ascontiguousarray(data)
    return found


def write_gguf(path: Path, weights: dict[str, Any]) -> None:
    from gguf import GGUFWriter, TokenType

    writer = GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_license("mit")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(vocabulary()))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(vocabulary())
    writer.add_token_types(
        [TokenType.CONTROL, *[TokenType.NORMAL for _ in range(len(vocabulary()) - 1)]]
    )
    writer.add_token_merges([" ".join(pair) for pair in MERGES])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, data in weights.items():
        writer.add_tensor(name, data)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
