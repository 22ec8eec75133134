import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from engines.tiny import spec
from safetensors.torch import load_file, save_file

from elige.engines.torch import TorchEngine
from elige.errors import BadInput, EligeError, EngineRefused, MissingExtra, NotAllowed
from elige.records import Prompt, Sampling

Folder = Callable[[str], Path]


@pytest.fixture
def folder(tiny_folder: Folder, tmp_path: Path) -> Path:
    """A copy of a good model that a test may spoil."""
    return Path(shutil.copytree(tiny_folder("llama"), tmp_path / "model"))


def change_config(folder: Path, **fields: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def refusal(folder: Path, kind: type[EligeError], **fields: str) -> EligeError:
    with pytest.raises(kind) as caught:
        TorchEngine(spec(folder, **fields))
    assert "\n" not in str(caught.value)
    return caught.value


def test_cut_off_weights_are_refused(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])
    assert "damaged or cut off" in str(refusal(folder, EngineRefused))


def test_weights_that_are_no_safetensors_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"not weights at all")
    assert "damaged" in str(refusal(folder, EngineRefused))


def test_missing_tensors_are_not_made_up(folder: Path) -> None:
    path = folder / "model.safetensors"
    weights = load_file(path)
    weights.pop("model.layers.1.mlp.up_proj.weight")
    save_file(weights, path, metadata={"format": "pt"})
    assert "model.layers.1.mlp.up_proj.weight" in str(refusal(folder, EngineRefused))


def test_weights_of_another_shape_are_refused(folder: Path) -> None:
    change_config(folder, intermediate_size=64)
    refusal(folder, EngineRefused)


def test_weights_that_are_no_numbers_are_refused(folder: Path) -> None:
    path = folder / "model.safetensors"
    weights = load_file(path)
    weights["model.norm.weight"] = torch.full_like(weights["model.norm.weight"], torch.nan)
    save_file(weights, path, metadata={"format": "pt"})
    assert "NaN" in str(refusal(folder, EngineRefused))


