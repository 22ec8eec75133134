"""The metrics of a task by name, and which of them is the score."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any  # lm-eval has no types

from elige.errors import NotFound
from elige.evaluate.harness.library import library

Values = Mapping[tuple[str, str], Any]
Aggregation = Callable[[Sequence[Any]], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric under one filter of the answers.

    `is_score` says whether it is the mean of numbers from 0 to 1, the higher the better: then
    it can be a sample's score, and race.
    """

    name: str
    filter: str
    is_score: bool
    is_mean: bool
    higher_is_better: bool | None

    @property
    def key(self) -> str:
        """As lm-eval writes it, without the filter that does nothing."""
        return self.name if self.filter == "none" else f"{self.name},{self.filter}"

    @property
    def place(self) -> tuple[str, str]:
        """Where its values stand."""
        return self.name, self.filter


def metrics_of(task: Any, tried: Sequence[Values]) -> tuple[Metric, ...]:  # noqa: ANN401
    """The metrics in the task file's order, each under every filter; `tried` are trial values."""
    found = list(dict.fromkeys(place for values in tried for place in values))
    if not found:
        filters = [one.name for one in task._filters]
        found = [(name, filter_) for name in task.aggregation() for filter_ in filters]
    names = list(dict.fromkeys(name for name, _ in found))
    ordered = sorted(found, key=lambda place: names.index(place[0]))
    return tuple(_metric(task, place, tried) for place in ordered)


def aggregation(task: Any, name: str) -> Aggregation:  # noqa: ANN401 - lm-eval has no types
    """How the task sums a metric up; a metric without a word on it by its mean, as in lm-eval."""
    found: Aggregation = task.aggregation().get(name) or library("lm_eval.api.metrics").mean
    return found


def chosen(metrics: Sequence[Metric], wanted: str) -> Metric:
    """The metric called `wanted`; for '' the first that can be a score, else the first.

    Raises `NotFound` for a name that no metric has.
    """
    if not wanted:
        return next((one for one in metrics if one.is_score), metrics[0])
    for one in metrics:
        if wanted in {one.key, one.name, f"{one.name},{one.filter}"}:
            return one
    raise NotFound("metric of this task", wanted, [one.key for one in metrics])


def number(value: object) -> float | None:
    """`value` as a plain number; None for anything else, pairs and lists among it."""
    item = getattr(value, "item", None)  # NumPy's scalars
    plain = item() if callable(item) and getattr(value, "ndim", 0) == 0 else value
    return float(plain) if isinstance(plain, Real) else None


def _metric(task: Any, place: tuple[str, str], tried: Iterable[Values]) -> Metric:  # noqa: ANN401
    name, filter_ = place
    means = library("lm_eval.api.metrics")
    is_mean = aggregation(task, name) in (means.mean, means.nanmean)
    seen = [number(values[place]) for values in tried if place in values]
    higher = task.higher_is_better().get(name)
    fits = all(value is not None and 0.0 <= value <= 1.0 for value in seen)
    return Metric(
        name=name,
        filter=filter_,
        is_score=is_mean and fits and higher is not False,
        is_mean=is_mean and all(value is not None for value in seen),
        higher_is_better=higher,
    )
