"""What an evaluation's scores show: each with its interval, clusters counted, repeats weighed."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal  # Any: JSON-like values have no better static type

from elige.choose.ledger import Account
from elige.records import Interval, Task
from elige.stats import FEW_CLUSTERS, ErrorBars, Noise, error_bars, noise, pass_all, pass_at

CONFIDENCE = 0.95
_CODE = {"python_tests", "python_output"}
ClusteredBy = Literal["cluster", "group", "identical question", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The mean of one part of the scores (a field of a JSON answer), over those that have it."""

    name: str
    score: float
    interval: Interval
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """What asking each sample several times showed.

    `always` and `ever` are the shares of samples that were fully right every time and at least
    once; `pass_at` and `pass_all` estimate both for k answers, k being 1, 2, 4, ... up to all.
    They are of the samples that were asked every time, and None without any. `of_code` says that
    being right is passing tests, so that pass@k is what people look for.
    """

    asked: int
    answers: int
    noise: Noise | None
    always: ErrorBars | None
    ever: ErrorBars | None
    pass_at: tuple[tuple[int, float], ...] = ()
    pass_all: tuple[tuple[int, float], ...] = ()
    pass_intervals: tuple[tuple[int, Interval], ...] = ()
    of_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every figure that the scores give; `overall` is None when nothing was answered.

    `clustered_by` says what makes samples belong together, '' when none do. `by_group` takes
    the groups for clusters, where these are too few to be the ones of `overall`.
    """

    overall: ErrorBars | None
    clustered_by: ClusteredBy = ""
    by_group: ErrorBars | None = None
    groups: tuple[tuple[str, float, Interval, int], ...] = ()
    parts: tuple[Part, ...] = ()
    repeats: Repeats | None = None

    def notices(self) -> tuple[str, ...]:
        """What to know before the intervals are trusted."""
        overall = self.overall
        if overall is None or not overall.is_shaky:
            return ()
        return (
            f"The samples belong to only {overall.clusters} clusters: below {FEW_CLUSTERS} an "
            "interval is unreliable.",
        )

    def facts(self) -> dict[str, Any]:
        """The figures as an object of JSON."""
        overall = self.overall
        return {
            "interval_method": overall.method if overall else "",
            "stderr": overall.stderr if overall else None,
            "simple_stderr": overall.simple_stderr if overall else None,
            "clusters": overall.clusters if overall else 0,
            "clustered_by": self.clustered_by or None,
            "stderr_by_group": self.by_group.stderr if self.by_group else None,
            "groups": [
                {"group": name, "score": score, "interval": list(pair), "samples": count}
                for name, score, pair, count in self.groups
            ],
            "fields": {
                one.name: {
                    "score": one.score,
                    "interval": list(one.interval),
                    "samples": one.samples,
                }
                for one in self.parts
            },
            "repeats": None if self.repeats is None else _repeats_facts(self.repeats),
        }


def figures(task: Task, account: Account) -> Figures:
    """What the scores in `account` show."""
    positions = [position for position, _ in account.by_sample()]
    if not positions:
        return Figures(overall=None)
    label, why = _clusters(task, account, positions)
    bars = _bars(account, label)
    overall = bars(positions)
    grouped = _members(task, positions)
    few = 1 < len(grouped) < FEW_CLUSTERS and why != "cluster"
    return Figures(
        overall=overall,
        clustered_by=why if overall.is_clustered else "",
        by_group=_bars(account, lambda at: task.samples[at].group or at)(positions)
        if few
        else None,
        groups=tuple(
            (name, found.mean, found.interval, found.samples)
            for name, found in ((name, bars(members)) for name, members in grouped.items())
        ),
        parts=tuple(_part(account, name, label) for name in account.parts),
        repeats=_repeats(task, account, label, overall) if account.repeats > 1 else None,
    )


def _clusters(
    task: Task, account: Account, positions: Sequence[int]
) -> tuple[Callable[[int], Hashable], ClusteredBy]:
    """Which samples belong together: by cluster, by many groups, else as the same question."""
    samples = task.samples
    if any(samples[at].cluster for at in positions):
        return lambda at: samples[at].cluster or account.question(at), "cluster"
    if len({samples[at].group for at in positions} - {""}) >= FEW_CLUSTERS:
        return lambda at: samples[at].group or account.question(at), "group"
    return account.question, "identical question"


def _bars(
    account: Account, label: Callable[[int], Hashable], part: str = ""
) -> Callable[[Sequence[int]], ErrorBars]:
    def bars(positions: Sequence[int]) -> ErrorBars:
        rows = [account.of_sample(at, part) for at in positions]
        return error_bars(
            [sum(row) / len(row) for row in rows],
            [label(at) for at in positions],
            answers=sum(map(len, rows)),
            right_or_wrong=all(value in {0.0, 1.0} for row in rows for value in row),
            confidence=CONFIDENCE,
        )

    return bars


def _members(task: Task, positions: Sequence[int]) -> Mapping[str, list[int]]:
    members: dict[str, list[int]] = {}
    for at in positions:
        if task.samples[at].group:
            members.setdefault(task.samples[at].group, []).append(at)
    return dict(sorted(members.items()))


def _part(account: Account, name: str, label: Callable[[int], Hashable]) -> Part:
    positions = [at for at, _ in account.by_sample(name)]
    found = _bars(account, label, name)(positions)
    return Part(name=name, score=found.mean, interval=found.interval, samples=found.samples)


def _repeats(
    task: Task, account: Account, label: Callable[[int], Hashable], overall: ErrorBars
) -> Repeats:
    tries = account.repeats
    whole = [(at, row) for at, row in account.by_sample() if len(row) == tries]
    right = [sum(value == 1.0 for value in row) for _, row in whole]
    labels = [label(at) for at, _ in whole]

    def share(least: int) -> ErrorBars | None:
        hits = [float(count >= least) for count in right]
        return (
            error_bars(hits, labels, right_or_wrong=True, confidence=CONFIDENCE) if hits else None
        )

    def curve(estimate: Callable[[int, int, int], float]) -> tuple[tuple[int, float], ...]:
        steps = [2**power for power in range(tries.bit_length()) if 2**power < tries] + [tries]
        return tuple(
            (k, sum(estimate(tries, count, k) for count in right) / len(right))
            for k in steps
            if right
        )

    return Repeats(
        asked=tries,
        answers=account.answers,
        noise=noise([row for _, row in account.by_sample()], overall.stderr),
        always=share(tries),
        ever=share(1),
        pass_at=curve(pass_at),
        pass_all=curve(pass_all),
        pass_intervals=tuple(
            (k, _pass_interval([pass_at(tries, count, k) for count in right], labels))
            for k, _ in curve(pass_at)
        ),
        of_code=task.scorer.name in _CODE,
    )


def _pass_interval(estimates: Sequence[float], labels: Sequence[Hashable]) -> Interval:
    """The interval of pass@k: of the mean of what each sample's tries estimate it to be."""
    decided = set(estimates) <= {0.0, 1.0}
    return error_bars(estimates, labels, right_or_wrong=decided, confidence=CONFIDENCE).interval


def _repeats_facts(one: Repeats) -> dict[str, Any]:
    found = one.noise
    return {
        "repeats": one.asked,
        "answers": one.answers,
        "variance_within_samples": found.within if found else None,
        "variance_between_samples": found.between if found else None,
        "stderr_from_sampling": found.from_sampling if found else None,
        "stderr_from_samples": found.from_samples if found else None,
        "stderr_with_twice_the_repeats": found.with_repeats(2 * one.asked) if found else None,
        "always_right": _share_facts(one.always),
        "ever_right": _share_facts(one.ever),
        "pass_at": {str(k): value for k, value in one.pass_at},
        "pass_at_interval": {str(k): list(pair) for k, pair in one.pass_intervals},
        "pass_all": {str(k): value for k, value in one.pass_all},
    }


def _share_facts(share: ErrorBars | None) -> dict[str, Any] | None:
    return None if share is None else {"share": share.mean, "interval": list(share.interval)}
