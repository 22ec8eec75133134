"""What a model may under its parents' licences: the strictest answer holds."""

from pathlib import Path

import pytest
from catalog.search.cards import HOW, Counted, child_of, entry, indexed, more

from elige.catalog.licence_card import may_of
from elige.catalog.licence_terms import USES
from elige.catalog.listed import Listed
from elige.catalog.search import Query, SearchIndex, follow, search
from elige.catalog.search.similar import find_hit
from elige.records import FactKind, Relation, RelationKind


@pytest.mark.parametrize(
    ("parent", "own", "commercial"),
    [
        pytest.param("cc-by-nc-4.0", "apache-2.0", "no", id="a research-only parent"),
        pytest.param("llama2", "mit", "conditions", id="a parent with conditions"),
        pytest.param("mit", "cc-by-nc-4.0", "no", id="the model's own is stricter"),
        pytest.param("mit", "apache-2.0", "yes", id="both free"),
        pytest.param("", "mit", "unknown", id="a parent that states none"),
    ],
)
def test_the_strictest_of_the_lineage_holds(
    tmp_path: Path, parent: str, own: str, commercial: str
) -> None:
    child = more(entry("a/child", licence=own), relations=child_of("A/Middle"))
    middle = more(entry("a/middle", licence="mit"), relations=child_of("a/root"))
    index = indexed(tmp_path, [child, middle, entry("a/root", licence=parent)])
    hit = search(index, Query(text="a/child")).hits[0]
    assert (hit.model, hit.may("commercial")) == ("a/child", commercial)
    allowed = search(index, Query(text="child", may=("commercial",))).total
    assert allowed == (commercial in {"yes", "conditions"})


def test_of_an_absent_parent_nothing_is_known(tmp_path: Path) -> None:
    child = more(entry("a/child", licence="mit"), relations=child_of("nobody/knows"))
    hit = search(indexed(tmp_path, [child]), Query(text="child")).hits[0]
    assert hit.may("host") == "unknown" and hit.facts["may_own"] == "yyyy"


def test_a_guessed_parent_forbids_nothing(tmp_path: Path) -> None:
    guess = Relation(kind=RelationKind.FINETUNE, parent="a/root", how=FactKind.ESTIMATED)
    child = more(entry("a/child", licence="mit"), relations=[guess])
    index = indexed(tmp_path, [child, entry("a/root", licence="cc-by-nc-4.0")])
    assert search(index, Query(text="child")).hits[0].may("commercial") == "yes"


def test_a_lineage_in_a_circle_ends(tmp_path: Path) -> None:
    one = more(entry("a/one", licence="mit"), relations=child_of("a/two"))
    two = more(entry("a/two", licence="llama2"), relations=child_of("a/one"))
    own = more(entry("a/own", licence="mit"), relations=child_of("a/own"))
    index = indexed(tmp_path, [one, two, own])
    assert search(index, Query(text="a/one")).hits[0].may("commercial") == "conditions"
    assert search(index, Query(text="a/own")).hits[0].may("commercial") == "yes"


def test_the_index_says_what_may_of_says(tmp_path: Path) -> None:
    """Circles, merges, absent parents, several sources, what is published elsewhere."""
    secret = entry("a/two-sources", licence="other")
    entries = [
        more(entry("a/one", licence="mit"), relations=child_of("a/two")),
        more(entry("a/two", licence="llama2"), relations=child_of("a/three")),
        more(entry("a/three", licence="cc-by-nc-4.0"), relations=child_of("a/one")),
        more(entry("a/merge", licence="mit"), relations=[*child_of("a/free"), *child_of("gone/x")]),
        more(entry("a/free", licence="apache-2.0"), names=["free-one"]),
        more(entry("a/by-name", licence="mit"), relations=child_of("Free-One")),
        more(secret, relations=child_of("a/free")),
        entry("a/two-sources", source="other", licence="cc-by-nc-4.0"),
        more(entry("a/heir", licence="mit"), relations=child_of("a/two-sources")),
        entry("TencentARC/LLaMA-Pro-8B", licence="apache-2.0"),
        entry("meta-llama/Llama-2-7b-hf", licence="llama2"),
    ]
    index = indexed(tmp_path, entries)
    world = Listed([(one, "2026-11-26") for one in entries], {})
    said = {}
    for card in world.cards():
        hit = find_hit(index, card.model)
        assert hit is not None
        for use in USES:
            assert hit.may(use) == may_of(card, world, use, guess=False)[0], (card.model, use)
        said[card.model] = hit.may("commercial")
    assert (said["a/one"], said["a/two"], said["a/three"]) == ("no", "no", "no")
    assert (said["a/merge"], said["a/by-name"], said["a/heir"]) == ("unknown", "yes", "no")
    assert said["TencentARC/LLaMA-Pro-8B"] == "conditions"


def commercial(index: SearchIndex, model: str) -> str:
    hit = find_hit(index, model)
    assert hit is not None
    return hit.may("commercial")


def test_children_follow_when_their_parent_changes(tmp_path: Path) -> None:
    child = more(entry("a/child", licence="mit"), relations=child_of("a/middle"))
    middle = more(entry("a/middle", licence="mit"), relations=child_of("a/root"))
    twin = more(entry("a/twin", licence="mit"), relations=child_of("root-by-name"))
    other = entry("a/other", licence="mit")
    index, store = SearchIndex(tmp_path / "catalog.index"), Counted([child, middle, twin, other])
    follow(index, store, HOW)
    assert commercial(index, "a/child") == "unknown"  # the root is not there yet

    store.put([more(entry("a/root", licence="apache-2.0"), names=["root-by-name"])])
    assert follow(index, store, HOW).changed == 4  # it, its two children and its grandchild
    assert commercial(index, "a/child") == commercial(index, "a/twin") == "yes"

    store.put([more(entry("a/root", licence="apache-2.0", likes=5), names=["root-by-name"])])
    assert follow(index, store, HOW).changed == 1  # what it allows is what it was

    strict = more(entry("a/root", licence="cc-by-nc-4.0"), names=["root-by-name"])
    store.put([strict, entry("a/other", licence="mit")])
    assert follow(index, store, HOW).changed == 5
    for name in ("a/child", "a/middle", "a/twin"):
        assert commercial(index, name) == "no"
    assert search(index, Query(text="child", may=("commercial",))).total == 0

    store.remove("a/root")
    follow(index, store, HOW)
    assert commercial(index, "a/child") == "unknown"
    assert search(index, Query()).total == 4 and commercial(index, "a/other") == "yes"


def test_a_circle_of_heirs_ends(tmp_path: Path) -> None:
    one = more(entry("a/one", licence="mit"), relations=child_of("a/two"))
    two = more(entry("a/two", licence="mit"), relations=child_of("a/one"))
    index, store = SearchIndex(tmp_path / "catalog.index"), Counted([one, two])
    follow(index, store, HOW)
    store.put([more(entry("a/one", licence="cc-by-nc-4.0"), relations=child_of("a/two"))])
    assert follow(index, store, HOW).changed == 2
    assert commercial(index, "a/two") == "no"
