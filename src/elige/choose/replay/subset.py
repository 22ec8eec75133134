"""A random subset of fixed size, asked of everybody; what most leaderboards do to save money.

Small fixed subsets as a stand-in for whole benchmarks: Maia Polo et al., "tinyBenchmarks" (ICML
2024), from whom the size of 100 is; here the samples are random and the score is the plain mean.
"""

import numpy as np

from elige.choose.replay.desk import Desk
from elige.choose.replay.terms import Ending, Method, Terms, silent


def subset(count: int) -> Method:
    """Ask everybody the first `count` samples, return the highest mean, say nothing."""

    def run(desk: Desk, terms: Terms) -> Ending:
        desk.ask_each(range(desk.candidates), min(count, desk.samples))
        return silent(int(np.argmax(desk.means())), desk.candidates)

    return run
