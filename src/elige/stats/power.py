"""What a number of samples can show: estimates before and during a race.

A bet at the best stake on a payoff with distance g above the null's mean and variance v gains
about g^2 / (2 (v + g^2)) nats a sample, and needs log(1/alpha) of them, plus what not knowing
the best stake costs. Without replacement n of N samples count as n N / (N - n).
"""

from math import ceil, log, sqrt

LEARNING = 1.4
"""Nats lost by splitting the money over a few stakes, about."""


def samples_needed(gap: float, *, variance: float, nats: float) -> float:
    """Samples (with replacement) in which a bet on `gap` gains `nats`; infinite for no gap."""
    if gap <= 0.0:
        return float("inf")
    return nats * 2.0 * (variance + gap * gap) / (gap * gap)


def more_from_list(needed: float, *, drawn: int, size: int) -> int:
    """How many more of a list of `size` do the work of `needed` more drawn with replacement.

    `drawn` of them are drawn already.
    """
    left = size - drawn
    if needed == float("inf"):
        return left
    return min(left, ceil(left * needed / (left + needed))) if left > 0 else 0


def visible_gap(
    samples: int,
    *,
    confidence: float,
    candidates: int,
    variance: float = 0.25,
    size: int | None = None,
) -> float:
    """The smallest mean difference (0 to 1) that so many samples are expected to show.

    `variance` is that of a paired difference of scores: 0.25 is typical of right and wrong
    answers of two models of similar strength. `size` is the length of the list, None for a
    population. An estimate; 0.0 when the samples are the whole list, 1.0 when nothing shows.
    """
    if size is not None and samples >= size:
        return 0.0
    if samples < 1 or confidence >= 1.0:
        return 1.0
    worth = samples if size is None else samples * size / (size - samples)
    nats = log(max(candidates, 1) / (1.0 - confidence)) + LEARNING
    if worth <= 2.0 * nats:
        return 1.0
    return min(1.0, sqrt(2.0 * nats * variance / (worth - 2.0 * nats)))
