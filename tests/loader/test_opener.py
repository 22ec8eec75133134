import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from safetensors.torch import load_file, save_file

from elige import plugins
from elige.catalog.architecture.sizes import sizes_at_hand
from elige.config import Settings
from elige.errors import BadInput, DoesNotFit, MissingExtra, NotFound
from elige.loader import opener
from elige.loader.candidate import parse_candidate
from elige.loader.opener import Loader
from elige.loader.packages import PACKAGED, is_installed
from elige.loader.reference import parse_ref
from elige.machine.facts import Gpu
from elige.records import Candidate, Engine, EngineInfo, EngineSpec, FactKind, Prompt, Sampling

GPU = Gpu(name="x", memory_bytes=1 << 36, free_bytes=1 << 36, capability=(9, 0), driver="1")


@pytest.fixture
def loader(settings: Settings) -> Iterator[Loader]:
    made = Loader(settings, sizes=sizes_at_hand)
    yield made
    made.close()


def test_echo_is_described_as_it_says_itself(loader: Loader) -> None:
    candidate = parse_candidate("echo,skill=0.8")

    assert loader.describe(candidate) == loader.open(candidate).describe()
    assert loader.licence(candidate.ref) is None
    assert loader.memory(candidate) is None


def test_a_folder_is_described_without_loading(
    tiny_llama: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "load", None)  # nobody may load an engine

    info = loader.describe(parse_candidate(str(tiny_llama)))

    assert info.identity.precision == "fp32"
    assert info.identity.engine == "torch"
    assert "torch " in info.identity.engine_version
    assert (info.context_length, info.parameters, info.has_template) == (128, 26_912, True)
    assert info.kv_bytes_per_token == 2 * 2 * 2 * 8 * 4
    assert info.can_score


def test_memory_is_that_of_the_weights_and_what_is_known_of_the_layers(
    tiny_llama: Path, settings: Settings, loader: Loader
) -> None:
    candidate = parse_candidate(f"{tiny_llama},dtype=fp32")
    whole, alone = loader.memory(candidate), Loader(settings).memory(candidate)

    assert whole is not None and alone is not None
    assert whole.cache == 128 * 2 * 2 * 2 * 8 * 4  # its whole context, as told above a token
    assert whole.weights >= alone.weights == 4 * 26_912
    assert (alone.cache, alone.activations, alone.logits) == (0, 0, 0)


def test_the_opened_engine_has_the_described_identity(tiny_llama: Path, loader: Loader) -> None:
    for text in (str(tiny_llama), f"{tiny_llama},dtype=bf16"):
        candidate = parse_candidate(text)
        described, engine = loader.describe(candidate), loader.open(candidate)

        assert engine.describe().identity == described.identity
        assert engine.describe().weight_bytes == described.weight_bytes
        engine.close()


def test_precision_and_adapter_change_the_identity(
    tiny_llama: Path, loader: Loader, tmp_path: Path
) -> None:
    (tmp_path / "adapter_config.json").write_text("{}")
    (tmp_path / "adapter_model.safetensors").write_bytes(b"x")
    texts = ("", ",dtype=bf16", f",adapter={tmp_path}")

    found = {loader.describe(parse_candidate(f"{tiny_llama}{t}")).identity for t in texts}

    assert len(found) == 3


