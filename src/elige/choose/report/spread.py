"""How well a candidate's time and cost for one answer are known, out of the answers themselves."""

from math import sqrt

import numpy as np

from elige.choose.report.data import Report
from elige.records import Answer, Interval
from elige.stats import median_interval, t_quantile

_SURE = 0.95


def seconds_spread(report: Report, name: str) -> Interval | None:
    """The 95 % interval of the median time for one answer; None with too few answers."""
    return median_interval([one.seconds for one in _answers(report, name)], confidence=_SURE)


def cost_spread(report: Report, name: str) -> Interval | None:
    """The 95 % interval (Student's t) of what 1,000 answers cost in US dollars.

    None with fewer than two answers, or one without a price.
    """
    costs = [one.cost for one in _answers(report, name)]
    known = np.array([float(cost) for cost in costs if cost is not None])
    if len(known) < 2 or len(known) < len(costs):
        return None
    middle = float(known.mean())
    stderr = float(known.std(ddof=1)) / sqrt(len(known))
    half = t_quantile((1.0 + _SURE) / 2.0, len(known) - 1) * stderr
    return 1000.0 * max(0.0, middle - half), 1000.0 * (middle + half)


def _answers(report: Report, name: str) -> list[Answer]:
    return [row.seen[name].answer for row in report.rows if name in row.seen]
