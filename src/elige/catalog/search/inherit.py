"""What a model may be used for under the licences of its declared ancestors too."""

from collections.abc import Callable, Sequence

from elige.catalog.search.described import Described, may_letters
from elige.records import Column, Entry

# From the strictest answer to the freest: no, unknown, conditions, yes.
_STRICTEST = "nucy"
_DEEPEST = 30
_MOST_KEPT = 500_000
_FREE = "yyyy"

Lookup = Callable[[str], Sequence[tuple[Entry, str]]]


class Ancestry:
    """The permissions of models by `lookup`, the entries of a name; each ancestor is read once.

    The strictest answer holds; of an ancestor of which nothing is known no use is known to be
    allowed. Guessed parents are left out: nobody declared them.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: dict[str, str] = {}

    def letters(self, one: Described) -> str:
        """What `one` may, in the letters of `may_letters`."""
        found = may_letters(one.text(Column.LICENCE))
        for relation in one.relations:
            if relation.how != "estimated" and relation.parent.casefold() != one.model.casefold():
                found = _stricter(found, self._of(relation.parent, _DEEPEST))
        return found

    def _of(self, name: str, depth: int) -> str:
        key = name.casefold()
        known = self._known.get(key)
        if known is not None:
            return known
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        self._known[key] = _FREE  # a model that is its own ancestor asks for nothing more
        found = self._read(self._lookup(name), depth)
        self._known[key] = found
        return found

    def _read(self, entries: Sequence[tuple[Entry, str]], depth: int) -> str:
        if not entries or depth < 1:
            return may_letters("")
        found = ""
        parents: dict[str, None] = {}
        for entry, _ in entries:
            stated = entry.values.get(Column.LICENCE)
            if isinstance(stated, str) and stated:
                letters = may_letters(stated)
                found = _stricter(found, letters) if found else letters
            parents |= {one.parent: None for one in entry.relations if one.how != "estimated"}
        found = found or may_letters("")
        for parent in parents:
            found = _stricter(found, self._of(parent, depth - 1))
        return found


def _stricter(one: str, other: str) -> str:
    return "".join(min(a, b, key=_STRICTEST.index) for a, b in zip(one, other, strict=True))
