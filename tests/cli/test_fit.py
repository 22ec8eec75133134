"""`elige fit`: what is printed, and what is told of bad input."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Run
from cli.test_bad_input import check_told

import elige as public

MISTRAL = {
    "model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "vocab_size": 32000, "max_position_embeddings": 32768, "sliding_window": 4096,
}  # fmt: skip


@pytest.fixture
def config(here: Path) -> Path:
    path = here / "config.json"
    path.write_text(json.dumps(MISTRAL))
    return path


def fitted(elige: Run, *arguments: str) -> Any:  # noqa: ANN401 - an object of JSON
    told = elige("fit", *arguments, "--json")
    assert told.code == 0, told.err
    return json.loads(told.out)


def test_a_bare_configuration_gives_weights_and_cache(config: Path, elige: Run) -> None:
    found = fitted(elige, config.name)
    assert found["parameters"] == 7_241_732_096
    assert found["kv_bytes_per_token"] == 131_072
    assert found["architecture"]["kv_heads"] == 8


def test_the_cache_grows_up_to_the_window(config: Path, elige: Run) -> None:
    short = fitted(elige, config.name, "--context", "4096")["cache"]["bytes"]
    long = fitted(elige, config.name, "--context", "32768")["cache"]["bytes"]
    assert short == long == 4096 * 131_072


def test_the_precision_of_the_cache_refines_its_size(config: Path, elige: Run) -> None:
    found = fitted(elige, config.name, "--cache-dtype", "fp8", "--context", "100", "--users", "3")
    assert found["kv_bytes_per_token"] == 65_536
    assert found["cache"]["bytes"] == 3 * 100 * 65_536


def test_verdicts_follow_the_memory(config: Path, elige: Run) -> None:
    arguments = (config.name, "--memory", "24GB", "--precision", "fp32", "--precision", "Q4_K_M")
    rows = fitted(elige, *arguments)["precisions"]
    assert [row["verdict"] for row in rows] == ["does not", "fits"]
    assert all(row["peak_bytes"]["kind"] == "estimated" for row in rows)
    assert all(row["peak_bytes"]["source"] for row in rows)


def test_an_unmeasured_machine_has_no_speed(config: Path, elige: Run) -> None:
    found = fitted(elige, config.name)
    assert {row["written_tokens_per_second"] for row in found["precisions"]} == {None}
    assert any("doctor --measure" in note for note in found["notes"])


def test_people_read_a_table(config: Path, elige: Run) -> None:
    told = elige("fit", config.name, "--memory", "24GB")
    assert told.code == 0
    assert "7.24B" in told.out and "131,072 bytes of a token" in told.out
    assert "Q4_K_M" in told.out and "does not" in told.out


def test_of_an_unknown_architecture_unknown_is_said(config: Path, elige: Run) -> None:
    config.write_text(json.dumps({**MISTRAL, "model_type": "quantum_flux"}))
    told = elige("fit", config.name)
    assert "number of weights unknown" in told.out
    assert fitted(elige, config.name)["parameters"] is None


def test_python_gives_the_same(config: Path, elige: Run) -> None:
    found = public.fit(config, memory="24GB", precisions=["bf16"])
    assert found.parameters == fitted(elige, config.name)["parameters"]
    assert [row.verdict.value for row in found.rows] == ["fits"]


@pytest.mark.parametrize(
    ("content", "value", "step"),
    [
        pytest.param(b"", "is empty", "Give a config.json", id="empty"),
        pytest.param(b"{not json", "is no JSON", "Give a config.json", id="not JSON"),
        pytest.param(b"[1, 2]", "holds a list", "Give a config.json", id="a list"),
        pytest.param(b"7", "holds a single value", "Give a config.json", id="a number"),
        pytest.param(b"{}", "how many layers", "language model", id="no layers"),
        pytest.param(b"\x80\x02}q\x00.\xff\xfe", "is no text", "Give a config.json", id="binary"),
        pytest.param(b"[" * 100_000, "is no JSON", "Give a config.json", id="nested"),
        pytest.param(
            b'{"model_type": "llama", "num_hidden_layers": -3}',
            "num_hidden_layers is -3",
            "Compare",
            id="below zero",
        ),
        pytest.param(
            b'{"model_type": "llama", "num_hidden_layers": 2, "hidden_size": NaN}',
            "hidden_size is nan",
            "Compare",
            id="NaN",
        ),
        pytest.param(
            b'{"model_type": "llama", "num_hidden_layers": 1e300}',
            "num_hidden_layers is 1e+300",
            "Compare",
            id="huge",
        ),
    ],
)
def test_a_bad_configuration_is_told(
    here: Path, elige: Run, content: bytes, value: str, step: str
) -> None:
    (here / "bad.json").write_bytes(content)
    check_told(elige("fit", "bad.json", "--json"), "bad.json", value, step)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        pytest.param(("nothing.json",), "nothing.json", id="no such file"),
        pytest.param(("empty",), "holds no config.json", id="a folder without one"),
        pytest.param(("fake.gguf",), "is no GGUF file", id="no GGUF"),
        pytest.param(("echo",), "no weights", id="the echo"),
        pytest.param(("config.json", "--context", "0"), "0 tokens", id="no context"),
        pytest.param(("config.json", "--users", "0"), "0 users", id="nobody"),
        pytest.param(("config.json", "--memory", "lots"), "'lots'", id="no memory"),
        pytest.param(("config.json", "--precision", "q9"), "'q9'", id="no precision"),
        pytest.param(("config.json", "--cache-dtype", "Q4_K_M"), "Q4_K_M", id="no cache"),
        pytest.param(("config.json", "--measure"), "bare configuration", id="nothing to run"),
    ],
)
def test_what_cannot_work_is_told(
    config: Path, here: Path, elige: Run, arguments: tuple[str, ...], value: str
) -> None:
    (here / "empty").mkdir()
    (here / "fake.gguf").write_bytes(b"<html>no model</html>" * 10)
    check_told(elige("fit", *arguments), value)
