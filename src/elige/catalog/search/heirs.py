"""Models that did not change, and may be used for something else since an ancestor did."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol  # documents hold texts, numbers and lists of them

from elige.catalog.search.described import Described, described
from elige.catalog.search.documents import document
from elige.catalog.search.inherit import Ancestry
from elige.catalog.search.schema import key, schema
from elige.catalog.small_json import loaded
from elige.records import Entry, Relation, Source

if TYPE_CHECKING:
    from tantivy import Searcher


class Family(Protocol):
    """A store of entries that knows the children of a name."""

    def entries(self, name: str) -> Sequence[tuple[Entry, str]]:
        """What is said of a model now."""
        ...

    def children(self, name: str) -> Sequence[tuple[str, Relation]]:
        """The models that name this one as their parent."""
        ...

    def has_children(self, name: str) -> bool:
        """Whether there are any."""
        ...


class Heirs:
    """Follows what changed down to those who inherit it; `before` is the index as it was."""

    def __init__(
        self, before: "Searcher", family: Family, sources: Mapping[str, Source], ancestry: Ancestry
    ) -> None:
        self._before = before
        self._family = family
        self._sources = sources
        self._ancestry = ancestry
        self._moved: deque[str] = deque()
        self._done: set[str] = set()

    def took(self, model: str, one: Described | None, letters: str) -> None:
        """Remember a model that was written (`one`, with its letters) or removed (None, '')."""
        self._done.add(model.casefold())
        names = (model, *(() if one is None else one.names))
        # Few models have children, and that is found sooner than what the index said of this one.
        if not any(self._family.has_children(name) for name in names):
            return
        if letters != letters_in(self._before, model):
            self._moved.extend(names)

    def documents(self) -> Iterator[dict[str, Any]]:
        """The documents of all who inherit other permissions now, each once."""
        while self._moved:
            for child, _ in self._family.children(self._moved.popleft()):
                if child.casefold() in self._done:
                    continue
                entries = self._family.entries(child)
                one = described(entries, self._sources) if entries else None
                letters = "" if one is None else self._ancestry.letters(one)
                self.took(child, one, letters)
                if one is not None and letters != letters_in(self._before, child):
                    yield document(one, letters)


def letters_in(searcher: "Searcher", model: str) -> str:
    """The letters of a model's permissions in an index, '' where it is not there."""
    from tantivy import Query as Asked

    found = searcher.search(Asked.term_query(schema(), "key", key(model), "basic"), 1, False).hits
    if not found:
        return ""
    return str(loaded(bytes(searcher.doc(found[0][1])["shown"][0])).get("may", ""))
