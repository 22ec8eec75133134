"""The European OSAI index: the mean of twelve parameters."""

from pathlib import Path

import pytest
import yaml
from catalog.openness.releases import system, written

from elige.catalog.openness import grade_file
from elige.catalog.openness.osai import categories

WEIGHTS = {"open": 1.0, "partial": 0.5}
NAMES = [name for names in categories().values() for name in names]


def test_every_real_file_has_the_mean_of_its_parameters(shared_data: Path) -> None:
    files = sorted((shared_data / "openness" / "osai").glob("[!_]*.yaml"))
    assert len(files) >= 40
    for file in files:
        facts = yaml.safe_load(file.read_text("utf-8"))
        values = [WEIGHTS.get(str((facts.get(name) or {}).get("class")), 0.0) for name in NAMES]
        found = grade_file(file).osai
        assert found is not None and found.score == round(sum(values) / 12, 4), file.name


def test_the_restated_parameters_are_those_of_the_index(shared_data: Path) -> None:
    listed = yaml.safe_load((shared_data / "openness/osai/_parameters.yml").read_text("utf-8"))
    wanted = {one["ref"]: tuple(param["ref"] for param in one["params"]) for one in listed}
    assert dict(categories()) == wanted


@pytest.mark.parametrize(
    ("found", "score"),
    [
        pytest.param(dict.fromkeys(NAMES, "open"), 1.0, id="all open"),
        pytest.param(dict.fromkeys(NAMES, "closed"), 0.0, id="all closed"),
        pytest.param(dict.fromkeys(NAMES, "partial"), 0.5, id="all partial"),
        pytest.param({}, 0.0, id="nothing graded"),
        pytest.param({"code": "open"}, 0.0833, id="one of twelve"),
        pytest.param({"code": "open", "paper": "partial"}, 0.125, id="one and a half"),
        pytest.param({"code": "Open", "paper": "yes", "extra": "open"}, 0.0, id="other words"),
    ],
)
def test_score(tmp_path: Path, found: dict[str, str], score: float) -> None:
    graded = grade_file(written(tmp_path, system(found))).osai
    assert graded is not None and graded.score == score


def test_the_mean_is_over_parameters_not_over_categories(tmp_path: Path) -> None:
    found = grade_file(written(tmp_path, system({"licenses": "open"}))).osai
    assert found is not None
    assert (found.score, found.categories["access"]) == (0.0833, 1.0)


@pytest.mark.parametrize("kind", ["text", "text,code", "video , audio"])
def test_several_types_are_read(tmp_path: Path, kind: str) -> None:
    assert grade_file(written(tmp_path, system({}, kind))).notices == ()


@pytest.mark.parametrize("kind", ["", "smell"])
def test_a_type_that_the_index_does_not_have_is_told(tmp_path: Path, kind: str) -> None:
    assert "all twelve" in grade_file(written(tmp_path, system({}, kind))).notices[0]
