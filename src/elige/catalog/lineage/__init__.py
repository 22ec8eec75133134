"""Where models come from: declared parents, and guesses from names and configurations."""

from elige.catalog.lineage.parents import parents_of
from elige.catalog.lineage.tree import Bounds, Kin, ancestors, descendants

__all__ = ["Bounds", "Kin", "ancestors", "descendants", "parents_of"]
