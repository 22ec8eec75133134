"""Confidence sequences, e-processes, intervals, resampling: arithmetic only."""

from elige.stats.intervals import upper_limit, wilson_interval
from elige.stats.power import more_from_list, samples_needed, visible_gap
from elige.stats.resample import (
    Bootstrap,
    Indexes,
    Statistic,
    bootstrap_interval,
    compared,
    middle,
    paired_bootstrap,
    percentile,
    resampled,
)
from elige.stats.scores import score_interval
from elige.stats.sequences import difference_interval, interval_course, mean_interval
from elige.stats.wealth import STAKES, Bets, bets, grown, put_in

__all__ = [
    "STAKES",
    "Bets",
    "Bootstrap",
    "Indexes",
    "Statistic",
    "bets",
    "bootstrap_interval",
    "compared",
    "difference_interval",
    "grown",
    "interval_course",
    "mean_interval",
    "middle",
    "more_from_list",
    "paired_bootstrap",
    "percentile",
    "put_in",
    "resampled",
    "samples_needed",
    "score_interval",
    "upper_limit",
    "visible_gap",
    "wilson_interval",
]
