"""Lineages that nobody would draw: circles, guesses beside declarations, too many ancestors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.descent import Descent, Stated, descent
from elige.catalog.licence import STRICTEST, May, identify
from elige.catalog.licence_card import may_all, may_each
from elige.records import FactKind, Relation, RelationKind

Parents = dict[str, list[str]]


def relation(name: str) -> Relation:
    """A parent; '?' before its name marks a guess."""
    how = FactKind.ESTIMATED if name.startswith("?") else FactKind.DECLARED
    return Relation(kind=RelationKind.UNSAID, parent=name.removeprefix("?"), how=how)


def line(parents: Parents, start: str, licences: dict[str, str] | None = None) -> Descent:
    licences = licences or {}

    def look(name: str) -> Stated:
        text = licences.get(name, "mit")
        above = tuple(map(relation, parents.get(name, ())))
        return Stated(name, text, identify(text), above, text != "absent")

    return descent(look(start), look)


def names(found: Descent) -> list[str]:
    return [("?" if one.is_guess else "") + one.model for one in found.held]


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        pytest.param({}, ["a"], id="alone"),
        pytest.param({"a": ["b"], "b": ["c"]}, ["a", "b", "c"], id="a chain"),
        pytest.param({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, ["a", "b", "c", "d"], id="diamond"),
        pytest.param({"a": ["A"]}, ["a"], id="itself, in capitals"),
        pytest.param({"a": ["b"], "b": ["a"]}, ["a", "b"], id="a circle"),
        pytest.param({"a": ["?b"], "b": ["c"]}, ["a", "?b", "?c"], id="above a guess all is one"),
        pytest.param({"a": ["?b", "b"]}, ["a", "b"], id="guessed and declared"),
        pytest.param(
            {"a": ["?b", "c"], "b": ["d"], "d": ["e"], "c": ["d"]},
            ["a", "?b", "c", "d", "e"],
            id="declared by the other parent, so no guess, nor what stands above it",
        ),
        pytest.param(
            {"a": ["?b", "c"], "b": ["e"], "c": ["d"], "d": ["b"]},
            ["a", "b", "c", "e", "d"],
            id="declared only further up",
        ),
    ],
)
def test_who_stands_in_a_lineage(parents: Parents, expected: list[str]) -> None:
    found = line(parents, "a")
    assert names(found) == expected
    assert not found.is_cut


@pytest.mark.parametrize(
    ("parents", "loops"),
    [
        pytest.param({"a": ["b"], "b": ["c"], "c": ["b"]}, ("b", "c"), id="above"),
        pytest.param({"a": ["b"], "b": ["a"]}, ("a", "b"), id="with the model"),
        pytest.param({"a": ["b"], "b": ["?a"]}, (), id="closed by a guess"),
        pytest.param({"a": ["b", "c"], "b": ["c"]}, (), id="two ways up are no circle"),
        pytest.param({"a": ["A"]}, (), id="its own name"),
    ],
)
def test_circles_are_named(parents: Parents, loops: tuple[str, ...]) -> None:
    assert line(parents, "a").loops() == loops


def test_a_lineage_that_is_too_long_is_cut_and_never_free() -> None:
    chain = {f"m{at}": [f"m{at + 1}"] for at in range(40)}
    found = line(chain, "m0")
    assert found.is_cut and len(found.held) == 31
    assert set(may_all(found)) == {May.UNKNOWN}
    assert not line(chain, "m11").is_cut
    assert not line(chain, "m10").is_cut  # thirty generations above it, the last one a root
    wide = {"a": [f"p{at}" for at in range(1000)]}
    assert line(wide, "a").is_cut and len(line(wide, "a").held) == 300


def test_what_is_known_to_be_forbidden_stays_so_where_it_was_cut() -> None:
    chain = {f"m{at}": [f"m{at + 1}"] for at in range(40)}
    assert may_all(line(chain, "m0", {"m3": "cc-by-nc-4.0"}))[0] is May.NO


def test_a_guessed_ancestor_leaves_unknown_what_it_would_forbid() -> None:
    guessed = {"a": ["?b"]}
    assert may_all(line(guessed, "a", {"b": "cc-by-nc-4.0"}))[0] is May.UNKNOWN
    assert may_all(line({"a": ["b"]}, "a", {"b": "cc-by-nc-4.0"}))[0] is May.NO
    assert may_all(line(guessed, "a", {"b": "llama2"}))[0] is May.CONDITIONS
    assert may_all(line(guessed, "a", {"a": "cc-by-nc-4.0"}))[0] is May.NO


NODES = "abcdefg"
GRAPHS = st.dictionaries(
    st.sampled_from(NODES), st.lists(st.sampled_from(NODES), max_size=3), max_size=len(NODES)
)
LICENCES = st.fixed_dictionaries(
    {name: st.sampled_from(["mit", "llama2", "other", "cc-by-nc-4.0", "absent"]) for name in NODES}
)


@given(GRAPHS, LICENCES)
def test_a_model_may_what_itself_and_its_parents_may(
    parents: Parents, licences: dict[str, str]
) -> None:
    """In any graph, circles too, wherever one begins to read."""
    for name in NODES:
        own = may_each(identify(licences[name]))
        above = [may_all(line(parents, parent, licences)) for parent in parents.get(name, ())]
        expected = tuple(min(pair, key=STRICTEST.index) for pair in zip(own, *above, strict=True))
        assert may_all(line(parents, name, licences)) == expected
