"""Similar models, each with what it has in common."""

from pathlib import Path

import pytest
from catalog.search.cards import child_of, entry, indexed, more

from elige.catalog.search import SearchIndex
from elige.catalog.search.similar import Likeness, find_hit, similar


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return indexed(tmp_path_factory.mktemp("similar"))


def like(index: SearchIndex, name: str) -> dict[str, Likeness]:
    one = find_hit(index, name)
    assert one is not None
    return {found.hit.model: found for found in similar(index, one)}


def test_kin_come_first_and_say_so(index: SearchIndex) -> None:
    found = like(index, "BioMistral/BioMistral-7B")
    assert next(iter(found)) == "mistralai/Mistral-7B-v0.1"
    assert found["mistralai/Mistral-7B-v0.1"].why == (
        "its parent",
        "family mistral",
        "7.24B parameters",
        "languages en",
        "task text-generation",
    )


def test_a_parent_of_another_family_comes_before_its_own_family(tmp_path: Path) -> None:
    parent = entry("a/parent", family="old", parameters=10**9)
    child = more(entry("b/child", family="new", parameters=10**9), relations=child_of("a/parent"))
    cousin = entry("c/cousin", family="new", parameters=10**9)
    one = indexed(tmp_path, [parent, child, cousin])
    assert [*like(one, "b/child")][:2] == ["a/parent", "c/cousin"]


def test_children_are_similar_too(index: SearchIndex) -> None:
    assert "derived from it" in like(index, "mistral-7b-v0.1")["BioMistral/BioMistral-7B"].why


def test_a_model_is_not_like_itself_and_each_has_a_reason(index: SearchIndex) -> None:
    found = like(index, "mistralai/Mistral-7B-v0.1")
    assert "mistralai/Mistral-7B-v0.1" not in found
    assert all(likeness.why for likeness in found.values())


def test_nothing_is_like_a_model_of_which_nothing_is_known(index: SearchIndex) -> None:
    assert like(index, "nobody/nothing-said") == {}


def test_an_unknown_name_finds_nothing(index: SearchIndex, tmp_path: Path) -> None:
    assert find_hit(index, "no/such") is None
    assert find_hit(index, "\x00meta") is None
    assert find_hit(index, "") is None