def test_a_gguf_is_described_without_conversion(
    tiny_gguf: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    loader = Loader(
        replace(settings, environment=dict(os.environ)), say=said.append, sizes=sizes_at_hand
    )

    info = loader.describe(parse_candidate(str(tiny_gguf)))

    assert said == []
    assert (info.context_length, info.has_template) == (128, True)
    assert info.kv_bytes_per_token == 2 * 2 * 2 * 8 * 4
    assert len(info.identity.weights) == 64


def test_auto_is_bf16_only_for_half_weights_on_a_gpu_that_computes_it(
    tiny_llama: Path, model_folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = model_folder / "model.safetensors"
    save_file({name: one.half() for name, one in load_file(weights).items()}, weights)
    texts = (str(tiny_llama), str(model_folder))

    def precisions(*gpus: Gpu) -> list[str]:
        monkeypatch.setattr(opener, "cuda_gpus", lambda _: gpus)
        monkeypatch.setattr(opener, "installed_version", lambda _: "2.0")
        loader = Loader(settings)
        return [loader.describe(parse_candidate(t)).identity.precision for t in texts]

    assert precisions() == ["fp32", "fp32"]
    assert precisions(GPU) == ["fp32", "bf16"]
    assert precisions(replace(GPU, capability=(7, 5))) == ["fp32", "fp32"]


def test_licences_are_declared(tiny_llama: Path, loader: Loader) -> None:
    fact = loader.licence(parse_ref(str(tiny_llama)))

    assert fact is not None
    assert (fact.value, fact.kind) == ("mit", FactKind.DECLARED)


def test_a_model_that_cannot_fit_is_refused_before_loading(
    tiny_llama: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opener, "memory_bytes", lambda: (10**9, 10**6))

    with pytest.raises(DoesNotFit, match="estimated"):
        loader.open(parse_candidate(str(tiny_llama)))


def test_without_torch_the_line_that_installs_it_is_told(
    tiny_llama: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elige.machine.packages.installed_version", lambda _: "")

    with pytest.raises(MissingExtra) as caught:
        loader.describe(parse_candidate(str(tiny_llama)))
    assert "pip install 'elige[torch]'" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["echo,engine=torch", "http://h/v1#m,engine=echo", "gemma-3-270m,engine=remote"]
)
def test_an_engine_that_cannot_run_the_reference_is_refused(text: str, loader: Loader) -> None:
    with pytest.raises(BadInput, match="cannot run"):
        loader.describe(parse_candidate(text))


def test_models_and_combinations_that_are_not_here_are_told(loader: Loader) -> None:
    with pytest.raises(NotFound, match="No local model is called 'mine'"):
        loader.describe(parse_candidate("local:mine"))
    with pytest.raises(NotFound, match="No combination is called 'pair'"):
        loader.describe(parse_candidate("combo:pair"))


def test_an_endpoint_gets_its_key_and_its_identity(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs: list[EngineSpec] = []

    class Noted(Plain):
        def __init__(self, spec: EngineSpec) -> None:
            super().__init__(spec)
            specs.append(spec)

    monkeypatch.setattr(plugins, "load", lambda *_: Noted)
    loader = Loader(replace(settings, environment={"ELIGE_API_KEY": "sesame"}))
    candidate = parse_candidate("http://h/v1#m,input_price=1,output_price=2")

    info = loader.describe(candidate)

    assert info.identity.weights == "http://h/v1#m"
    assert specs[0].api_key == "sesame"
    assert specs[0].prices is not None
    assert "sesame" not in repr(specs[0])


class Plain:
    """An engine that only says what it is."""

    def __init__(self, spec: EngineSpec) -> None:
        self._spec = spec

    def describe(self) -> EngineInfo:
        return EngineInfo(identity=self._spec.identity)

    def close(self) -> None:
        return


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["smollm2-135m-instruct", "gemma-3-270m"])
def test_a_packaged_model_is_converted_once_and_then_loads_quickly(
    name: str, settings: Settings
) -> None:
    if not is_installed(name):
        pytest.skip(f"not installed: {PACKAGED[name].install_line}")
    settings = replace(settings, environment=dict(os.environ))
    candidate = parse_candidate(name)
    first = Loader(settings)
    described, engine = first.describe(candidate), first.open(candidate)
    assert engine.describe().identity == described.identity
    engine.close()
    first.close()

    started = perf_counter()
    engine = Loader(settings).open(candidate)
    seconds = perf_counter() - started

    assert seconds < 30  # the figure itself belongs to bench
    assert said_by(engine, candidate).strip()
    engine.close()


def said_by(engine: Engine, candidate: Candidate) -> str:
    prompt = Prompt(text=f"The capital of France ({candidate.name}) is")
    return "".join(
        piece.answer.text
        for piece in engine.generate([prompt], Sampling(max_tokens=8))
        if piece.answer is not None
    )
