"""`models tree`: what a model was made from, and what was made of it."""

from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

from elige.catalog.licence_card import CardLicence, card_licence, is_freer, stated_licence
from elige.catalog.licence_report import lineage_facts
from elige.catalog.lineage import Bounds, Kin, ancestors, descendants
from elige.errors import BadInput
from elige.workbench.bench import Workbench
from elige.workbench.named import card_named, not_known

_DEEPEST, _MODELS = 50, 2_000
_UP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeOptions:
    """Which half of a tree to draw, and how much: levels down, and children of one kind."""

    up: bool = True
    down: bool = True
    depth: int | None = None
    width: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTree:
    """A model between its ancestors and its descendants; None for a half not asked for.

    `licence` is None where the catalogue has no card of the model.
    """

    model: str
    up: Kin | None
    down: Kin | None
    licence: CardLicence | None


def family_tree(bench: Workbench, asked: str, options: TreeOptions) -> FamilyTree:
    """The tree of the model `asked`.

    Raises `NotFound` for a name of which neither a card nor a relation is known, and `BadInput`
    for bounds that make no tree.
    """
    name = asked.partition("@")[0].strip()
    depth = options.depth
    if not name:
        raise BadInput("No model is named.", hint="For example: elige models tree allenai/OLMo-7B")
    if options.width < 1 or (depth is not None and not 1 <= depth <= _DEEPEST):
        raise BadInput(
            f"A tree of depth {depth} and width {options.width} cannot be drawn.",
            hint=f"--depth goes from 1 to {_DEEPEST}, --width from 1.",
        )
    catalogue = bench.catalogue
    above = Bounds(depth=depth or _UP, width=100, models=_MODELS)
    below = Bounds(depth=depth or 2, width=options.width, models=_MODELS)
    card = card_named(catalogue, asked)
    name = card.model if card else name
    up, down = ancestors(name, catalogue, above), descendants(name, catalogue, below)
    if card is None and not up.kin and not down.kin:
        raise not_known(bench, name)
    return FamilyTree(
        model=up.model,
        up=up if options.up else None,
        down=down if options.down else None,
        licence=None if card is None else card_licence(card, catalogue),
    )


def tree_facts(tree: FamilyTree) -> dict[str, Any]:
    """The tree as JSON; a half that was not asked for is null."""
    return {
        "model": tree.model,
        "parents": None if tree.up is None else [_facts(one, "parents") for one in tree.up.kin],
        "children": None
        if tree.down is None
        else [_facts(one, "children", above=tree.down) for one in tree.down.kin],
        "children_by_kind": {}
        if tree.down is None
        else {str(kind): number for kind, number in tree.down.kinds},
        "cut": 0 if tree.down is None else tree.down.cut,
        "licence": None if tree.licence is None else _licence(tree.licence),
    }


def states_freer(child: Kin, parent: Kin) -> bool:
    """Whether a child states a licence that allows more than its parent's."""
    mine, theirs = stated_licence(child.card)[1], stated_licence(parent.card)[1]
    return child.card is not None and mine.is_known and is_freer(mine, theirs)


def _facts(kin: Kin, side: str, *, above: Kin | None = None) -> dict[str, Any]:
    stated, licence = stated_licence(kin.card)
    relation = kin.relation
    facts: dict[str, Any] = {
        "model": kin.model,
        "kind": None if relation is None else str(relation.kind),
        "how": None if relation is None else str(relation.how),
        "why": "" if relation is None else relation.why,
        "known": kin.card is not None,
        "licence": stated or None,
        "licence_id": licence.key,
        "again": kin.is_again,
        "loop": kin.is_loop,
        "cut": kin.cut,
        side: [_facts(one, side, above=None if above is None else kin) for one in kin.kin],
    }
    if above is not None:
        facts["freer_than_parent"] = states_freer(kin, above)
    return facts


def _licence(licence: CardLicence) -> dict[str, Any]:
    own = licence.own
    return {"stated": own.stated or None, "id": own.licence.key} | lineage_facts(licence)
