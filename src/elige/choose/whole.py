"""The verdict on a statistic of the whole file: everybody answers everything, no race.

Differences are compared by paired bootstrap (Koehn 2004): all candidates see the same resamples
of the samples. Each pair's interval has its share of the error rate (Bonferroni), so that what
is called shown is wrong about as often as was asked for: an approximation, not a guarantee.
The bootstrap knows nothing of what it has not seen: candidates that never differed would look
certain. So no interval is narrower than what n samples without a difference leave open, the
share p with (1 - p)^n = alpha / 2, which is about ln(2 / alpha) / n.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, exp, log

import numpy as np

from elige.choose.amounts import points
from elige.choose.contest import Contest
from elige.choose.judgement import Outside, compared, judge_contest
from elige.choose.leading import unproven
from elige.evaluate.corpus import Corpus, CorpusScorer, Judged
from elige.records import Interval, Preference, Scope, Standing, Status, Task, Verdict
from elige.stats import middle, resampled

# The bootstrap of fewer samples than this looks far too sure.
LEAST = 30
_DRAWS, _MOST_DRAWS, _IN_A_TAIL = 2000, 10_000, 20
_ORDER = {Status.WINNER: 0, Status.WITHIN: 1, Status.OPEN: 2, Status.BEATEN: 3, Status.REJECTED: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked of the comparison: as in a race."""

    tolerance: float
    confidence: float
    scope: Scope
    prefer: Preference
    seed: int

    @property
    def is_counted(self) -> bool:
        """Whether the statements are about this list alone, of which everything is known."""
        return self.scope == "list" or self.confidence >= 1.0


class Comparison:
    """Every candidate's statistic on the samples that all of them answered, and its resamples."""

    def __init__(self, corpora: Mapping[str, Corpus], samples: int, terms: Terms) -> None:
        self.values = {name: one.at(np.arange(samples)) for name, one in corpora.items()}
        self._terms = terms
        self._samples = samples
        self._sure = samples >= LEAST
        alpha = 1.0 - terms.confidence
        self._alone = 1.0 - alpha / max(1, len(corpora))
        self._paired = 1.0 - alpha / max(1.0, len(corpora) * (len(corpora) - 1) / 2)
        draws = min(_MOST_DRAWS, max(_DRAWS, ceil(2 * _IN_A_TAIL / max(1e-9, 1 - self._paired))))
        again = resampled(
            [one.at for one in corpora.values()],
            samples=samples,
            draws=1 if terms.is_counted else draws,
            seed=terms.seed,
        )
        self._again = dict(zip(corpora, again, strict=True))

    def interval(self, name: str) -> Interval:
        """Of a candidate's own statistic; all of them hold together."""
        value = self.values[name]
        if self._terms.is_counted:
            return value, value
        return _around(value, middle(self._again[name], self._alone), self._unseen(self._alone))

    def difference(self, one: str, other: str) -> tuple[float, Interval]:
        """One minus the other, with its interval; those of all pairs hold together."""
        value = self.values[one] - self.values[other]
        if self._terms.is_counted:
            return value, (value, value)
        drawn = middle(self._again[one] - self._again[other], self._paired)
        return value, _around(value, drawn, self._unseen(self._paired), least=-1.0)

    def _unseen(self, confidence: float) -> float:
        """What may hide behind samples that all agree."""
        return 1.0 - exp(log((1.0 - confidence) / 2.0) / self._samples)

    def status(self, name: str) -> Status:
        """Within, beaten or open, by the intervals of its differences to all the others."""
        others = [other for other in self.values if other != name]
        ends = [self.difference(name, other)[1] for other in others]
        if not (self._sure or self._terms.is_counted):
            return Status.OPEN
        if all(low >= -self._terms.tolerance - 1e-12 for low, _ in ends):
            return Status.WITHIN
        return Status.BEATEN if any(high < 0.0 for _, high in ends) else Status.OPEN


