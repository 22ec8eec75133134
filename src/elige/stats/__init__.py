"""Confidence sequences, e-processes, intervals, resampling: arithmetic only."""

from elige.stats.intervals import upper_limit, wilson_interval
from elige.stats.paired import Paired, holm, mcnemar_exact, paired_test, sign_flip
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
from elige.stats.wealth import Bets, bets, course, grown, put_in, stake_grid

__all__ = [
    "Bets",
    "Bootstrap",
    "Indexes",
    "Statistic",
    "Paired",
    "bets",
    "bootstrap_interval",
    "compared",
    "course",
    "difference_interval",
    "grown",
    "holm",
    "interval_course",
    "mcnemar_exact",
    "mean_interval",
    "middle",
    "more_from_list",
    "paired_bootstrap",
    "paired_test",
    "percentile",
    "put_in",
    "resampled",
    "samples_needed",
    "score_interval",
    "sign_flip",
    "stake_grid",
    "upper_limit",
    "visible_gap",
    "wilson_interval",
]
