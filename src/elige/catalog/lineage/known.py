"""Parents that makers name outside the hub's record of their model."""

from collections.abc import Mapping
from functools import cache

from elige.catalog.shipped import shipped
from elige.records import FactKind, Relation, RelationKind


def known_parents(model: str) -> tuple[Relation, ...]:
    """What is published of a model's parents elsewhere; `why` says where it stands."""
    return _by_model().get(model.casefold(), ())


@cache
def _by_model() -> Mapping[str, tuple[Relation, ...]]:
    found: dict[str, tuple[Relation, ...]] = {}
    for row in shipped("lineage/known.yaml")["models"]:
        one = Relation(
            kind=RelationKind(row["kind"]),
            parent=row["parent"],
            how=FactKind.ESTIMATED if "open" in row else FactKind.PUBLISHED,
            why=f"{row.get('open', 'its maker says so')} ({row['source']})",
        )
        found[row["model"].casefold()] = (*found.get(row["model"].casefold(), ()), one)
    return found
