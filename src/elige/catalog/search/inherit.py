"""What models may be used for under the licences of their ancestors too, for very many of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from elige.catalog.descent import Stated, descent
from elige.catalog.licence import STRICTEST, identify
from elige.catalog.licence_card import may_all
from elige.catalog.lineage import name_now, told_parents
from elige.catalog.remembered import Remembered
from elige.catalog.search.described import (
    MAY_LETTERS,
    Described,
    described,
    may_letters,
    own_letters,
)
from elige.records import Entry, Relation, RelationKind, Source

# Half of all models come from a few thousand; about 500 bytes each.
_MOST_KEPT = 50_000

_RANKS = {MAY_LETTERS[answer]: rank for rank, answer in enumerate(STRICTEST)}

Lookup = Callable[[str], Sequence[tuple[Entry, str]]]


class Ancestry:
    """What `may_of` says without guesses, with parents read by `lookup` and kept for the next."""

    def __init__(self, lookup: Lookup, sources: Mapping[str, Source]) -> None:
        self._lookup = lookup
        self._sources = sources
        self._look = Remembered(self._read, _MOST_KEPT).__getitem__
        self._above = Remembered(self._read_above, _MOST_KEPT)

    def letters(self, one: Described) -> str:
        """What `one` may, in the letters of `may_letters`."""
        own = own_letters(one.licence)
        parents = told_parents(one.model, one.relations)
        if not parents:
            return own
        return _stricter(own, self._above[tuple([relation.parent for relation in parents])])

    def _read_above(self, names: tuple[str, ...]) -> str:
        """What the licences of these parents and of their ancestors say together.

        It is the same for all their children, also for one that is its own ancestor: its licence
        counts for it anyhow.
        """
        if len(names) == 1 and not (parent := self._look(names[0])).parents:
            return own_letters(parent.licence)
        parents = tuple(Relation(kind=RelationKind.UNSAID, parent=name) for name in names)
        child = Stated("", "", identify(""), parents)
        line = descent(child, self._look)
        return may_letters(may_all(replace(line, held=line.held[1:])))

    def _read(self, name: str) -> Stated:
        entries = self._lookup(name)
        if not entries and (now := name_now(name)):
            entries = self._lookup(now)
        if not entries:
            parents = told_parents(name, ())
            return Stated(name, "", identify(""), parents, is_known=False)
        one = described(entries, self._sources)
        return _stated(one, told_parents(one.model, one.relations))


@cache  # there are 256 of them at most
def _stricter(own: str, above: str) -> str:
    """Of two answers to each use the stricter."""
    return "".join(min(pair, key=_RANKS.__getitem__) for pair in zip(own, above, strict=True))


def _stated(one: Described, parents: tuple[Relation, ...]) -> Stated:
    return Stated(one.model, one.licence.name, one.licence, parents)
