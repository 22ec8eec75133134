"""The answers that combinations are made of, and the three parts that they are split into."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from elige.engines.combined import Question, Reading
from elige.records import Answer
from elige.text import digest

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Unit = Literal["usd", "seconds"]

LEAST = 24
"""With fewer common samples there are no three parts worth the name."""

_FITTED, _CHOSEN = 0.3, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What every member answered to the same samples. Members stand from cheap to dear.

    `scores` and `costs` have a row for each member and a column for each sample, `unit` is that
    of the costs. `labels` name the cluster of each sample. `judge` scores an answer that no
    member gave to a sample by its place; None where that cannot be done here.
    """

    names: tuple[str, ...]
    answers: tuple[tuple[Answer, ...], ...]
    scores: Array
    costs: Array
    unit: Unit
    questions: tuple[Question, ...]
    labels: tuple[str, ...]
    reading: Reading = "text"
    normalise: str = "plain"
    judge: Callable[[int, Answer], float] | None = None

    @property
    def weighed(self) -> tuple[bool, ...]:
        """Which members weighed choices throughout."""
        return tuple(all(one.weighed for one in row) for row in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Places of samples: to fit on, to choose on, to judge on. No cluster is in two of them."""

    fit: Places
    choose: Places
    judge: Places


def parts_of(labels: Sequence[str], seed: int = 0) -> Parts:
    """Three parts of 30, 30 and 40 % of the samples, drawn by a hash of their clusters' names."""
    clusters: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        clusters.setdefault(label, []).append(at)
    drawn = sorted(clusters, key=lambda label: digest([seed, label]))
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    done = 0
    for label in drawn:
        share = done / len(labels)
        part = 0 if share < _FITTED else 1 if share < _FITTED + _CHOSEN else 2
        parts[part].extend(clusters[label])
        done += len(clusters[label])
    fit, choose, judge = (np.array(sorted(part), dtype=np.int64) for part in parts)
    return Parts(fit=fit, choose=choose, judge=judge)
