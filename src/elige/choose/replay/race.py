"""elige's own race, as `elige choose` runs it on one machine."""

from dataclasses import replace
from typing import Any  # settings have several types

from elige.choose.race import Race, RaceSettings
from elige.choose.replay.desk import Desk
from elige.choose.replay.terms import Ending, Method, Terms

ONE_BY_ONE = {"growth": 0.0, "portion": 1}


def race(**changes: Any) -> Method:  # noqa: ANN401 - as above
    """The race; `changes` replace fields of its `RaceSettings`, to try another schedule."""

    def run(desk: Desk, terms: Terms) -> Ending:
        names = [str(index) for index in range(desk.candidates)]
        prices = [] if terms.prices is None else terms.prices.tolist()
        settings = RaceSettings(
            samples=desk.samples,
            tolerance=terms.tolerance,
            confidence=terms.confidence,
            scope=terms.scope,
            prefer=terms.prefer,
            costs=dict(zip(names, prices, strict=True)) if prices else {},
        )
        schedule = ONE_BY_ONE if terms.batches == "one" else {}
        found = Race(names, replace(settings, **{**schedule, **changes}))
        while (batch := found.draw()) is not None:
            found.settle({one: desk.ask(int(one), batch.stop).tolist() for one in batch.candidates})
        said = tuple(found.status(name) for name in names)
        return Ending(returned=names.index(found.winner), said=said)

    return run
