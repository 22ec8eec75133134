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

    @property
    def shown(self) -> str:
        """Its value for people, with four digits after the point as lm-eval shows it."""
        return _number(self.value)

    @property
    def spread(self) -> str:
        """Its interval for people: '0.2500 to 0.7500', '' for none."""
        return "" if self.interval is None else " to ".join(_number(end) for end in self.interval)

    @property
    def better(self) -> str:
        """Which way is better: 'higher', 'lower', '' when the task does not say."""
        if self.higher_is_better is None:
            return ""
        return "higher" if self.higher_is_better else "lower"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:,.1f}"