def judge_whole(
    contest: Contest, outside: Outside, task: Task, scorer: CorpusScorer, terms: Terms
) -> Verdict:
    """The verdict on a contest in which everybody was asked everything."""
    base = judge_contest(contest, outside)
    base = replace(
        base,
        confidence=terms.confidence,
        tolerance=terms.tolerance,
        scope=terms.scope,
        prefer=terms.prefer,
        course=(),
    )
    names = compared(contest)
    places = _answered_by_all(contest, names)
    if not names or not places:
        return replace(base, winner="", within=(), decided=False)
    corpora = {name: scorer.corpus(_judged(contest, task, name, places)) for name in names}
    found = Comparison(corpora, len(places), terms)
    is_whole = len(places) == len(task.samples)
    states = {name: found.status(name) if is_whole else Status.OPEN for name in names}
    winner = _preferred(contest, found, states, terms)
    decided = states[winner] is Status.WITHIN and _has_rivals(contest, names)
    if decided:
        states[winner] = Status.WINNER
    judged = [
        _standing(one, found, states, winner) for one in base.candidates if one.name in states
    ]
    standings = [one for one in base.candidates if one.name not in states]
    standings += [replace(one, reason=_reason(one, judged, winner, terms)) for one in judged]
    return replace(
        base,
        winner=winner,
        decided=decided,
        within=tuple(n for n in names if states[n] in {Status.WINNER, Status.WITHIN}),
        candidates=tuple(sorted(standings, key=lambda one: (_ORDER[one.status], -_value(one)))),
    )


def _answered_by_all(contest: Contest, names: Sequence[str]) -> list[int]:
    answered = [{*contest.accounts[name].observations} for name in names]
    return sorted(set.intersection(*answered)) if answered else []


def _judged(contest: Contest, task: Task, name: str, places: Sequence[int]) -> list[Judged]:
    seen = contest.accounts[name].observations
    return [
        Judged(sample=task.samples[place], answer=seen[place].answer, score=seen[place].score)
        for place in places
    ]


def _preferred(
    contest: Contest, found: Comparison, states: Mapping[str, Status], terms: Terms
) -> str:
    """The best of all, or of those within the cheapest or the fastest."""
    best = max(found.values, key=lambda name: found.values[name])
    within = [name for name, status in states.items() if status is Status.WITHIN]
    if terms.prefer == "quality" or not within:
        return best
    costs = {name: contest.accounts[name].cost_each(terms.prefer) for name in within}
    known = {name: cost for name, cost in costs.items() if cost is not None}
    return min(known, key=lambda name: known[name]) if known else best


def _has_rivals(contest: Contest, names: Sequence[str]) -> bool:
    """Whether somebody was compared, or nobody is missing only because its engine failed."""
    return len(names) > 1 or not {*contest.race.withdrawn} - {*contest.rejected}


def _standing(
    one: Standing, found: Comparison, states: Mapping[str, Status], winner: str
) -> Standing:
    apart = one.name != winner
    difference, interval = found.difference(one.name, winner) if apart else (0.0, (0.0, 0.0))
    return replace(
        one,
        status=states[one.name],
        score=found.values[one.name],
        interval=found.interval(one.name),
        difference=difference,
        difference_interval=interval,
        more_needed=None,
    )


def _reason(one: Standing, judged: Sequence[Standing], winner: str, terms: Terms) -> str:
    how = "counted on this list" if terms.is_counted else "by paired bootstrap"
    words = {
        Status.WINNER: f"shown to be at most {points(terms.tolerance)} below the best",
        Status.WITHIN: f"shown to be at most {points(terms.tolerance)} below the best",
        Status.BEATEN: "shown to be worse than the best",
    }
    if one.status in words:
        return f"{words[one.status]}, {how}"
    return unproven(one, judged) if one.name == winner else "not settled"


def _around(value: float, interval: Interval, unseen: float, *, least: float = 0.0) -> Interval:
    """The interval, no narrower than `unseen` on both sides, within what is possible."""
    low, high = min(interval[0], value - unseen), max(interval[1], value + unseen)
    return max(least, low), min(1.0, high)


def _value(one: Standing) -> float:
    return one.score or 0.0
