"""What the draws of one method came to, and how that reads over one or several matrices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from elige.choose.replay.desk import Desk
from elige.choose.replay.terms import Ending, Terms
from elige.records import Status
from elige.stats import upper_limit
from elige.stats.wealth import Array

_ROUNDING = 1e-9
_SHOWN_WITHIN = {Status.WITHIN, Status.WINNER}


@dataclass(slots=True)
class Tally:
    """Sums over the draws of one matrix; `seconds` is what the method took to compute."""

    draws: int = 0
    full: int = 0
    used: int = 0
    full_costs: dict[str, float] = field(default_factory=dict)
    used_costs: dict[str, float] = field(default_factory=dict)
    wrong: int = 0
    false: int = 0
    false_within: int = 0
    false_beaten: int = 0
    statements: int = 0
    undecided: int = 0
    still_open: int = 0
    candidates: int = 0
    loads: int = 0
    seconds: float = 0.0

    def note(self, desk: Desk, ending: Ending, gaps: Array, terms: Terms) -> None:
        """Take in one draw; `gaps` says how far each candidate truly is below the best of it."""
        self.draws += 1
        self.candidates += desk.candidates
        self.full += desk.candidates * desk.samples
        self.used += int(desk.counts.sum())
        self.loads += desk.loads
        for unit, costs in terms.costs.items():
            full, used = float(costs.sum()) * desk.samples, float(costs @ desk.counts)
            self.full_costs[unit] = self.full_costs.get(unit, 0.0) + full
            self.used_costs[unit] = self.used_costs.get(unit, 0.0) + used
        self.wrong += bool(gaps[ending.returned] > terms.tolerance + _ROUNDING)
        self._note_statements(ending, gaps, terms.tolerance)

    def _note_statements(self, ending: Ending, gaps: Array, tolerance: float) -> None:
        told = list(zip(ending.said, gaps.tolist(), strict=True))
        within = any(one in _SHOWN_WITHIN and gap > tolerance + _ROUNDING for one, gap in told)
        beaten = any(one is Status.BEATEN and gap <= _ROUNDING for one, gap in told)
        still_open = sum(one is Status.OPEN for one in ending.said)
        self.false += within or beaten
        self.false_within += within
        self.false_beaten += beaten
        self.still_open += still_open
        self.statements += len(told) - still_open
        self.undecided += ending.said[ending.returned] not in _SHOWN_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One method on one matrix, or on several.

    `saving` is full evaluations of all draws / evaluations used, over several matrices the
    geometric mean; `saving_weighted` the same in costs, None where they are not known,
    `savings_weighted` in each unit of them. `error` is
    the share of draws that returned a model more than the tolerance below the best,
    `error_upper95` its exact upper limit, `statement_error` the share of draws with a false
    statement (`within_error`, `beaten_error`: of one kind). `statements` is how many were made in
    a draw, `open` the share of candidates of whom nothing was said, `undecided` the share of draws
    whose returned model was not shown to be within, `evaluations` and `rounds` how many answers a
    draw needs and how often it loads a model.
    """

    saving: float
    saving_weighted: float | None
    savings_weighted: Mapping[str, float]
    error: float
    error_upper95: float
    statement_error: float
    open: float
    rounds: float
    within_error: float
    beaten_error: float
    statements: float
    undecided: float
    evaluations: float
    draws: int


def measured(tallies: Sequence[Tally]) -> Measured:
    """What the draws of one method on these matrices say together; each has at least one draw."""
    draws = sum(one.draws for one in tallies)
    wrong = sum(one.wrong for one in tallies)
    weighted = _weighted(tallies)
    return Measured(
        saving=_geometric([one.full / one.used for one in tallies]),
        saving_weighted=next(iter(weighted.values()), None),
        savings_weighted=weighted,
        error=wrong / draws,
        error_upper95=upper_limit(wrong, draws),
        statement_error=sum(one.false for one in tallies) / draws,
        open=sum(one.still_open for one in tallies) / sum(one.candidates for one in tallies),
        rounds=sum(one.loads for one in tallies) / draws,
        within_error=sum(one.false_within for one in tallies) / draws,
        beaten_error=sum(one.false_beaten for one in tallies) / draws,
        statements=sum(one.statements for one in tallies) / draws,
        undecided=sum(one.undecided for one in tallies) / draws,
        evaluations=sum(one.used for one in tallies) / draws,
        draws=draws,
    )


def _weighted(tallies: Sequence[Tally]) -> dict[str, float]:
    """The saving in each unit; without those in which nothing was spent on some matrix."""
    return {
        unit: _geometric([one.full_costs[unit] / one.used_costs[unit] for one in tallies])
        for unit in tallies[0].used_costs
        if all(one.used_costs[unit] > 0.0 for one in tallies)
    }


def _geometric(values: Sequence[float]) -> float:
    share = 1.0 / len(values)
    return float(prod(value**share for value in values))
