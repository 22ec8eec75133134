"""One card from several sources: the most trustworthy first, then what was checked last."""

from elige.catalog.cards import card_of
from elige.catalog.listed import Listed
from elige.records import Column, Entry, FactKind, Origin, Relation, RelationKind


def said(value: int, checked: str, kind: FactKind, source: str = "s") -> tuple[Entry, str]:
    origins = {Column.CONTEXT: Origin(source=source, checked=checked, kind=kind)}
    values = {Column.CONTEXT: value}
    return Entry(source=source, key="a", model="x/a", values=values, origins=origins), checked


def test_the_most_trustworthy_stands_first_and_of_these_what_was_checked_last() -> None:
    entries = [
        said(1, "2026-11-03", FactKind.ESTIMATED),
        said(2, "2026-11-01", FactKind.PUBLISHED),
        said(3, "2026-11-02", FactKind.PUBLISHED),
    ]
    facts = card_of("x/a", entries, {}).facts[Column.CONTEXT]
    assert [one.value for one in facts] == [3, 2, 1]


def test_a_declared_parent_counts_before_the_same_one_guessed() -> None:
    guess = Relation(kind=RelationKind.FINETUNE, parent="x/b", how=FactKind.ESTIMATED, why="?")
    told = Relation(kind=RelationKind.FINETUNE, parent="X/B", how=FactKind.DECLARED)
    entries = [
        (Entry(source=name, key="a", model="x/a", values={}, relations=(one,)), "2026-11-01")
        for name, one in (("guesser", guess), ("hub", told))
    ]
    assert card_of("x/a", entries, {}).relations == (told,)


def test_a_child_in_two_ways_is_told_in_both() -> None:
    ways = (RelationKind.MERGE, RelationKind.ADAPTER)
    relations = tuple(Relation(kind=kind, parent="x/b") for kind in ways)
    child = Entry(source="s", key="a", model="x/a", values={}, relations=relations)
    found = Listed([(child, "2026-11-01")], {}).children("X/B")
    assert [one.kind for _, one in found] == [*ways]
