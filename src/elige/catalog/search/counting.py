"""The counts beside a search: how many of the models found have each value."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from elige.catalog.search.filters import all_of, any_term
from elige.catalog.search.schema import SAMPLE, SAMPLED

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

_FACET_VALUES = 10
# Where more are found, a sample is counted; its counts of 100,000 and more are right to 2 %.
MANY = 100_000
# Of so few, finding them twice takes longer than counting all facets in one thread.
_FEW = 60_000
# About half of the counting, models having several languages.
_SLOW = frozenset({"language", "domain", "author"})
_BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="elige-facets")

Counts = dict[str, tuple[tuple[str, int], ...]]


class Counting:
    """Facets of the `names`, counted by two threads, one of them beside the search.

    That one counts a sample where very many models are `likely` found, the slower half of the
    facets where many are, else all of them.
    """

    def __init__(
        self, searcher: "Searcher", asked: "Asked", names: Sequence[str], *, likely: float
    ) -> None:
        self._searcher, self._asked, self._names = searcher, asked, names
        self._there = [name for name in names if name in _SLOW or likely <= _FEW]
        self._part: Future[Counts] | None = None
        self._sample: Future[Counts] | None = None
        if likely > MANY:
            sample = all_of([any_term("mark", [SAMPLED]), asked])
            self._sample = _BESIDE.submit(_facets, searcher, sample, names)
        else:
            self._begin()

    @property
    def is_estimate(self) -> bool:
        """Whether no more than a sample was counted."""
        return bool(self._names) and self._part is None

    def result(self, total: int) -> Counts:
        """How many of the `total` models found have each value.

        An estimate where they are very many; not where counting all of them has begun.
        """
        if self._part is None and self._sample and total > MANY:
            return {
                name: tuple((value, count * SAMPLE) for value, count in values)
                for name, values in self._sample.result().items()
            }
        part = self._part or self._begin()
        here = [name for name in self._names if name not in self._there]
        return _facets(self._searcher, self._asked, here) | part.result()

    def _begin(self) -> "Future[Counts]":
        self._part = _BESIDE.submit(_facets, self._searcher, self._asked, self._there)
        return self._part

    def end(self) -> None:
        """Wait for what still runs: the next search is not to be slowed by it."""
        for running in (self._part, self._sample):
            if running is not None:
                running.exception()


def _facets(searcher: "Searcher", asked: "Asked", names: Sequence[str]) -> Counts:
    if not names:
        return {}
    wanted = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in names}
    found = searcher.aggregate(asked, wanted)
    return {
        name: tuple((one["key"], one["doc_count"]) for one in found[name]["buckets"])
        for name in names
    }
