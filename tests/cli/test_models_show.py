"""`elige models show`: one clause once, whatever it comes through; openness as elsewhere."""

import json
from collections.abc import Callable
from typing import Any  # what a command leaves behind

import pytest
from lineages import LLAMA2, catalogue, model

from elige.catalog.listed import Listed
from elige.records import Column, Entry, Origin, Value
from elige.workbench import Workbench

Run = Callable[..., Any]

WORLD = catalogue(
    model("meta-llama/Llama-2-7b-hf", licence="llama2", shape=LLAMA2),
    model(
        "meta-llama/Llama-2-7b-chat-hf",
        ("finetune", "meta-llama/Llama-2-7b-hf"),
        licence="llama2",
        shape=LLAMA2,
    ),
    model("x/tune", ("finetune", "meta-llama/Llama-2-7b-chat-hf"), licence="llama2"),
    model("x/merge", ("merge", "x/tune"), ("merge", "meta-llama/Llama-2-7b-hf"), licence="mit"),
    model("x/merge-GGUF", ("quantized", "x/merge"), licence="llama2"),
    model("x/lost", ("merge", "gone/one"), ("merge", "gone/two"), licence="mit"),
    model("allenai/OLMo-7B", licence="apache-2.0"),
    model("mistralai/Mistral-7B-Instruct-v0.1", licence="apache-2.0"),
    model("BioMistral/BioMistral-7B", licence="apache-2.0"),
    model("x/wrong-7B", licence="mit", parameters=70_000_000_000),
    model("x/right-7B", licence="mit", parameters=7_000_000_000),
)


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workbench, "catalogue", WORLD)


def said(elige: Run, *words: str) -> str:
    told = elige("models", "show", *words)
    assert told.code == 0, told.err
    assert all(len(line) <= 80 for line in told.out.splitlines()), told.out
    return " ".join(told.out.split())


def test_each_clause_stands_there_once_with_the_models_it_comes_through(elige: Run) -> None:
    told = said(elige, "x/merge-GGUF")
    assert told.count("neither it nor its output may improve") == 1
    assert (
        "its own, and made from x/tune, meta-llama/Llama-2-7b-hf and meta-llama/Llama-2-7b-chat-hf"
        in told
    )
    assert "llama2, and those of 4 ancestors" in told and "Conflict" not in told


def test_a_clause_of_its_own_and_of_a_guessed_parent_is_one_clause(elige: Run) -> None:
    told = said(elige, "BioMistral/BioMistral-7B")
    assert told.count("the copyright grant covers every use") == 1
    assert "its own, and perhaps made from mistralai/Mistral-7B-Instruct-v0.1" in told


def test_what_is_not_known_of_several_is_told_once(elige: Run) -> None:
    told = said(elige, "x/lost")
    assert "Not known: made from gone/one and gone/two, of which nothing is known here." in told
    facts = json.loads(elige("models", "show", "x/lost", "--json").out)["licence"]["may"]["host"]
    assert facts["answer"] == "unknown"
    assert facts["reasons"] == [
        {
            "why": "nothing is known here of it or its licence",
            "own": False,
            "ancestors": ["gone/one", "gone/two"],
            "guessed": [],
        }
    ]


def test_openness_is_the_one_that_openness_tells(elige: Run) -> None:
    told = said(elige, "allenai/OLMo-7B")
    assert "Model Openness Framework" in told and "Open Source AI Definition" in told
    facts = json.loads(elige("models", "show", "allenai/OLMo-7B", "--json").out)["openness"]
    asked = json.loads(elige("openness", "allenai/OLMo-7B", "--json").out)
    for name in ("questions", "mof_class", "mof_progress", "osai_score", "osi_approved"):
        assert facts[name] == asked[name]
    assert "How open unknown: no source of the catalogue says" in said(elige, "x/lost")


def test_parameters_that_contradict_the_name_are_doubted(elige: Run) -> None:
    told = said(elige, "x/wrong-7B")
    assert "The name says 7B: one of the two is wrong, or only a part is counted" in told
    assert "The name says" not in said(elige, "x/right-7B")
    facts = json.loads(elige("models", "show", "x/wrong-7B", "--json").out)
    assert facts["doubts"]["parameters"].startswith("The name says 7B")
    assert json.loads(elige("models", "show", "x/right-7B", "--json").out)["doubts"] == {}


def test_a_comparison_tells_the_size_in_a_name_that_says_otherwise(elige: Run) -> None:
    told = elige("models", "compare", "x/wrong-7B", "x/right-7B").out
    (line,) = [line for line in told.splitlines() if line.startswith("parameters")]
    assert line.split("  ")[0] == "parameters" and "70B, named 7B" in line and line.endswith("7B")
    facts = json.loads(elige("models", "compare", "x/wrong-7B", "x/right-7B", "--json").out)
    assert "The name says 7B" in facts["facts"]["parameters"]["x/wrong-7B"]["note"]
    assert facts["facts"]["parameters"]["x/right-7B"]["note"] is None


def test_a_value_and_its_source_stand_in_a_line_however_long_they_are(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is cut off of a value stands below; of a source the beginning is shown."""
    origin = Origin(source="https://example.org/a/long/way/to/the/file.json", checked="2026-11-26")
    values: dict[Column, Value] = {Column.TASK: "t" * 60, Column.LICENCE: "mit"}
    origins = dict.fromkeys(values, origin)
    one = Entry(source="s", key="k", model="x/long", values=values, origins=origins)
    monkeypatch.setattr(Workbench, "catalogue", Listed([(one, "2026-11-26")], {}))
    told = elige("models", "show", "x/long").out.splitlines()
    assert told[1].split() == ["what", "value", "how", "source", "checked"]
    task = next(line for line in told if line.startswith("task"))
    assert "…" in task and "example.org/a" in task and task.endswith("2026-11-26")
    assert f"  {'t' * 60}" in told
    assert all(len(line) <= 80 for line in told)


def test_a_narrow_terminal_keeps_every_value_whole(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    out = elige("models", "show", "x/wrong-7B").out
    assert "70,000,000,000" in out and "70,0…" not in out
