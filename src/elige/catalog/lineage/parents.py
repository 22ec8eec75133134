"""A model's parents: the declared ones, their kind made exact; else the known; else a guess."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from elige.catalog.lineage.guess import (
    KIND_BY_MATCH,
    guessed_parent,
    is_adapter,
    is_merged,
    tells_coarser,
)
from elige.catalog.lineage.known import known_parents
from elige.catalog.lineage.shape import compared
from elige.records import Card, Catalogue, FactKind, Relation, RelationKind

_KINDS = list(RelationKind)
_TRUST = list(FactKind)
_LOOSE = frozenset({RelationKind.FINETUNE, RelationKind.UNSAID})


def parents_of(
    model: str, catalogue: Catalogue, *, guess: bool = True, card: Card | None = None
) -> tuple[Relation, ...]:
    """The parents of `model`, each once; none for a root or where nothing speaks for one.

    What the model's card declares wins; a loose kind (fine-tune, derived) is made exact where the
    configurations, tags or name tell more, and `why` then says so. Where nothing is declared, what
    is published elsewhere holds, then a guess (`how` is ESTIMATED) unless `guess` is False. `card`
    is the model's own, looked up where it is not given.
    """
    card = catalogue.card(model) if card is None else card
    name = card.model if card is not None else model
    stated = told_parents(name, () if card is None else card.relations, guess=guess)
    if stated and card is not None and card.relations:
        is_one = len(stated) == 1
        return tuple(_exact(name, card, one, catalogue, is_one=is_one) for one in stated)
    if stated or not guess:
        return stated
    found = guessed_parent(name, card, catalogue)
    return () if found is None else (found,)


def told_parents(
    model: str, relations: Iterable[Relation], *, guess: bool = False
) -> tuple[Relation, ...]:
    """The parents among the `relations` that sources tell of `model`, each once.

    Where they tell none, those published elsewhere. No other model is looked at, so no kind is
    made exact; what a source merely guesses is left out unless `guess` is True.
    """
    for told in (relations, known_parents(model)):
        sure = [one for one in told if guess or one.how is not FactKind.ESTIMATED]
        if sure and (found := _once(model, sure)):
            return found
    return ()


def _once(model: str, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """Each parent once, the best known and most exact first; nobody is its own parent."""
    ranked = sorted(relations, key=lambda one: (_TRUST.index(one.how), _KINDS.index(one.kind)))
    found: dict[str, Relation] = {}
    for one in ranked:
        key = one.parent.strip().casefold()
        if not key or key == model.casefold():
            continue
        kept = found.get(key)
        if kept is None or (kept.kind in _LOOSE and one.kind not in _LOOSE):
            found[key] = one
    return tuple(found.values())


def _exact(
    model: str, card: Card | None, one: Relation, catalogue: Catalogue, *, is_one: bool
) -> Relation:
    """The relation with the kind that the evidence tells, where the declared one is loose."""
    if one.kind not in _LOOSE:
        return one
    is_unsaid = one.kind is RelationKind.UNSAID
    said = "declared without a kind" if is_unsaid else "declared a fine-tune"
    coarser = tells_coarser(model, card)
    if coarser and is_one:
        return replace(one, kind=RelationKind.QUANTIZED, why=f"{said}; a copy in {coarser}")
    if is_adapter(card):
        return replace(one, kind=RelationKind.ADAPTER, why=f"{said}; tagged as an adapter")
    if is_merged(card):
        return replace(one, kind=RelationKind.MERGE, why=f"{said}; tagged as a merge")
    like = compared(card, catalogue.card(one.parent))
    kind = KIND_BY_MATCH.get(like.match)
    if kind is not None:
        return replace(one, kind=kind, why=f"{said}; {like.why}")
    return one
