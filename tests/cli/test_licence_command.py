"""`elige licence`: names, texts, models and lineages."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run

ROOT = Path(__file__).parent.parent.parent


def test_a_name_gives_identity_terms_clauses_and_sources(elige: Run) -> None:
    found = json.loads(elige("licence", "llama-2-community-license", "--json").out)
    assert (found["id"], found["known"], found["osi_approved"]) == ("llama2", True, False)
    assert found["terms"]["train-others"]["answer"] == "no"
    assert found["terms"]["train-others"]["clause"] == "section 1.b.v"
    assert found["checked"] and found["sources"] and "no legal advice" in found["note"]


def test_a_file_is_recognised_by_its_text(elige: Run) -> None:
    found = json.loads(elige("licence", str(ROOT / "LICENSE"), "--json").out)
    assert (found["id"], found["recognised_by"], found["osi_approved"]) == (
        "apache-2.0", "text", True,
    )  # fmt: skip


def test_the_front_matter_of_a_model_card_is_read(elige: Run, here: Path) -> None:
    (here / "README.md").write_text("---\nlicense: other\nlicense_name: mrl\n---\n# M\n", "utf-8")
    assert json.loads(elige("licence", "README.md", "--json").out)["id"] == "mrl"


def test_the_text_is_shown_with_clauses(elige: Run) -> None:
    told = elige("licence", "gemma")
    for words in ("Gemma Terms of Use", "not OSI-approved", "section 3.2", "no legal advice"):
        assert words in told.out


def test_parents_bind_and_the_conflict_is_shown(elige: Run) -> None:
    told = elige("licence", "apache-2.0", "--parent", "cc-by-nc-4.0")
    assert "Conflict in commercial" in told.out and told.code == 0
    found = json.loads(elige("licence", "mit", "--parent", "llama2", "--json").out)
    assert found["inherited"]["terms"]["train-others"][0]["answer"] == "no"
    assert found["inherited"]["conflicts"]


def test_an_unknown_licence_says_so(elige: Run) -> None:
    told = elige("licence", "kimi-k9")
    assert told.code == 0 and "not recognised" in told.out and "Unknown: " in told.out


@pytest.mark.parametrize("asked", ["", "org/name", "empty.txt", "none.gguf"])
def test_what_cannot_be_answered_is_told_in_one_line(elige: Run, here: Path, asked: str) -> None:
    (here / "empty.txt").write_text("\n")
    told = elige("licence", asked)
    assert told.code == 1 and told.out == ""
    assert len(told.err.splitlines()) == 1 and told.err.startswith("elige: ")
