"""How far two raters agree: beyond chance, and in rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

import numpy as np
from numpy.typing import NDArray

from elige.records import Interval
from elige.stats.intervals import wilson_interval

Values = NDArray[np.float64]

# The usual words for kappa (Landis and Koch 1977); they are a convention, no law.
_WORDS = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"))
BELIEVED, DOUBTED = 0.6, 0.4
_DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A judge beside people, on `count` answers.

    `rate` is the share of equal verdicts, `chance` what two raters with these habits would reach
    by chance, `kappa` the gain over chance (Cohen 1960); for grades `kappa` weighs a
    disagreement by the square of its size (Cohen 1968), and `spearman` compares ranks.
    """

    count: int
    rate: float
    rate_interval: Interval
    chance: float
    kappa: float | None
    kappa_interval: Interval | None
    weighted: bool = False
    spearman: float | None = None

    @property
    def word(self) -> str:
        """Kappa in a word."""
        if self.kappa is None:
            return "undefined"
        return next((word for least, word in _WORDS if self.kappa >= least), "slight")

    @property
    def belief(self) -> str:
        """Whether the judge is good enough to be believed, as far as these labels tell."""
        if self.kappa_interval is None:
            return "one side always says the same, so these labels cannot tell"
        if self.kappa_interval[0] >= BELIEVED:
            return "good enough to be believed on answers like these"
        if self.kappa_interval[1] < DOUBTED:
            return "not good enough to be believed"
        return "to be used with care: more labels would tell"

    def facts(self) -> dict[str, Any]:
        """The agreement as an object of JSON."""
        kappa = self.kappa_interval
        return {
            "labels": self.count,
            "accuracy": self.rate,
            "accuracy_interval": list(self.rate_interval),
            "chance": self.chance,
            "kappa": self.kappa,
            "kappa_interval": None if kappa is None else list(kappa),
            "weighted": self.weighted,
            "spearman": self.spearman,
            "word": self.word,
            "belief": self.belief,
        }


def agreement(
    pairs: Sequence[tuple[float, float]], *, graded: bool, confidence: float = 0.95, seed: int = 0
) -> Agreement:
    """How far the first rater of `pairs` agrees with the second, their values on [0, 1].

    Kappa's interval is the percentile bootstrap over answers. Raises `ValueError` without pairs.
    """
    if not pairs:
        raise ValueError("no pairs")
    first, second = (np.asarray(side, dtype=float) for side in zip(*pairs, strict=True))
    equal = int(np.sum(first == second))
    found = kappa(first, second, weighted=graded)
    return Agreement(
        count=len(pairs),
        rate=equal / len(pairs),
        rate_interval=wilson_interval(equal, len(pairs), confidence=confidence),
        chance=_chance(first, second, weighted=False),
        kappa=found,
        kappa_interval=None
        if found is None
        else _bootstrapped(first, second, graded=graded, confidence=confidence, seed=seed),
        weighted=graded,
        spearman=spearman(first, second) if graded else None,
    )


def kappa(first: Values, second: Values, *, weighted: bool) -> float | None:
    """Cohen's kappa, with squared weights if `weighted`; None when chance agreement is whole."""
    weights = _closeness(first, second, weighted=weighted)
    chance = _chance(first, second, weighted=weighted)
    return None if chance >= 1.0 else float((weights.mean() - chance) / (1.0 - chance))


def spearman(first: Values, second: Values) -> float | None:
    """The correlation of ranks, ties sharing theirs; None when one side never differs."""
    ranks = _ranks(first), _ranks(second)
    if min(float(side.std()) for side in ranks) == 0.0:
        return None
    return float(np.corrcoef(*ranks)[0, 1])


def _closeness(first: Values, second: Values, *, weighted: bool) -> Values:
    if weighted:
        return np.asarray(1.0 - (first - second) ** 2)
    return np.asarray(first == second, dtype=float)


def _chance(first: Values, second: Values, *, weighted: bool) -> float:
    """The mean closeness of every value of one side with every value of the other."""
    (left, left_counts), (right, right_counts) = (
        np.unique(side, return_counts=True) for side in (first, second)
    )
    close = _closeness(left[:, None], right[None, :], weighted=weighted)
    return float(left_counts @ close @ right_counts) / len(first) ** 2


def _bootstrapped(
    first: Values, second: Values, *, graded: bool, confidence: float, seed: int
) -> Interval:
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(_DRAWS):
        chosen = generator.integers(0, len(first), len(first))
        value = kappa(first[chosen], second[chosen], weighted=graded)
        # A resample in which all say the same is whole agreement, and no gain over chance.
        found.append(0.0 if value is None else value)
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(found, [tail, 100.0 - tail])
    return float(low), float(high)


def _ranks(values: Values) -> Values:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle = last - (counts - 1) / 2.0
    return np.asarray(middle[places], dtype=float)
