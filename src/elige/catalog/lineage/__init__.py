"""Where models come from: declared parents, and guesses from names and configurations."""

from elige.catalog.lineage.lookup import name_now, parent_card
from elige.catalog.lineage.parents import parents_of, told_parents
from elige.catalog.lineage.tree import Bounds, Kin, ancestors, descendants

__all__ = [
    "Bounds",
    "Kin",
    "ancestors",
    "descendants",
    "name_now",
    "parent_card",
    "parents_of",
    "told_parents",
]
