"""How small a difference the samples of a race let one see."""

from math import sqrt

from elige.choose.amounts import count, points
from elige.records import Status, Verdict


def power_words(verdict: Verdict) -> str:
    """'With N samples a gap of G points can be seen.', and what the whole file would show.

    G is half the width of the narrowest interval of a difference to the leader: a gap as large as
    that leaves nothing out. For the whole file it shrinks with the square root of the samples,
    which is an estimate. '' where nothing was compared or everything was counted.
    """
    found = [
        ((high - low) / 2, one.evaluated)
        for one in verdict.candidates
        if one.status is not Status.REJECTED and one.name != verdict.winner
        for low, high in [one.difference_interval or (0.0, 0.0)]
        if high > low and one.evaluated
    ]
    if not found or verdict.confidence >= 1:
        return ""
    gap, seen = min(found)
    told = f"With {count(seen, 'sample')} a gap of {points(round(gap, 3))} can be seen"
    if not 0 < seen < verdict.samples or verdict.scope != "future":
        return f"{told}."
    rest = points(round(gap * sqrt(seen / verdict.samples), 3))
    return f"{told}; all {verdict.samples:,} would show one of about {rest} (estimated)."
