"""elige's own runs: what this machine measured of the models that it ran."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from elige.catalog.sources.run_results import Shown, results_of
from elige.config import now, read_settings
from elige.records import Broken, Column, Entry, FactKind, Place, Value
from elige.text import one_line

if TYPE_CHECKING:
    from elige.store import RunRecord, Store

_KINDS = frozenset({"choose", "evaluate", "demo"})  # imports are what a file declares


class OwnRuns:
    """Reads the store of this home, or the one at `place.address`: an entry for each candidate.

    With `place.since` only the runs that changed at that moment or later are read. Nothing is
    written, and nothing is made where there is no store yet.
    """

    name = "runs"
    title = "Your own runs: scores, speeds"
    address = ""
    is_own = True
    kind = FactKind.MEASURED
    kinds: Mapping[Column, FactKind] = MappingProxyType({})

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """What each run showed; a run that cannot be read, or never came to a result, is named."""
        settings = read_settings()
        if not place.address and not settings.has_store:
            return
        from elige.store import Store

        with Store.open(place.address or settings.database) as store:
            for record in store.runs_since(place.since):
                if record.kind in _KINDS:
                    yield from self._entries(store, record)

    def _entries(self, store: "Store", record: "RunRecord") -> Iterator[Entry | Broken]:
        where = f"run {record.id} ({record.task})"
        if not record.verdict:
            if why := _without_result(store, record):
                yield Broken(where=where, why=why)
            return
        try:
            found = list(results_of(record, store.measures))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            told = one_line(error) or type(error).__name__
            yield Broken(where=where, why=f"its record cannot be read: {told[:200]}")
            return
        for one in found:
            yield one if isinstance(one, Broken) else self._entry(record, one)

    def _entry(self, record: "RunRecord", one: Shown) -> Entry:
        values: dict[Column, Value] = {Column.NAME: one.model.title} if one.model.title else {}
        return Entry(
            source=self.name,
            key=f"{record.id}/{one.result.candidate}",
            model=one.model.model,
            values=values,
            relations=one.model.relations,
            names=one.model.names,
            measured=(one.result,),
        )


def _without_result(store: "Store", record: "RunRecord") -> str:
    """Why a run has no result, '' for one that works on it just now."""
    if record.status == "failed":
        return f"it failed: {record.reason or 'nobody knows why'}"
    if record.status == "running" and store.lives(record.holder, now=now().timestamp()):
        return ""
    return "it was stopped before it came to a result; the same command goes on"
