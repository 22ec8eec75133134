"""A figure of a whole task, as the task itself defines it."""

from dataclasses import dataclass

from elige.records.verdict import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A task's own figure (an accuracy, a perplexity) in its own unit, with its interval.

    `method` names how the interval was made; None of both where there is none. `higher_is_better`
    is None when the task does not say. `is_mean` says whether it is the mean over the samples.
    """

    name: str
    value: float
    interval: Interval | None = None
    method: str = ""
    samples: int
    higher_is_better: bool | None = None
    is_mean: bool = True
