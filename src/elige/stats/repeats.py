"""Samples asked more than once: the noise of sampling apart from that of the samples.

A score y_ij, the j-th of k answers to sample i of n, is taken as m + a_i + e_ij: the sample's own
difficulty and the luck of one draw (a one-way random effects model). The variance of the luck is
pooled over samples, that of the difficulty is what remains of the variance of the samples' means.
Of the variance of m's estimate the luck then makes up var(e) / (n k), which more repeats shrink;
the rest only more samples do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Where the noise of a mean comes from.

    `within` is the variance of answers to one sample, `between` that of the samples' true
    means. The standard errors are of the mean over all samples: `stderr` of both kinds of
    noise, the others of one alone; they add as squares. `repeats` is the mean number of answers
    to a sample.
    """

    within: float
    between: float
    stderr: float
    from_sampling: float
    from_samples: float
    repeats: float

    def with_repeats(self, repeats: int) -> float:
        """The standard error to expect when each sample is asked `repeats` times."""
        luck = self.from_sampling**2 * self.repeats / repeats
        return sqrt(self.from_samples**2 + luck)


def noise(scores: Sequence[Sequence[float]], stderr: float | None = None) -> Noise | None:
    """The noise of the mean of the samples' means; None when no sample has two answers.

    `stderr` is that mean's, where it is known better than from unrelated samples: clustered.
    Samples without an answer are passed over; so is everything when less than two are left.
    """
    rows = [np.asarray(row, dtype=float) for row in scores if len(row)]
    freedom = sum(len(row) - 1 for row in rows)
    if len(rows) < 2 or freedom < 1:
        return None
    within = sum(float(((row - row.mean()) ** 2).sum()) for row in rows) / freedom
    luck = [within / len(row) for row in rows]
    spread = float(np.var([row.mean() for row in rows], ddof=1))
    total = sqrt(spread / len(rows)) if stderr is None else stderr
    from_sampling = min(total, sqrt(sum(luck)) / len(rows))  # a negative rest counts as none
    return Noise(
        within=within,
        between=max(0.0, spread - sum(luck) / len(rows)),
        stderr=total,
        from_sampling=from_sampling,
        from_samples=sqrt(total**2 - from_sampling**2),
        repeats=len(rows) / sum(1 / len(row) for row in rows),
    )


def pass_at(tries: int, right: int, k: int) -> float:
    """The chance that at least one of `k` answers is right, from `right` of `tries` that were.

    1 - C(tries - right, k) / C(tries, k): unbiased for k up to `tries`, as in Chen et al.,
    "Evaluating large language models trained on code" (2021).
    """
    _check(tries, right, k)
    if tries - right < k:
        return 1.0
    missed = 1.0
    for place in range(tries - right + 1, tries + 1):
        missed *= 1.0 - k / place
    return 1.0 - missed


def pass_all(tries: int, right: int, k: int) -> float:
    """The chance that all of `k` answers are right: C(right, k) / C(tries, k), unbiased."""
    _check(tries, right, k)
    return 1.0 - pass_at(tries, tries - right, k)


def _check(tries: int, right: int, k: int) -> None:
    if not 0 <= right <= tries or not 1 <= k <= tries:
        raise ValueError(f"{k} of {tries} tries, {right} of them right")
