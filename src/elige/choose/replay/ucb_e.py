"""UCB-E (Audibert, Bubeck & Munos, "Best arm identification in multi-armed bandits", COLT 2010).

As used on language models by Zhou et al., "On speeding up language model evaluation" (ICLR 2025):
their exploration parameter a = 1 and batches of 32 samples.
"""

import numpy as np

from elige.choose.replay.desk import Desk
from elige.choose.replay.halving import BUDGET
from elige.choose.replay.terms import Ending, Terms, silent
from elige.stats.wealth import Array, Index

EXPLORATION = 1.0
BATCH = 32


def ucb_e(desk: Desk, terms: Terms) -> Ending:
    """Spend a tenth of a full evaluation, always on whoever might be the best; say nothing."""
    batch = 1 if terms.batches == "one" else BATCH
    budget = max(desk.candidates, int(BUDGET * desk.candidates * desk.samples))
    desk.ask_each(range(desk.candidates), min(batch, budget // desk.candidates))
    while (left := budget - int(desk.counts.sum())) > 0:
        index = int(np.argmax(optimism(desk.means(), desk.counts, desk.samples)))
        desk.ask(index, min(int(desk.counts[index]) + min(batch, left), desk.samples))
    return silent(int(np.argmax(desk.means())), desk.candidates)


def optimism(means: Array, counts: Index, samples: int) -> Array:
    """How good each may be: mean + sqrt(a / answers); minus infinity for whom nothing is left."""
    index = means + np.sqrt(EXPLORATION / np.maximum(counts, 1))
    return np.where(counts < samples, index, -np.inf)
