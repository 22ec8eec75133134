"""From a contest to a verdict: states, intervals that hold together, what it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from elige.choose.amounts import points
from elige.choose.contest import Contest
from elige.choose.leading import unproven
from elige.choose.ledger import Account
from elige.choose.race import Race
from elige.records import Allowance, Interval, Outcome, RacePoint, Scope, Standing, Status, Verdict
from elige.stats import difference_interval, interval_course, mean_interval, noise

_MARKS = 24
_ORDER = {Status.WINNER: 0, Status.WITHIN: 1, Status.OPEN: 2, Status.BEATEN: 3, Status.REJECTED: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the verdict tells besides the contest: who was out before it, and the run's name.

    `asked` counts by candidate the answers that this run paid for, `budget` is what it spent.
    """

    run: str
    rejected: Mapping[str, str]
    asked: Mapping[str, int]
    notices: tuple[str, ...] = ()
    budget: tuple[Allowance, ...] = ()


def judge_contest(contest: Contest, outside: Outside) -> Verdict:
    """The verdict on where the contest stands now, finished or not."""
    race = contest.race
    figures = Figures(race, compared(contest))
    measured = [_standing(name, contest, figures, outside) for name in contest.accounts]
    standings = [replace(one, reason=_reason(one, contest, measured)) for one in measured]
    standings += [
        Standing(name=name, status=Status.REJECTED, reason=why)
        for name, why in outside.rejected.items()
    ]
    settings = race.settings
    return Verdict(
        winner=race.winner if figures.names else "",
        within=tuple(one.name for one in standings if one.status in {Status.WINNER, Status.WITHIN}),
        candidates=tuple(sorted(standings, key=_rank)),
        tolerance=settings.tolerance,
        confidence=settings.confidence,
        scope=settings.scope,
        prefer=settings.prefer,
        evaluations=sum(account.answers for account in contest.accounts.values()),
        full_evaluations=sum(one.repeats for one in contest.accounts.values()) * settings.samples,
        samples=settings.samples,
        decided=race.decided and _was_compared(contest, figures.names),
        notices=outside.notices,
        course=figures.course(),
        run=outside.run,
        budget=outside.budget,
    )


def compared(contest: Contest) -> list[str]:
    """The candidates that the statements are about: neither rejected nor taken out."""
    out = {*contest.rejected, *contest.race.withdrawn}
    return [name for name in contest.accounts if name not in out]


def _was_compared(contest: Contest, names: Sequence[str]) -> bool:
    """Whether somebody is left, and not only because all the others kept failing."""
    failed = {*contest.race.withdrawn} - {*contest.rejected}
    return len(names) > 1 or (len(names) == 1 and not failed)


class Figures:
    """Intervals for everything shown beside the statements.

    Each family (means, differences) holds at once, at every stopping time, with the race's
    confidence: alpha is split evenly over all candidates, those taken out included, and over
    the pairs of those still compared. What the
    statements say clips the intervals of differences, so that no two things shown disagree.
    """

    def __init__(self, race: Race, names: Sequence[str]) -> None:
        self.race = race
        self.names = list(names)
        self.size = race.settings.samples if race.settings.scope == "list" else None
        self.alpha = 1.0 - race.settings.confidence

    def mean(self, name: str) -> Interval | None:
        """The interval of a candidate's own mean; None before its first answer."""
        scores = self.race.scores(name)
        if not scores:
            return None
        return mean_interval(scores, alpha=self.alpha / len(self.race.names), size=self.size)

    def to_winner(self, name: str) -> tuple[float, Interval] | None:
        """Mean difference to the winner on common samples, and its interval; None without any."""
        if not self.race.winner:
            return None
        if name == self.race.winner:
            return 0.0, (0.0, 0.0)
        found = difference(self.race, name, self.race.winner, alpha=self._pair, size=self.size)
        if found is None:
            return None
        value, (low, high) = found
        status = self.race.status(name)
        unbeaten = [one for one in self.names if self.race.status(one) is not Status.BEATEN]
        if status is Status.BEATEN:
            # Worse than the best; the winner is the best, or at most the tolerance below it.
            ceiling = 0.0 if unbeaten == [self.race.winner] else self.race.settings.tolerance
            high = min(high, ceiling if self.race.decided else 1.0)
        if status is Status.WITHIN and self.race.decided:
            low = max(low, -self.race.settings.tolerance)
        return value, (min(low, value), max(high, value))

    def course(self) -> tuple[RacePoint, ...]:
        """Every rival's difference to the winner along the race, for the chart."""
        winner = self.race.winner
        rivals = [name for name in self.names if winner and name != winner]
        return tuple(point for name in rivals for point in self._along(name, winner))

    @property
    def _pair(self) -> float:
        pairs = len(self.names) * (len(self.names) - 1) / 2
        return self.alpha / max(1.0, pairs)

    def _along(self, name: str, winner: str) -> list[RacePoint]:
        first, second = self.race.scores(name), self.race.scores(winner)
        common = min(len(first), len(second))
        if common == 0:
            return []
        row = np.asarray(first[:common]) - np.asarray(second[:common])
        marks = sorted({int(mark) for mark in np.geomspace(min(5, common), common, _MARKS)})
        low, high = interval_course(row[None, :], marks, alpha=self._pair, size=self.size)
        means = np.cumsum(row)[np.asarray(marks) - 1] / np.asarray(marks)
        return [
            RacePoint(
                name=name,
                samples=mark,
                difference=float(means[at]),
                low=float(low[0, at]),
                high=float(high[0, at]),
            )
            for at, mark in enumerate(marks)
        ]


