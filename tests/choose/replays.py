"""What the tests of replays share: small matrices, and one draw run by one method."""

from collections.abc import Mapping, Sequence

import numpy as np

from elige.choose.replay import Desk, Ending, Matrix, Method, Terms, checked_matrix
from elige.stats.wealth import Array


def right(shares: Sequence[float], samples: int, seed: int = 0) -> Array:
    """Right and wrong answers, independent, exactly these shares of them right."""
    generator = np.random.default_rng(seed)
    counts = [round(share * samples) for share in shares]
    return np.array([generator.permutation(np.arange(samples) < one) for one in counts]) * 1.0


def matrix(shares: Mapping[str, float], samples: int = 200, seed: int = 0) -> Matrix:
    return checked_matrix("made", list(shares), right(list(shares.values()), samples, seed))


def run(method: Method, scores: Array, terms: Terms | None = None) -> tuple[Desk, Ending]:
    desk = Desk(scores)
    return desk, method(desk, terms or Terms())
