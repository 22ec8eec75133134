"""The models that are known by name are graded as the files that they restate."""

from pathlib import Path

import pytest

from elige.catalog.openness import Openness, grade_file
from elige.catalog.openness.known import known_openness, known_refs


@pytest.mark.parametrize("ref", known_refs())
def test_a_known_model_is_graded_as_its_file(shared_data: Path, ref: str) -> None:
    found = known_openness(ref)
    assert found is not None
    folder = "mot/models" if found.framework == "mof" else "osai"
    file = shared_data / "openness" / folder / found.source.rpartition("/")[2]
    assert figures(found) == figures(grade_file(file))
    assert found.source.startswith("https://github.com/")


def figures(found: Openness) -> object:
    mof = None if found.mof is None else (found.mof.of_class, found.mof.progress)
    osai = None if found.osai is None else (found.osai.score, found.osai.categories)
    levels = [one.level for one in found.answers]
    return mof, osai, levels, found.licence.key, [part.met for part in found.parts]


def test_what_is_open_has_a_link() -> None:
    for ref in known_refs():
        found = known_openness(ref.upper())
        assert found is not None
        assert all(one.links for one in found.answers if str(one.level) == "open"), ref


def test_an_unknown_model_is_not_known() -> None:
    assert known_openness("org/never-seen") is None