def difference(
    race: Race, first: str, second: str, *, alpha: float, size: int | None
) -> tuple[float, Interval] | None:
    """Mean of `first` minus mean of `second` on the samples both answered, with its interval."""
    one, other = race.scores(first), race.scores(second)
    common = min(len(one), len(other))
    if common == 0:
        return None
    one, other = one[:common], other[:common]
    value = (sum(one) - sum(other)) / common
    return value, difference_interval(one, other, alpha=alpha, size=size)


def within_in(race: Race, names: Sequence[str], scope: Scope) -> dict[str, Status]:
    """What the same answers prove in `scope`, from confidence sequences of all pairs at once.

    A candidate is within when it is shown to be at most the tolerance below each other one,
    beaten when it is shown to be below one. More cautious than the race's own proofs, but it
    may be asked of answers that were collected for the other scope.
    """
    settings = race.settings
    size = settings.samples if scope == "list" else None
    pairs = len(names) * (len(names) - 1) / 2
    alpha = (1.0 - settings.confidence) / max(1.0, pairs)
    within, beaten = {name: True for name in names}, set()
    for one, other in combinations(names, 2):
        found = difference(race, one, other, alpha=alpha, size=size)
        low, high = (-1.0, 1.0) if found is None else found[1]
        within[one] &= low >= -settings.tolerance
        within[other] &= -high >= -settings.tolerance
        beaten |= {one} if high < 0 else set()
        beaten |= {other} if low > 0 else set()
    return {name: _state(within[name], name in beaten) for name in names}


def _state(within: bool, beaten: bool) -> Status:
    if within:
        return Status.WITHIN
    return Status.BEATEN if beaten else Status.OPEN


def _standing(name: str, contest: Contest, figures: Figures, outside: Outside) -> Standing:
    race, account = contest.race, contest.accounts[name]
    status = Status.REJECTED if name in contest.rejected else race.status(name)
    in_race = name in figures.names
    found = figures.to_winner(name) if in_race else None
    tokens = account.tokens()
    return Standing(
        name=name,
        status=status,
        reason="",
        score=account.mean if account.evaluated else None,
        interval=_around(account, figures.mean(name)),
        difference=None if found is None else found[0],
        difference_interval=None if found is None else found[1],
        evaluated=account.evaluated,
        asked=outside.asked.get(name, 0),
        seconds=account.seconds,
        seconds_each=account.seconds_at(50),
        p95_seconds=account.seconds_at(95),
        cost=account.cost,
        cost_per_1000=account.cost_per_1000,
        prompt_tokens=tokens[0],
        completion_tokens=tokens[1],
        **_counts(account),
        more_needed=race.more_needed(name) if in_race else None,
        answers=account.answers,
        draws=name in contest.draws,
        repeats=account.repeats,
        draw_stderr=_of_draws(account),
    )


def _of_draws(account: Account) -> float | None:
    """How far other draws of the same answers would move the mean; None from single draws."""
    found = noise([row for _, row in account.by_sample()]) if account.repeats > 1 else None
    return None if found is None else found.from_sampling


def _around(account: Account, interval: Interval | None) -> Interval | None:
    """The interval, widened to the mean: answers of a batch that was cut short count in that."""
    if interval is None:
        return None
    return min(interval[0], account.mean), max(interval[1], account.mean)


def _counts(account: Account) -> dict[str, int]:
    outcomes = account.outcomes
    return {
        "unparsed": outcomes[Outcome.UNPARSED],
        "truncated": outcomes[Outcome.TRUNCATED],
        "refused": outcomes[Outcome.REFUSED],
        "failed": account.failed,
    }


def _reason(one: Standing, contest: Contest, measured: Sequence[Standing]) -> str:
    race, name, status = contest.race, one.name, one.status
    if name in contest.rejected:
        return contest.rejected[name]
    if name in race.withdrawn:
        return race.withdrawn[name]
    tolerance = points(race.settings.tolerance)
    near = f"at most {tolerance} below the best"
    if status is Status.OPEN and race.evaluated(name) and race.harmless(name):
        settled = "which was enough: it was asked no further"
        return f"at most {tolerance} above the winner is shown, {settled}"
    words = {
        Status.WINNER: f"shown to be {near}" if len(contest.accounts) > 1 else "the only candidate",
        Status.WITHIN: f"shown to be {near}",
        Status.BEATEN: "shown to be worse than the best",
        Status.OPEN: unproven(one, measured) if name == race.winner else "not settled",
    }
    return f"{words[status]} after {race.evaluated(name)} samples"


def _rank(standing: Standing) -> tuple[int, float]:
    return _ORDER[standing.status], -(standing.score or 0.0)
