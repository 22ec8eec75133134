"""The Model Openness Framework: classes and progress, to the letter and as understood."""

import json
import re
from pathlib import Path

import pytest
from catalog.openness.releases import CLASS_2, CLASS_3, EVERY, release, written
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.hostile import Tree
from elige.catalog.openness import grade_file
from elige.catalog.openness.classes import class_in_full, class_name
from elige.catalog.openness.licences import understood
from elige.catalog.openness.mof import components_of, graded
from elige.catalog.openness.record import MofGrade
from elige.catalog.shipped import shipped
from elige.catalog.spdx import spdx_table
from elige.errors import BadInput


def mof_of(path: Path, *, strict: bool = True) -> MofGrade:
    found = grade_file(path, strict=strict).mof
    assert found is not None
    return found


def test_strict_grades_are_those_of_the_tools_own_test_files(shared_data: Path) -> None:
    folder = shared_data / "openness" / "mot" / "Test_Data"
    loose = (folder / "expected_results.json").read_text("utf-8")
    models = json.loads(re.sub(r",(\s*[}\]])", r"\1", loose))["models"]
    expected = {one["release"]["name"]: one["classification"] for one in models}
    files = sorted(folder.glob("*.yml"))
    assert len(files) >= 14
    for file in files:
        found, wanted = grade_file(file, strict=True), expected[grade_file(file).name]
        assert found.mof is not None
        progress = {str(key): value for key, value in found.mof.progress.items()}
        assert (found.mof.of_class, progress) == (wanted["class"], wanted["progress"]), file.name


def test_every_real_file_is_graded_and_none_is_worse_when_understood(shared_data: Path) -> None:
    files = sorted((shared_data / "openness" / "mot" / "models").glob("*.yml"))
    assert len(files) >= 70
    for file in files:
        strict, normal = mof_of(file), mof_of(file, strict=False)
        assert all(normal.progress[key] >= strict.progress[key] for key in (1, 2, 3)), file.name
    best = {file.stem for file in files if mof_of(file).of_class == 1}
    assert best == {"Amber", "OLMo-7B", "Pythia-12B", "Pythia-2.8B"}


@pytest.mark.parametrize(
    ("names", "of_class", "progress"),
    [
        pytest.param(EVERY, 1, (100, 100, 100), id="everything"),
        pytest.param((*CLASS_3, *CLASS_2), 2, (1000 / 14, 100, 100), id="class II"),
        pytest.param(CLASS_3, 3, (0, 60, 100), id="class III, II is 6 of 10"),
        pytest.param(CLASS_3[:-1], 0, (0, 0, 500 / 6), id="one lacks: the rest counts nothing"),
        pytest.param((*CLASS_3[:-1], *CLASS_2), 0, (0, 0, 500 / 6), id="II without III"),
        pytest.param((), 0, (0, 0, 0), id="nothing"),
        pytest.param(("Sample model outputs", "Model metadata"), 0, (0, 0, 0), id="optional"),
    ],
)
def test_class_and_progress(
    tmp_path: Path, names: tuple[str, ...], of_class: int, progress: tuple[float, ...]
) -> None:
    text = release(dict.fromkeys(names), distribution="Apache-2.0")
    found = mof_of(written(tmp_path, text))
    assert found.of_class == of_class
    assert [found.progress[key] for key in (1, 2, 3)] == pytest.approx(progress)


@pytest.mark.parametrize(
    ("report", "paper", "progress"),
    [
        pytest.param("absent", "MIT", (100, 100, 100), id="the paper stands in: 13 of 13"),
        pytest.param("Mine", "MIT", (100, 100, 100), id="for a report under no open licence too"),
        pytest.param("MIT", "MIT", (100, 100, 100), id="both are there"),
        pytest.param("MIT", "absent", (1300 / 14, 100, 100), id="class I asks for the paper"),
        pytest.param("absent", "absent", (0, 0, 500 / 6), id="neither"),
        pytest.param("absent", "Mine", (0, 0, 500 / 6), id="a closed paper stands in for nothing"),
    ],
)
def test_a_paper_stands_in_for_the_technical_report(
    tmp_path: Path, report: str, paper: str, progress: tuple[float, ...]
) -> None:
    own = {"Technical report": report, "Research paper": paper}
    components = {name: own.get(name, "MIT") for name in EVERY if own.get(name) != "absent"}
    found = mof_of(written(tmp_path, release(dict(components))))
    assert [found.progress[key] for key in (1, 2, 3)] == pytest.approx(progress)


