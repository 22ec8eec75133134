"""The trial of combinations: fit on one part, choose on a second, judge once on a third."""

from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

import numpy as np

from elige.choose.combine.fitting import best_of, fitted
from elige.choose.combine.option import Aim, Option, played
from elige.choose.combine.table import Parts, Places, Table, Unit
from elige.records import Interval
from elige.stats import DifferenceBars, difference_bars, error_bars

# A combination that is to be cheaper must save so much: times are measured, and waver.
_SAVING = 0.05
_FAMILIES = ("cascade", "router", "ensemble")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One option on the third part: its mean score with an interval, and its mean cost."""

    name: str
    option: Option
    what: str
    score: float
    interval: Interval
    cost: float

    def facts(self) -> dict[str, Any]:
        """The row as an object of JSON."""
        return {
            "name": self.name,
            "kind": self.option.family,
            "what": self.what,
            "score": self.score,
            "interval": list(self.interval),
            "cost": self.cost,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of it.

    `chosen` is the combination that did best on the second part, None when none can be made;
    `single` the best model on the first two. `gap` is chosen minus single on the third.
    `preferred` says that the chosen one was ahead of every model on the second part already,
    `rival` names a model that does as well on the third for no more.
    """

    aim: Aim
    unit: Unit
    sizes: tuple[int, int, int]
    rows: tuple[Row, ...]
    single: Row
    chosen: Row | None
    gap: DifferenceBars | None
    preferred: bool = False
    rival: str = ""

    @property
    def saving(self) -> float:
        """The share of the best single model's cost that is saved; negative for a dearer one."""
        if self.chosen is None or self.single.cost <= 0.0:
            return 0.0
        return 1.0 - self.chosen.cost / self.single.cost

    @property
    def pays(self) -> bool:
        """Whether the chosen one is shown to be worth it."""
        if self.gap is None or not self.preferred or self.rival:
            return False
        if self.aim.by == "accuracy":
            return self.gap.interval[0] > 0.0
        return self.gap.interval[0] >= -self.aim.tolerance and self.saving >= _SAVING


def trial(table: Table, parts: Parts, aim: Aim) -> Trial:
    """Fit, choose and judge the combinations of a table's members."""
    singles = [Option(members=(at,)) for at in range(len(table.names))]
    both = np.concatenate([parts.fit, parts.choose])
    single = max(singles, key=lambda one: Aim().rank(played(table, one, both), 0.0))
    level = played(table, single, parts.choose).score
    options = list(fitted(table, parts.fit, aim))
    families = [
        best_of(table, [one for one in options if one.family == name], parts.choose, aim, level)
        for name in _FAMILIES
    ]
    found = [one for one in families if one is not None]
    chosen = best_of(table, found, parts.choose, aim, level)
    rows = {one: _row(table, one, parts.judge) for one in (*singles, *found)}
    return Trial(
        aim=aim,
        unit=table.unit,
        sizes=(len(parts.fit), len(parts.choose), len(parts.judge)),
        rows=tuple(rows.values()),
        single=rows[single],
        chosen=None if chosen is None else rows[chosen],
        gap=None if chosen is None else _gap(table, chosen, single, parts.judge),
        preferred=chosen is not None and _is_preferred(table, chosen, singles, parts.choose, aim),
        rival="" if chosen is None else _rival(rows, rows[chosen]),
    )


def _row(table: Table, option: Option, places: Places) -> Row:
    found = played(table, option, places)
    bars = error_bars(found.scores.tolist(), [table.labels[at] for at in places.tolist()])
    return Row(
        name=table.names[option.members[0]] if option.rule is None else option.family,
        option=option,
        what=option.words(table.names),
        score=found.score,
        interval=bars.interval,
        cost=found.cost,
    )


def _gap(table: Table, chosen: Option, single: Option, places: Places) -> DifferenceBars:
    first, second = (played(table, one, places).scores.tolist() for one in (chosen, single))
    return difference_bars(first, second, [table.labels[at] for at in places.tolist()])


def _is_preferred(
    table: Table, chosen: Option, singles: list[Option], places: Places, aim: Aim
) -> bool:
    """Whether it did better there than every single model."""
    alone = [played(table, one, places) for one in singles]
    level = max(one.score for one in alone)
    mine = aim.rank(played(table, chosen, places), level)
    return all(mine > aim.rank(one, level) for one in alone)


def _rival(rows: dict[Option, Row], chosen: Row) -> str:
    """A single model that scores no less for no more, the best of them; '' for none."""
    found = [
        row
        for option, row in rows.items()
        if option.rule is None and row.score >= chosen.score and row.cost <= chosen.cost
    ]
    return max(found, key=lambda row: row.score).name if found else ""