def test_pickled_weights_are_never_opened(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "pytorch_model.bin" in str(refusal(folder, NotAllowed))


def test_a_models_own_code_never_runs(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (folder / "own.py").write_text(f"open({str(mark)!r}, 'w')\nclass Own: ...\n")
    own = {"AutoConfig": "own.Own", "AutoModelForCausalLM": "own.Own"}
    change_config(folder, model_type="own_type", auto_map=own)
    assert "own code" in str(refusal(folder, NotAllowed))
    assert not mark.exists()


def test_own_code_beside_a_known_architecture_is_ignored(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (folder / "own.py").write_text(f"open({str(mark)!r}, 'w')\nclass Own: ...\n")
    change_config(folder, auto_map={"AutoModelForCausalLM": "own.Own"})
    TorchEngine(spec(folder)).close()
    assert not mark.exists()


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_a_folder_with_a_broken_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("{ broken")
    refusal(folder, EngineRefused)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_folder_without_a_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert str(folder) in str(refusal(folder, EngineRefused))


def test_an_unknown_architecture_is_refused_by_name(folder: Path) -> None:
    change_config(folder, model_type="unheard_of")
    assert "unheard_of" in str(refusal(folder, EngineRefused))


def test_threads_are_bounded_and_never_raised(folder: Path) -> None:
    before = torch.get_num_threads()
    try:
        TorchEngine(replace(spec(folder), threads=1)).close()
        fewest = torch.get_num_threads()
        TorchEngine(replace(spec(folder), threads=64)).close()
        assert (fewest, torch.get_num_threads()) == (1, 1)
    finally:
        torch.set_num_threads(before)


def test_a_converted_folder_s_tokenizer_gives_the_same_tokens(folder: Path) -> None:
    slow = TorchEngine(spec(folder))
    (folder / "elige.json").write_text('{"converter": 1}')
    quick = TorchEngine(spec(folder))
    for text in ("Hello world", " 12  +7\n", "¿Qué?", "<s>a</s>", "a" * 50):
        prompt = Prompt(text=text)
        assert quick._tokeniser.encode(prompt) == slow._tokeniser.encode(prompt)
    assert quick._tokeniser.template == slow._tokeniser.template
    assert quick._tokeniser.longest == slow._tokeniser.longest


def test_no_folder_is_refused(folder: Path) -> None:
    with pytest.raises(EngineRefused, match="local folders"):
        TorchEngine(replace(spec(folder), folder=None))


def test_an_unknown_precision_is_refused(folder: Path) -> None:
    assert "int3" in str(refusal(folder, BadInput, dtype="int3"))


def test_an_adapter_without_safetensors_is_refused(folder: Path) -> None:
    refusal(folder, NotAllowed, adapter=str(folder))


def test_an_adapter_without_its_library_names_the_extra(folder: Path, tmp_path: Path) -> None:
    try:
        import peft  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
    except ModuleNotFoundError:
        (tmp_path / "adapter_model.safetensors").touch()
        assert "elige[torch]" in refusal(folder, MissingExtra, adapter=str(tmp_path)).hint
    else:
        pytest.skip("peft is installed here")


def test_nothing_is_printed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = TorchEngine(spec(folder))
    list(engine.generate([Prompt(text="word " * 100)], Sampling(max_tokens=3)))
    engine.close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("stored", "dtype", "able", "precision"),
    [
        pytest.param(torch.float32, "auto", True, "fp32", id="fp32 stays"),
        pytest.param(torch.bfloat16, "auto", True, "bf16", id="bf16 on a CPU made for it"),
        pytest.param(torch.bfloat16, "auto", False, "fp32", id="bf16 on another CPU"),
        pytest.param(torch.float16, "auto", True, "fp32", id="fp16 loses nothing"),
        pytest.param(torch.float32, "bf16", False, "bf16", id="as asked"),
    ],
)
def test_precision_on_a_cpu(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    stored: torch.dtype,
    dtype: str,
    able: bool,
    precision: str,
) -> None:
    path = folder / "model.safetensors"
    weights = {name: tensor.to(stored) for name, tensor in load_file(path).items()}
    save_file(weights, path, metadata={"format": "pt"})
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("elige.engines.torch.weights._cpu_multiplies_bf16", lambda: able)
    info = TorchEngine(spec(folder, dtype=dtype)).describe()
    assert info.identity.precision == precision
    assert info.parameters is not None
    assert info.weight_bytes == info.parameters * (2 if precision == "bf16" else 4)


def test_a_precision_settled_by_the_loader_is_kept(folder: Path) -> None:
    settled = spec(folder, dtype="auto")
    settled = replace(settled, identity=replace(settled.identity, precision="bf16"))
    assert TorchEngine(settled).describe().identity.precision == "bf16"


def test_the_engine_knows_its_sizes(folder: Path) -> None:
    info = TorchEngine(spec(folder)).describe()
    assert info.context_length == 128
    assert info.kv_bytes_per_token == 2 * 2 * 2 * 8 * 4  # K and V, layers, heads, head_dim, fp32
    assert info.parameters == sum(
        t.numel() for t in load_file(folder / "model.safetensors").values()
    )
    assert info.has_template
    assert info.kernel == "token tree, flash attention"


@pytest.mark.gpu
def test_cuda_scores_in_bf16_and_gives_its_memory_back(folder: Path) -> None:
    if not torch.cuda.is_available():
        pytest.skip("this machine has no CUDA device")
    before = torch.cuda.memory_allocated()
    engine = TorchEngine(spec(folder, dtype="auto"))
    assert engine.describe().identity.precision == "bf16"
    assert list(engine.generate([Prompt(text="Hello")], Sampling(max_tokens=4, temperature=1)))
    engine.close()
    assert torch.cuda.memory_allocated() == before
