"""What models may be used for under the licences of their ancestors too, for very many of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from elige.catalog.descent import Stated, descent
from elige.catalog.licence import identify
from elige.catalog.licence_card import may_all
from elige.catalog.lineage import name_now, told_parents
from elige.catalog.search.described import Described, described, may_letters, own_letters
from elige.records import Entry, Relation, Source

# Half of all models come from a few thousand; about 500 bytes each.
_MOST_KEPT = 100_000

Lookup = Callable[[str], Sequence[tuple[Entry, str]]]


class Ancestry:
    """What `may_of` says without guesses, with parents read by `lookup` and kept for the next."""

    def __init__(self, lookup: Lookup, sources: Mapping[str, Source]) -> None:
        self._lookup = lookup
        self._sources = sources
        self._look = lru_cache(maxsize=_MOST_KEPT)(self._read)

    def letters(self, one: Described) -> str:
        """What `one` may, in the letters of `may_letters`."""
        parents = told_parents(one.model, one.relations)
        if not parents:
            return own_letters(one.licence)
        return may_letters(may_all(descent(_stated(one, parents), self._look)))

    def _read(self, name: str) -> Stated:
        entries = self._lookup(name)
        if not entries and (now := name_now(name)):
            entries = self._lookup(now)
        if not entries:
            parents = told_parents(name, ())
            return Stated(name, "", identify(""), parents, is_known=False)
        one = described(entries, self._sources)
        return _stated(one, told_parents(one.model, one.relations))


def _stated(one: Described, parents: tuple[Relation, ...]) -> Stated:
    return Stated(one.model, one.licence.name, one.licence, parents)
