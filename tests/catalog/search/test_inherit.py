"""What a model may under its parents' licences: the strictest answer holds."""

from pathlib import Path

import pytest
from catalog.search.cards import child_of, entry, indexed, more

from elige.catalog.search import Query, search
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
