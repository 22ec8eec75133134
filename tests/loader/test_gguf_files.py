import io
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from elige.config import Settings
from elige.errors import BadInput, StoreError
from elige.loader.cache import ModelCache
from elige.loader.child import run_child
from elige.loader.convert import convert
from elige.loader.digests import JsonDigests
from elige.loader.gguf import GgufStore
from elige.loader.gguf_header import read_header


def store(settings: Settings, said: list[str] | None = None) -> GgufStore:
    settings = replace(settings, environment=dict(os.environ))
    talk = said if said is not None else []
    cache = ModelCache(settings.models / "cache", settings.cache_bytes)
    return GgufStore(settings, cache, JsonDigests(settings.home / "d.json"), talk.append)


@pytest.fixture(scope="session")
def converted(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny GGUF as a folder; one conversion for all tests that only look."""
    home = tmp_path_factory.mktemp("home")
    said: list[str] = []
    folder = store(Settings(home=home), said).folder(tiny_gguf)
    assert said[0].startswith("Converting tiny.gguf")
    return folder


def test_the_header_tells_without_loading(tiny_gguf: Path, settings: Settings) -> None:
    facts = store(settings).facts(tiny_gguf)

    assert (facts.architecture, facts.licence, facts.context_length) == ("llama", "mit", 128)
    assert facts.parameters == 26_912
    assert facts.chat_template.startswith("{% for m")
    assert facts.config["num_key_value_heads"] == 2


def test_a_converted_model_computes_what_the_original_does(
    converted: Path, tiny_llama: Path
) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    ids = torch.tensor([[3, 50, 7, 200, 9]])
    with torch.no_grad():
        new, old = (
            AutoModelForCausalLM.from_pretrained(str(folder))(ids).logits
            for folder in (converted, tiny_llama)
        )

    assert torch.equal(new, old)


def test_tokenizer_template_and_context_survive(converted: Path, tiny_llama: Path) -> None:
    from transformers import AutoTokenizer

    new, old = (AutoTokenizer.from_pretrained(str(f)) for f in (converted, tiny_llama))

    assert new.model_max_length == 128
    assert new.chat_template == old.chat_template
    assert new("hello world").input_ids == old("hello world").input_ids
    assert new.eos_token == "<|end|>"


def test_tied_embeddings_are_written_once(converted: Path) -> None:
    from safetensors import safe_open

    with safe_open(converted / "model.safetensors", framework="np") as weights:
        assert "lm_head.weight" not in weights.keys()  # noqa: SIM118 - no mapping


def test_a_second_load_converts_nothing(
    converted: Path, tiny_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elige.loader.gguf.run_child", None)  # nobody may start a child again
    home = converted.parents[2]

    assert store(Settings(home=home)).folder(tiny_gguf) == converted


def test_kill_of_the_parent_in_a_conversion_leaves_nothing_whole(
    tiny_gguf: Path, settings: Settings
) -> None:
    script = (
        "import os, sys; from pathlib import Path; from elige.config import Settings\n"
        "from elige.loader.opener import Loader; from elige.loader.candidate import "
        "parse_candidate\n"
        "say = lambda text: print(text, flush=True)\n"
        "Loader(Settings(home=Path(sys.argv[1]), environment=dict(os.environ)), say=say)"
        ".open(parse_candidate(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", script, str(settings.home), str(tiny_gguf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        for line in parent.stdout:
            if "unpacking" in line or "reading the tokenizer" in line:
                break
        parent.send_signal(signal.SIGKILL)
        parent.wait()

    cache = settings.models / "cache"
    assert [path.name for path in cache.iterdir() if not path.name.startswith(".part")] == ["locks"]
    part = next(cache.glob(".part-*"))
    time.sleep(0.2)
    assert "elige.json" not in {path.name for path in part.iterdir()}


def cut(path: Path, target: Path) -> None:
    target.write_bytes(path.read_bytes()[:-1000])


def cut_in_header(path: Path, target: Path) -> None:
    target.write_bytes(path.read_bytes()[:300])


def web_page(path: Path, target: Path) -> None:
    target.write_text("<html>404</html>" + " " * path.stat().st_size)


def only_magic(path: Path, target: Path) -> None:
    target.write_bytes(b"GGUF")


def version_9(path: Path, target: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4:8] = struct.pack("<I", 9)
    target.write_bytes(content)


def many_tensors(path: Path, target: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8:16] = struct.pack("<Q", 1 << 60)
    target.write_bytes(content)


def long_key(path: Path, target: Path) -> None:
    content = bytearray(path.read_bytes())
    content[24:32] = struct.pack("<Q", 1 << 63)
    target.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(cut, "variant.gguf is damaged: it is at least .* too short", id="cut"),
        pytest.param(cut_in_header, "ends inside its header", id="cut in header"),
        pytest.param(web_page, "is no GGUF file", id="web page"),
        pytest.param(only_magic, "is no GGUF file", id="magic alone"),
        pytest.param(version_9, "version 9", id="version"),
        pytest.param(many_tensors, "claims 1152921504606846976 tensors", id="tensor count"),
        pytest.param(long_key, "ends inside its header", id="key length"),
    ],
)
def test_a_bad_gguf_gets_one_line_fast(
    spoil: Callable[[Path, Path], None],
    says: str,
    tiny_gguf: Path,
    tmp_path: Path,
    settings: Settings,
) -> None:
    spoil(tiny_gguf, tmp_path / "variant.gguf")

    with pytest.raises(BadInput, match=says) as caught:
        store(settings).facts(tmp_path / "variant.gguf")
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_every_cut_of_a_header_is_told(tiny_gguf: Path, tmp_path: Path) -> None:
    content = tiny_gguf.read_bytes()
    path = tmp_path / "cut.gguf"
    for length in range(0, len(content) - 1, 997):
        path.write_bytes(content[:length])
        with pytest.raises(BadInput):
            read_header(path)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        pytest.param({"blk__1__ffn_up__weight": None}, r"lacks weights .*mlp\.up_proj", id="gone"),
        pytest.param(
            {"blk__0__attn_norm__weight": np.full(32, np.nan, np.float32)},
            "infinite or missing numbers",
            id="not a number",
        ),
    ],
)
def test_broken_weights_are_refused(
    changed: dict[str, Any],
    says: str,
    gguf_with: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gguf, "GGUFReader", gguf.GGUFReader)  # put back afterwards

    with pytest.raises(BadInput, match=says):
        convert(gguf_with(**changed), tmp_path / "out", io.StringIO())


def test_a_child_that_takes_too_long_is_stopped(tiny_gguf: Path) -> None:
    with pytest.raises(BadInput, match="took more than 0"):
        run_child(
            {"task": "probe", "path": str(tiny_gguf)},
            seconds=0,
            memory_bytes=10**9,
            environment=dict(os.environ),
            say=print,
        )


def test_a_child_that_needs_too_much_memory_is_told(tiny_gguf: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"memory|ended the process|cannot be read"):
        run_child(
            {"task": "convert", "path": str(tiny_gguf), "target": str(tmp_path)},
            seconds=60,
            memory_bytes=60_000_000,
            environment=dict(os.environ),
            say=print,
        )


def test_a_home_that_is_a_file_gets_one_line(tiny_gguf: Path, settings: Settings) -> None:
    settings.home.touch()

    with pytest.raises(StoreError, match="cannot be written"):
        store(settings).folder(tiny_gguf)


@pytest.mark.parametrize("name", ["falcon", "gpt-2", "llama-spm"])
def test_tokens_are_those_of_llama_cpp(
    name: str, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from elige.loader.gguf_reader import QuickReader
    from elige.loader.gguf_tokenizer import read_tokenizer

    monkeypatch.setattr(gguf, "GGUFReader", QuickReader)

    path = shared_data / "configs" / "gguf_vocab" / f"ggml-vocab-{name}.gguf"
    tokenizer, notice = read_tokenizer(path, read_header(path).metadata)
    texts = path.with_name(f"{path.name}.inp").read_text("utf-8")
    wanted = path.with_name(f"{path.name}.out").read_text("utf-8").splitlines()

    assert notice == ""
    for text, ids in zip(texts.split("\n__ggml_vocab_test__\n"), wanted, strict=False):
        assert tokenizer(text, add_special_tokens=False).input_ids == [*map(int, ids.split())]
