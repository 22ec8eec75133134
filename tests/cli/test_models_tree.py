"""`elige models tree` and `elige licence` on models of a catalogue."""

import json

import pytest
from cli.conftest import Run
from lineages import LLAMA2, catalogue, model

from elige.workbench import Workbench

WORLD = catalogue(
    model("meta-llama/Llama-2-7b-hf", licence="llama2", shape=LLAMA2),
    model("TencentARC/LLaMA-Pro-8B", licence="llama2", shape=("llama", 40, 4096, 32, 32_000)),
    model("x/tune", ("finetune", "meta-llama/Llama-2-7b-hf"), licence="apache-2.0"),
    model("x/tune-GGUF", licence="mit"),
    model("x/lora", ("adapter", "meta-llama/Llama-2-7b-hf")),
    model("x/merge", ("merge", "x/tune"), ("merge", "gone/away"), licence="nobody-1.0"),
    *(model(f"x/copy-{n:02}-AWQ", ("quantized", "x/tune")) for n in range(20)),
    model("x/\x1b[31mred\u202e[bold]", ("finetune", "x/tune"), licence="[red]\x07mine"),
    model("loop/a", ("finetune", "loop/b")),
    model("loop/b", ("finetune", "loop/a")),
)


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workbench, "catalogue", WORLD)


def test_both_halves_with_kinds_counts_and_licences(elige: Run) -> None:
    told = elige("models", "tree", "x/tune")
    assert told.code == 0
    for line in (
        "x/tune  Apache-2.0",
        "└── a fine-tune of meta-llama/Llama-2-7b-hf  Llama 2 Community License",
        "made of it  22",
        "├── merges  1",
        "└── quantised copies  20",
        "    └── … 12 more",
    ):
        assert line in told.out.splitlines(), told.out
    assert "x/merge  nobody-1.0 (licence not known)" in told.out
    said = " ".join(told.out.split())
    assert "Conflict: it states Apache License 2.0, but is made from meta-llama" in said


def test_a_child_that_states_a_freer_licence_is_marked(elige: Run) -> None:
    told = elige("models", "tree", "meta-llama/Llama-2-7b-hf", "--down").out
    assert "x/tune  Apache-2.0  ! freer than its parent's" in told
    assert "made from" not in told


def test_a_guess_is_marked_and_explained(elige: Run) -> None:
    told = elige("models", "tree", "x/tune-GGUF", "--up").out
    assert "└── ? a quantised copy of x/tune  Apache-2.0" in told
    assert "a guess: its name is that of x/tune with the ending GGUF" in told
    assert "? nobody declared it" in told and "made of it" not in told


def test_what_is_published_needs_no_mark(elige: Run) -> None:
    told = elige("models", "tree", "tencentarc/llama-pro-8b").out
    assert "with added blocks, from meta-llama/Llama-2-7b-hf" in told
    assert "https://tencentarc.github.io/LLaMA-Pro" in told and "?" not in told


def test_a_loop_and_a_missing_parent_are_told(elige: Run) -> None:
    assert "its own ancestor: a loop" in elige("models", "tree", "loop/a").out
    told = elige("models", "tree", "x/merge").out
    assert "merged from gone/away  nothing is known here of it" in told
    assert "Not known: made from gone/away, of which nothing is known here." in told


def test_json_holds_the_whole_tree(elige: Run) -> None:
    found = json.loads(elige("models", "tree", "x/tune", "--width", "3", "--json").out)
    assert (
        found["children_by_kind"] == {"finetune": 1, "merge": 1, "quantized": 20}
        and found["cut"] == 17
    )
    (parent,) = found["parents"]
    assert (parent["model"], parent["kind"], parent["licence_id"]) == (
        "meta-llama/Llama-2-7b-hf", "finetune", "llama2",
    )  # fmt: skip
    assert found["licence"]["may"]["train-others"]["answer"] == "no"
    guess = json.loads(elige("models", "tree", "x/tune-GGUF", "--json").out)["parents"][0]
    assert guess["how"] == "estimated" and guess["why"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["nobody/knows"], id="unknown"),
        pytest.param([""], id="empty"),
        pytest.param(["x/tune", "--depth", "0"], id="no depth"),
        pytest.param(["x/tune", "--depth", "9999"], id="too deep"),
        pytest.param(["x/tune", "--width", "0"], id="no width"),
        pytest.param(["\u202emodel\x00"], id="strange letters"),
    ],
)
def test_what_makes_no_tree_is_told_in_one_line(elige: Run, words: list[str]) -> None:
    told = elige("models", "tree", *words)
    assert told.code == 1 and told.out == ""
    assert len(told.err.splitlines()) == 1 and told.err.startswith("elige: ")


def test_the_licence_of_a_model_comes_with_its_lineage(elige: Run) -> None:
    told = elige("licence", "x/tune-GGUF").out
    assert "MIT License" in told and "? x/tune: Apache License 2.0" in told
    assert "perhaps made from meta-llama/Llama-2-7b-hf" in told
    found = json.loads(elige("licence", "x/tune", "--json").out)
    assert (found["id"], found["inherited"]["terms"]["train-others"][0]["answer"]) == (
        "apache-2.0", "no",
    )  # fmt: skip
    assert found["lineage"]["ancestors"][0]["model"] == "meta-llama/Llama-2-7b-hf"
    assert found["lineage"]["conflicts"]


def test_a_licence_by_its_name_has_no_lineage(elige: Run) -> None:
    assert json.loads(elige("licence", "mit", "--json").out)["lineage"] is None


def test_names_from_outside_steer_no_terminal(elige: Run) -> None:
    told = elige("models", "tree", "x/tune", "--down").out
    assert "x/?[31mred?[bold]  [red]?mine (licence not known)" in told
    assert "\x1b" not in told and "\u202e" not in told
