"""A catalogue in memory, for a file or two of cards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from elige.catalog.cards import card_of
from elige.catalog.lineage.names import bare, plain_name
from elige.records import Card, Entry, Relation, Source


class Listed:
    """Cards of the entries given, each with the ISO date on which it was read."""

    def __init__(self, entries: Iterable[tuple[Entry, str]], sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._entries: dict[str, list[tuple[Entry, str]]] = {}
        self._other_names: dict[str, str] = {}
        self._children: dict[str, dict[tuple[str, str], tuple[str, Relation]]] = {}
        self._bare: dict[str, list[str]] | None = None
        for entry, fetched in entries:
            self._add(entry, fetched)

    def card(self, name: str) -> Card | None:
        """The card of a model, None where nothing is known of it."""
        found = self.entries(name)
        return card_of(found[0][0].model, found, self._sources) if found else None

    def entries(self, name: str) -> Sequence[tuple[Entry, str]]:
        """What each source says of a model, with the ISO date on which that was read."""
        key = name.casefold()
        return self._entries.get(key) or self._entries.get(self._other_names.get(key, ""), [])

    def children(self, name: str) -> Sequence[tuple[str, Relation]]:
        """The models that name this one as their parent, and how they come from it."""
        return list(self._children.get(name.casefold(), {}).values())

    def near(self, name: str) -> list[str]:
        """Folded names that may be meant by `name`: of the same author, or with its last part."""
        author, slash, last = name.casefold().rpartition("/")
        return [
            key
            for key in sorted(self._entries)
            if (slash and key.startswith(author + slash)) or (last and last in key)
        ]

    def named(self, plain: str) -> Sequence[str]:
        """The models whose bare name is `plain`, as `lineage.names.plain_name` writes it."""
        if self._bare is None:
            self._bare = {}
            for found in self._entries.values():
                model = found[0][0].model
                self._bare.setdefault(plain_name(bare(model)), []).append(model)
        return self._bare.get(plain, [])

    def cards(self) -> Iterator[Card]:
        """Every card, in the order of the models' names."""
        for key in sorted(self._entries):
            found = self._entries[key]
            yield card_of(found[0][0].model, found, self._sources)

    def _add(self, entry: Entry, fetched: str) -> None:
        key = entry.model.casefold()
        self._entries.setdefault(key, []).append((entry, fetched))
        for name in entry.names:
            self._other_names.setdefault(name.casefold(), key)
        for relation in entry.relations:
            kin = self._children.setdefault(relation.parent.casefold(), {})
            kin.setdefault((key, relation.kind), (entry.model, relation))
