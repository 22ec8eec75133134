"""`elige openness`: one object or a list, broken files told, the rest graded."""

import json
from pathlib import Path

import pytest
from catalog.openness.releases import EVERY, release, system, written
from cli.conftest import Run

from elige.catalog.listed import Listed
from elige.records import Column, Entry, Value
from elige.workbench import Workbench

OPEN = release(dict.fromkeys(EVERY), distribution="Apache-2.0")


def test_one_file_gives_one_object(elige: Run, here: Path) -> None:
    written(here, OPEN)
    told = elige("openness", "m.yml", "--json")
    found = json.loads(told.out)
    assert told.code == 0
    assert (found["mof_class"], found["mof_progress"]) == (1, {"1": 100.0, "2": 100.0, "3": 100.0})
    assert found["osai_score"] is None and found["osi_approved"] is True
    assert {one["answer"] for one in found["questions"].values()} == {"open", "partial"}


def test_several_files_give_a_list_in_their_order(elige: Run, here: Path) -> None:
    written(here, OPEN)
    written(here, system({"code": "open"}), "s.yaml")
    found = json.loads(elige("openness", "s.yaml", "m.yml", "--json").out)
    assert [one["file"] for one in found] == ["s.yaml", "m.yml"]
    assert (found[0]["osai_score"], found[0]["mof_class"]) == (0.0833, None)


def test_a_broken_file_is_an_entry_and_the_rest_are_graded(elige: Run, here: Path) -> None:
    written(here, OPEN)
    written(here, "release: [", "broken.yml")
    written(here, "neither: 1", "other.yml")
    names = ("broken.yml", "m.yml", "other.yml", "none.yml")
    told = elige("openness", *names, "--json")
    found = json.loads(told.out)
    assert told.code == 1 and len(told.err.splitlines()) == 3
    assert [one["file"] for one in found] == list(names)
    assert ["error" in one for one in found] == [True, False, True, True]
    assert found[1]["mof_class"] == 1


def test_strict_takes_licences_to_the_letter(elige: Run, here: Path) -> None:
    written(here, release(dict.fromkeys(EVERY), distribution="Apache 2.0"))
    strict = json.loads(elige("openness", "m.yml", "--json", "--strict-mof").out)
    normal = json.loads(elige("openness", "m.yml", "--json").out)
    assert (strict["mof_class"], normal["mof_class"]) == (0, 1)
    assert strict["questions"] == normal["questions"]


def test_the_text_shows_grade_answers_and_evidence(elige: Run, here: Path) -> None:
    written(here, OPEN)
    told = elige("openness", "m.yml")
    for words in ("class I (open science)", "Apache License 2.0, OSI-approved", "● open",
                  "Datasets: there under Apache-2.0, an open licence"):  # fmt: skip
        assert words in told.out


def test_several_are_compared_in_a_table(elige: Run, here: Path) -> None:
    written(here, OPEN)
    written(here, system({"code": "open"}), "s.yaml")
    told = elige("openness", "m.yml", "s.yaml")
    assert "8.3" in told.out and "? unknown" in told.out and told.code == 0


def test_the_wheel_is_written_for_one_model(elige: Run, here: Path) -> None:
    written(here, OPEN)
    assert elige("openness", "m.yml", "--wheel", "w.svg").code == 0
    assert (here / "w.svg").read_text("utf-8").startswith("<svg")
    told = elige("openness", "m.yml", "m.yml", "--wheel", "w.svg")
    assert told.code == 1 and "draws one model" in told.err


def test_a_model_at_hand_has_its_declared_licence(elige: Run, here: Path) -> None:
    folder = here / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama"}')
    told = elige("openness", "org/never-seen")
    assert told.code == 1 and "Nothing is known here" in told.err


def test_a_file_of_another_kind_is_pointed_to_the_right_ones(elige: Run, here: Path) -> None:
    (here / "bin.json").write_text("{}", "utf-8")
    told = elige("openness", "bin.json")
    assert told.code == 1 and len(told.err.splitlines()) == 1
    assert ".yml, .yaml" in told.err


def test_a_model_of_the_catalogue_answers_from_its_card(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    values: dict[Column, Value] = {
        Column.TRAINING_DATA: "open",
        Column.LICENCE: "apache-2.0",
        Column.OSAI_SCORE: 0.5,
    }
    entry = Entry(source="index", key="x", model="x/y", values=values)
    monkeypatch.setattr(Workbench, "catalogue", Listed([(entry, "2026-11-26")], {}))
    found = json.loads(elige("openness", "x/y", "--json").out)
    assert found["questions"]["training_data"]["answer"] == "open"
    assert found["questions"]["weights"]["answer"] == "unknown"
    assert "50.00 of 100" in elige("openness", "X/Y").out
