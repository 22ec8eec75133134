"""The interval of a mean score at a number of samples fixed beforehand, and how it was made."""

from collections.abc import Sequence

from elige.records import Interval
from elige.stats.intervals import wilson_interval
from elige.stats.sequences import mean_interval


def score_interval(values: Sequence[float], *, confidence: float = 0.95) -> tuple[Interval, str]:
    """Wilson's for right and wrong; for scores in between one that needs no assumption.

    The second part names the method. Without values it is (0, 1).
    """
    if all(value in {0.0, 1.0} for value in values):
        hits = sum(value == 1.0 for value in values)
        return wilson_interval(hits, len(values), confidence=confidence), "Wilson"
    return mean_interval(values, alpha=1.0 - confidence), "betting confidence sequence"
