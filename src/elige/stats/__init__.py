"""Confidence sequences, e-processes, intervals, resampling: arithmetic only."""

from elige.stats.agreement import Agreement, agreement
from elige.stats.difference import DifferenceBars, difference_bars, e_value, tango_interval
from elige.stats.error_bars import FEW_CLUSTERS, ErrorBars, clustered_stderr, error_bars
from elige.stats.intervals import (
    median_interval,
    share_interval,
    upper_limit,
    wilson_interval,
)
from elige.stats.paired import Paired, holm, mcnemar_exact, paired_test, sign_flip
from elige.stats.power import more_from_list, samples_needed, visible_gap
from elige.stats.repeats import Noise, noise, pass_all, pass_at
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
from elige.stats.student import t_cdf, t_quantile
from elige.stats.wealth import Bets, bets, course, grown, put_in, stake_grid

__all__ = [
    "Agreement",
    "agreement",
    "FEW_CLUSTERS",
    "Bets",
    "Bootstrap",
    "DifferenceBars",
    "Indexes",
    "Statistic",
    "Paired",
    "bets",
    "bootstrap_interval",
    "compared",
    "course",
    "ErrorBars",
    "Noise",
    "clustered_stderr",
    "difference_bars",
    "difference_interval",
    "e_value",
    "error_bars",
    "grown",
    "holm",
    "interval_course",
    "mcnemar_exact",
    "mean_interval",
    "median_interval",
    "middle",
    "more_from_list",
    "noise",
    "paired_bootstrap",
    "paired_test",
    "pass_all",
    "pass_at",
    "percentile",
    "put_in",
    "resampled",
    "samples_needed",
    "score_interval",
    "sign_flip",
    "stake_grid",
    "share_interval",
    "t_cdf",
    "t_quantile",
    "tango_interval",
    "upper_limit",
    "visible_gap",
    "wilson_interval",
]
