"""Which model a candidate of a run is."""

from pathlib import Path

import pytest

from elige.catalog.sources.caches import path_name
from elige.catalog.sources.run_models import ECHO, host_of, model_of, name_of_path
from elige.loader.packages import PACKAGED
from elige.records import Candidate, ModelRef, RefKind, RelationKind


def candidate(kind: RefKind, location: str, **fields: str) -> Candidate:
    ref = ModelRef(text=location, kind=kind, location=location, model=fields.pop("model", ""))
    return Candidate(name="x", ref=ref, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "location", "model", "key"),
    [
        pytest.param(RefKind.ECHO, "echo", "", ECHO, id="echo"),
        pytest.param(RefKind.HUB, "Qwen/Qwen3-0.6B", "", "Qwen/Qwen3-0.6B", id="hub"),
        pytest.param(RefKind.LOCAL, "mine", "", "local/mine", id="made here"),
        pytest.param(RefKind.COMBO, "both", "", "combo/both", id="combination"),
        pytest.param(
            RefKind.FOLDER, "/data/My model", "", path_name(Path("/data/My model")), id="folder"
        ),
        pytest.param(
            RefKind.GGUF,
            "/data/tiny.Q4_0.gguf",
            "",
            path_name(Path("/data/tiny.Q4_0.gguf")),
            id="gguf",
        ),
        pytest.param(
            RefKind.FOLDER, "/hub/models--org--m--x/snapshots/0f", "", "org/m--x", id="hub's cache"
        ),
        pytest.param(
            RefKind.ENDPOINT,
            "http://localhost:8000/v1",
            "meta-llama/Llama-3.1-8B-Instruct",
            "meta-llama/Llama-3.1-8B-Instruct",
            id="served under its name",
        ),
        pytest.param(
            RefKind.ENDPOINT, "http://localhost:8000/v1", "mine", "localhost:8000/mine", id="served"
        ),
        pytest.param(
            RefKind.ENDPOINT, "https://api.openai.com/v1", "gpt-4o", "openai/gpt-4o", id="maker"
        ),
    ],
)
def test_a_reference_names_a_model(kind: RefKind, location: str, model: str, key: str) -> None:
    assert model_of(candidate(kind, location, model=model)).model == key


@pytest.mark.parametrize("name", sorted(PACKAGED))
def test_a_packaged_model_has_its_name_on_the_hub_and_says_which_file(name: str) -> None:
    found = model_of(candidate(RefKind.PACKAGED, name))
    assert found.model == PACKAGED[name].hub and "/" in found.model
    assert found.names == (name,)
    assert PACKAGED[name].file_name in found.ran


def test_a_package_of_an_older_elige_keeps_a_name_of_its_own() -> None:
    assert model_of(candidate(RefKind.PACKAGED, "gone-1b")).model == "local/gone-1b"


def test_two_folders_of_one_last_name_are_two_models() -> None:
    one, other, again = (
        model_of(candidate(RefKind.FOLDER, place)).model
        for place in ("/runs/1/final", "/runs/2/final", "/runs/1/../1/final")
    )
    assert one.startswith("local/final-") and other.startswith("local/final-")
    assert one == again != other


def test_a_base_with_an_adapter_is_another_model() -> None:
    found = model_of(candidate(RefKind.HUB, "org/base", adapter="/data/my-lora"))
    assert found.model == path_name(Path("/data/my-lora"))
    (parent,) = found.relations
    assert (parent.kind, parent.parent) == (RelationKind.ADAPTER, "org/base")


def test_what_echo_rehearses_is_not_said_of_the_model_that_it_plays() -> None:
    assert model_of(candidate(RefKind.HUB, "org/base", engine="echo")).model == ECHO


def test_a_reference_that_names_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="names no model"):
        model_of(candidate(RefKind.ENDPOINT, "http://localhost/v1", model="  "))


def test_lm_studio_keeps_publisher_and_name(tmp_path: Path) -> None:
    file = tmp_path / "home" / ".lmstudio" / "models" / "org" / "m-GGUF" / "m.gguf"
    assert name_of_path(file) == "org/m-GGUF"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        pytest.param("https://openrouter.ai/api/v1", "openrouter", id="two parts"),
        pytest.param("https://api.together.xyz/v1", "together", id="three parts"),
        pytest.param("http://127.0.0.1:8000/v1", "127.0.0.1:8000", id="number"),
        pytest.param("http://[::1]:8000/v1", "[::1]:8000", id="six"),
        pytest.param("http://box:1/v1", "box:1", id="one word"),
    ],
)
def test_the_host_is_said_short(address: str, host: str) -> None:
    assert host_of(address) == host