def test_a_paper_stands_in_for_the_report_alone(tmp_path: Path) -> None:
    lacking = {"Technical report", "Datasets"}
    text = release({name: "MIT" for name in EVERY if name not in lacking})
    found = mof_of(written(tmp_path, text))
    assert found.of_class == 2
    assert found.progress[1] == pytest.approx(1200 / 13)


def test_what_is_unlicensed_has_no_licence_at_all(tmp_path: Path) -> None:
    text = release({"Datasets": "unlicensed"}, distribution="MIT")
    assert mof_of(written(tmp_path, text)).components[0].licence is None


def test_a_paper_beside_an_open_report_counts_in_no_class_but_the_first(tmp_path: Path) -> None:
    """Also where the report is all that is open of class III, as in the real file of BLOOM."""
    text = release({"Technical report": "CC-BY-4.0", "Research paper": "CC-BY-4.0"})
    found = mof_of(written(tmp_path, text))
    assert [found.progress[key] for key in (1, 2, 3)] == pytest.approx((0, 0, 100 / 6))


@pytest.mark.parametrize(
    ("own", "licences", "is_open"),
    [
        pytest.param("MIT", {}, True, id="its own"),
        pytest.param("unlicensed", {"distribution": "MIT"}, False, id="the word unlicensed"),
        pytest.param("", {"distribution": "MIT"}, False, id="an empty licence is none"),
        pytest.param(None, {"data": "CC0-1.0", "distribution": "Mine"}, True, id="its content"),
        pytest.param(None, {"code": "MIT", "distribution": "Mine"}, False, id="other content"),
        pytest.param(None, {"data": "", "distribution": "MIT"}, True, id="an empty one is skipped"),
        pytest.param(None, {}, False, id="none at all"),
        pytest.param("ODbL-1.0", {}, True, id="open data"),
        pytest.param("PDDL-1.0", {}, False, id="an open licence that the tool does not list"),
        pytest.param("OpenMDW-1.0", {}, True, id="OpenMDW"),
        pytest.param("apache-2.0", {}, False, id="case counts"),
        pytest.param("Apache 2.0", {}, False, id="spelling counts"),
        pytest.param("CC-BY-NC-4.0", {}, False, id="not for commerce"),
        pytest.param("GPL-3.0-only", {}, True, id="both OSI and FSF"),
        pytest.param("0BSD", {}, True, id="OSI alone"),
        pytest.param("WTFPL", {}, True, id="FSF alone"),
    ],
)
def test_the_licence_of_a_component_to_the_letter(
    own: str | None, licences: dict[str, str], is_open: bool, tmp_path: Path
) -> None:
    text = release({"Model parameters (Final)": own}, **licences)
    (found,) = mof_of(written(tmp_path, text)).components
    assert found.is_open is is_open


@pytest.mark.parametrize(
    ("own", "is_open"),
    [
        ("Apache 2.0", True),
        ("apache-2.0", True),
        ("MIT license", True),
        ("BSD-3", True),
        ("Apache License, Version 2.0", True),
        ("PDDL-1.0", True),
        ("Apache-2.0 OR CC-BY-NC-4.0", True),
        ("Apache-2.0 AND CC-BY-NC-4.0", False),
        ("Gemma Terms of Use", False),
        ("mulanpsl-2.0", True),
        ("my own words", False),
    ],
)
def test_the_licence_of_a_component_as_understood(own: str, is_open: bool, tmp_path: Path) -> None:
    path = written(tmp_path, release({"Model parameters (Final)": own}))
    (found,) = mof_of(path, strict=False).components
    assert found.is_open is is_open


