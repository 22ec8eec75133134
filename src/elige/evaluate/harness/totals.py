"""Metrics over a whole file: lm-eval's own aggregation, and an interval around it."""

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any  # lm-eval's values have many types

import numpy as np

from elige.evaluate.harness.exam import Exam
from elige.evaluate.harness.metrics import Aggregation, Metric, Values, aggregation, number
from elige.evaluate.harness.select import Weighing
from elige.records import Figure, Interval
from elige.stats import bootstrap_interval, score_interval
from elige.stats.resample import Indexes

_DRAWS = 1000
# These count words of every text anew at each draw; lm-eval takes a hundred, too.
_SLOW, _SLOW_DRAWS = {"bleu", "chrf", "chrf++", "ter"}, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One task with the metrics of each of its answered documents."""

    exam: Exam
    values: Sequence[Values]


@dataclass(frozen=True, slots=True)
class _Stratum:
    """One task's values of one metric, and how they are summed up."""

    items: Sequence[Any]
    sum_up: Aggregation


def totals(
    parts: Sequence[Part], weighing: Sequence[Weighing], *, confidence: float, seed: int
) -> tuple[Figure, ...]:
    """Each metric over all answers, the chosen one first.

    Several tasks are summed up as their group says; a group that says nothing has the plain
    mean over all documents, and only of metrics that are means.
    """
    if not parts:
        return ()
    found = [
        figure
        for metric in _ordered(parts[0].exam)
        if (figure := _figure(metric, parts, weighing, confidence=confidence, seed=seed))
    ]
    return tuple(found)


def _ordered(exam: Exam) -> Iterator[Metric]:
    yield exam.metric
    yield from (one for one in exam.metrics if one != exam.metric)


def _figure(
    metric: Metric,
    parts: Sequence[Part],
    weighing: Sequence[Weighing],
    *,
    confidence: float,
    seed: int,
) -> Figure | None:
    """One metric's figure; None where it was never given, or the tasks have no common one."""
    strata = list(_strata(metric, parts))
    by_size = True
    if len(parts) > 1:
        rule = _rule(metric, weighing)
        if rule is None and (weighing or not metric.is_mean):
            return None
        by_size = rule is None or rule.by_size
    if not strata:
        return None
    value = _combined(strata, by_size=by_size)
    is_mean = metric.is_mean and (by_size or len(strata) == 1)
    interval, method = _spread(metric, strata, is_mean, by_size, (confidence, seed))
    return Figure(
        name=metric.key,
        value=value,
        interval=interval,
        method=method,
        samples=sum(len(one.items) for one in strata),
        higher_is_better=metric.higher_is_better,
        is_mean=is_mean,
    )


def _strata(metric: Metric, parts: Sequence[Part]) -> Iterator[_Stratum]:
    for part in parts:
        items = [values[metric.place] for values in part.values if metric.place in values]
        if items:
            yield _Stratum(items, aggregation(part.exam.task, metric.name))


def _rule(metric: Metric, weighing: Sequence[Weighing]) -> Weighing | None:
    for one in weighing:
        if one.metric == metric.name and (one.filters is None or metric.filter in one.filters):
            return one
    return None


def _combined(strata: Sequence[_Stratum], *, by_size: bool) -> float:
    figures = [float(one.sum_up(list(one.items))) for one in strata]
    weights = [len(one.items) if by_size else 1 for one in strata]
    pairs = zip(figures, weights, strict=True)
    return sum(figure * weight for figure, weight in pairs) / sum(weights)


def _spread(
    metric: Metric,
    strata: Sequence[_Stratum],
    is_mean: bool,
    by_size: bool,
    settings: tuple[float, int],
) -> tuple[Interval | None, str]:
    """The interval of a metric and how it was made; None where no resample can be summed up."""
    confidence, seed = settings
    numbers = [number(item) for one in strata for item in one.items]
    plain = [value for value in numbers if value is not None]
    if is_mean and len(plain) == len(numbers) and all(0.0 <= value <= 1.0 for value in plain):
        return score_interval(plain, confidence=confidence)
    owners = np.repeat(np.arange(len(strata)), [len(one.items) for one in strata])
    items = [item for one in strata for item in one.items]

    def at(chosen: Indexes) -> float:
        drawn = [
            _Stratum([items[place] for place in chosen if owners[place] == at], one.sum_up)
            for at, one in enumerate(strata)
        ]
        return _combined([one for one in drawn if one.items], by_size=by_size)

    draws = _SLOW_DRAWS if metric.name in _SLOW else _DRAWS
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            interval = bootstrap_interval(
                at, samples=len(items), draws=draws, confidence=confidence, seed=seed
            )
    except Exception:  # a resample of one class has no F1, for one; each library says so otherwise
        return None, ""
    if any(math.isnan(end) for end in interval):
        return None, ""
    return interval, f"percentile bootstrap, {draws:,} resamples"
