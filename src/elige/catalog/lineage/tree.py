"""The family tree of a model, up to its roots and down to what was made of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from elige.catalog.lineage.lookup import parent_card
from elige.catalog.lineage.parents import parents_of
from elige.records import Card, Catalogue, Column, FactKind, Relation, RelationKind

_KINDS = list(RelationKind)
_MOST_SORTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a tree goes: levels, kin of one kind shown of one model, and models in all."""

    depth: int = 20
    width: int = 1_000
    models: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A model in a tree. `relation` joins the child of the pair to its parent, None at the root.

    `card` is None where nothing is known of it. `kin` are its parents or its children, `kinds` how
    many there are of each kind, `cut` how many of them the bounds left out. `is_again` marks one
    that stands elsewhere in the tree already, its own kin not repeated; `is_loop` one that is its
    own ancestor.
    """

    model: str
    card: Card | None
    relation: Relation | None = None
    kin: tuple["Kin", ...] = ()
    kinds: tuple[tuple[RelationKind, int], ...] = ()
    cut: int = 0
    is_again: bool = False
    is_loop: bool = False

    @property
    def is_guess(self) -> bool:
        """Whether nobody declared or published that it belongs here."""
        return self.relation is not None and self.relation.how is FactKind.ESTIMATED

    def walk(self) -> Iterator["Kin"]:
        """The model and all below it in the tree, each before its kin."""
        open_ = [self]
        while open_:
            one = open_.pop()
            yield one
            open_.extend(reversed(one.kin))


@dataclass(slots=True)
class _Climb:
    """One walk through the catalogue: what it met, and how much it may still meet."""

    catalogue: Catalogue
    bounds: Bounds
    guess: bool
    seen: set[str] = field(default_factory=set)

    def up(self, kin: Kin, path: tuple[str, ...]) -> Kin:
        relations = parents_of(kin.model, self.catalogue, guess=self.guess, card=kin.card)
        return self._grown(kin, [(one.parent, one) for one in relations], path, up=True)

    def down(self, kin: Kin, path: tuple[str, ...]) -> Kin:
        found = [
            (name, _as_known(name, kin.model, relation, self))
            for name, relation in self.catalogue.children(kin.model)
            if name.casefold() != kin.model.casefold()
        ]
        return self._grown(kin, self._ranked(found), path, up=False)

    def _grown(
        self, kin: Kin, found: list[tuple[str, Relation]], path: tuple[str, ...], *, up: bool
    ) -> Kin:
        counted = Counter(relation.kind for _, relation in found)
        kinds = tuple((kind, counted[kind]) for kind in _KINDS if counted[kind])
        made: list[Kin] = []
        met: Counter[RelationKind] = Counter()
        for name, relation in found if len(path) < self.bounds.depth else ():
            if met[relation.kind] >= self.bounds.width or len(self.seen) >= self.bounds.models:
                continue
            met[relation.kind] += 1
            made.append(self._one(name, relation, (*path, kin.model.casefold()), up=up))
        return replace(kin, kin=tuple(made), kinds=kinds, cut=len(found) - len(made))

    def _one(self, name: str, relation: Relation, path: tuple[str, ...], *, up: bool) -> Kin:
        card = parent_card(self.catalogue, name) if up else self.catalogue.card(name)
        model = card.model if card is not None else name
        key = model.casefold()
        kin = Kin(model=model, card=card, relation=relation)
        if key in path:
            return replace(kin, is_again=True, is_loop=True)
        if key in self.seen:
            return replace(kin, is_again=True)
        self.seen.add(key)
        return self.up(kin, path) if up else self.down(kin, path)

    def _ranked(self, found: list[tuple[str, Relation]]) -> list[tuple[str, Relation]]:
        """By kind, the most downloaded first; very many by their names."""
        by_name = sorted(found, key=lambda pair: pair[0].casefold())
        if len(found) <= _MOST_SORTED:
            by_name.sort(key=lambda pair: -_downloads(self.catalogue.card(pair[0])))
        return sorted(by_name, key=lambda pair: _KINDS.index(pair[1].kind))


def ancestors(
    model: str | Card, catalogue: Catalogue, bounds: Bounds | None = None, *, guess: bool = True
) -> Kin:
    """`model` with its parents, their parents, and so on up to the roots."""
    start, climb = _start(model, catalogue, bounds, guess=guess)
    return climb.up(start, ())


def descendants(model: str, catalogue: Catalogue, bounds: Bounds | None = None) -> Kin:
    """`model` with what was made of it, and so on; only what was declared can be found so."""
    start, climb = _start(model, catalogue, bounds, guess=True)
    return climb.down(start, ())


def _start(
    model: str | Card, catalogue: Catalogue, bounds: Bounds | None, *, guess: bool
) -> tuple[Kin, _Climb]:
    card = catalogue.card(model) if isinstance(model, str) else model
    name = card.model if card is not None else str(model)
    climb = _Climb(catalogue, bounds or Bounds(), guess, {name.casefold()})
    return Kin(model=name, card=card), climb


def _as_known(child: str, parent: str, declared: Relation, climb: _Climb) -> Relation:
    """The relation with its kind made exact, as the child's own tree shows it."""
    if len(climb.seen) > _MOST_SORTED:
        return declared
    exact = parents_of(child, climb.catalogue)
    mine = (one for one in exact if one.parent.casefold() == parent.casefold())
    return next(mine, declared)


def _downloads(card: Card | None) -> int:
    value = card.value(Column.DOWNLOADS) if card is not None else None
    return int(value) if isinstance(value, int | float) else 0