def test_what_the_next_class_lacks_is_named(tmp_path: Path) -> None:
    components = {name: "MIT" for name in EVERY if name != "Training code"}
    components["Evaluation data"] = "Mine"
    found = mof_of(written(tmp_path, release(dict(components))))
    assert (found.of_class, found.missing, found.closed) == (
        3, ("Training code",), ("Evaluation data",),
    )  # fmt: skip


def test_a_component_listed_twice_keeps_what_was_said_last(tmp_path: Path) -> None:
    text = release({"Datasets": "Mine"}) + "    - name: Datasets\n      license: MIT\n"
    (found,) = mof_of(written(tmp_path, text)).components
    assert found.is_open


def test_a_component_that_the_framework_does_not_have_is_named_and_left_out(
    tmp_path: Path,
) -> None:
    found = grade_file(written(tmp_path, release({"Magic": "MIT"})))
    assert found.mof is not None and found.mof.components == ()
    assert "'Magic'" in found.notices[0]


@given(st.sets(st.sampled_from(EVERY)), st.sampled_from(EVERY))
def test_one_more_open_component_never_lowers_the_grade(names: set[str], more: str) -> None:
    def progress(listed: set[str]) -> list[float]:
        rows: list[Tree] = [{"name": name, "license": "MIT"} for name in listed]
        found = graded(components_of({"components": rows}, strict=True))
        return [found.progress[key] for key in (1, 2, 3)]

    pairs = zip(progress(names), progress(names | {more}), strict=True)
    assert all(before <= after for before, after in pairs)


def test_the_restated_facts_are_those_of_the_tool(shared_data: Path) -> None:
    listed = json.loads((shared_data / "openness/mot/spdx_licenses.json").read_text("utf-8"))
    facts = shipped("spdx.yaml")
    osi = {one["licenseId"] for one in listed["licenses"] if one.get("isOsiApproved")}
    fsf = {one["licenseId"] for one in listed["licenses"] if one.get("isFsfLibre")}
    assert {*facts["both"].split(), *facts["osi"].split()} == osi
    assert {*facts["both"].split(), *facts["fsf"].split()} == fsf
    assert len(shipped("openness/mof.yaml")["components"]) == 17
    assert {row["name"] for row in shipped("openness/mof.yaml")["components"]} >= {*EVERY}


def test_as_understood_every_listed_id_keeps_its_flags() -> None:
    for name, entry in spdx_table().items():
        found = understood(name)
        # The public domain dedication for data is open, whatever id the tool gives it.
        assert found.is_open is (entry.is_open or name == "PDDL-1.0"), name
        assert found.osi_approved is entry.osi_approved, name


@pytest.mark.parametrize(
    ("release_keys", "said"),
    [
        pytest.param("components: 3", "lists no components", id="components no list"),
        pytest.param("components: [1]", "Component 1 has no name", id="a number"),
        pytest.param("components: [{name: [a]}]", "Component 1 has no name", id="a list as name"),
        pytest.param(
            "components: [{name: Datasets, license: [MIT]}]", "(Datasets) is no word", id="licences"
        ),
        pytest.param("license: [x], components: []", "holds no keys", id="a list of licences"),
        pytest.param("license: MIT, components: []", "holds no keys", id="a word, to the letter"),
    ],
)
def test_wrong_types_are_told_in_one_line(tmp_path: Path, release_keys: str, said: str) -> None:
    path = written(tmp_path, f"release: {{{release_keys}}}")
    with pytest.raises(BadInput) as refused:
        grade_file(path, strict=True)
    assert said in str(refused.value) and str(path) in str(refused.value)
    assert refused.value.hint and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("of_class", "name", "in_full"),
    [
        (3, "class III", "class III (open model)"),
        (2, "class II", "class II (open tooling)"),
        (1, "class I", "class I (open science)"),
        (0, "unclassified", "unclassified"),
        (7, "unclassified", "unclassified"),
    ],
)
def test_classes_are_called_as_the_framework_calls_them(
    of_class: int, name: str, in_full: str
) -> None:
    assert (class_name(of_class), class_in_full(of_class)) == (name, in_full)
