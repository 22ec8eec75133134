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


def test_a_parent_that_hardly_anybody_loads_comes_before_a_popular_cousin(tmp_path: Path) -> None:
    size = 7 * 10**9
    parent = entry("a/parent", family="f", parameters=size, downloads=3)
    child = more(entry("b/child", family="f", parameters=size), relations=child_of("a/parent"))
    cousin = entry("c/cousin", family="f", parameters=size, downloads=9_000_000, likes=9_000)
    found = like(indexed(tmp_path, [parent, child, cousin]), "b/child")
    assert [*found] == ["a/parent", "c/cousin"]
    assert found["a/parent"].why[0] == "its parent"


def test_the_parents_of_a_merge_fill_half_of_the_list_at_most(tmp_path: Path) -> None:
    parents = [entry(f"a/parent-{n}", family="f") for n in range(6)]
    cousins = [entry(f"c/cousin-{n}", family="f", downloads=10**7) for n in range(6)]
    merged = more(
        entry("b/merge", family="f"), relations=[one for p in parents for one in child_of(p.model)]
    )
    there = indexed(tmp_path, [*parents, *cousins, merged])
    one = find_hit(there, "b/merge")
    assert one is not None
    listed = [found.hit.model for found in similar(there, one, limit=4)]
    assert [name.partition("-")[0] for name in listed] == [*["a/parent"] * 2, *["c/cousin"] * 2]
    every = [found.hit.model for found in similar(there, one, limit=100)]
    assert len(every) == len({*every}) == 12


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
