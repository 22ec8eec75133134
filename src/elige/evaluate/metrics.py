"""Statistics of scored answers: the confusion matrix, macro-F1, and how answers ended."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elige.records import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReport:
    """How well one class was told apart.

    `precision` is None when the class was never predicted, `recall` when it never occurred.
    `f1` is 2 TP / (2 TP + FP + FN), and 0 when the class neither occurred nor was predicted.
    """

    label: str
    precision: float | None
    recall: float | None
    f1: float
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionMatrix:
    """How often each true class was read as which.

    `counts` has one row for each label, in their order; its columns are the labels, then the
    answers that could be read as none of them (`unparsed`).
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        """All answers, the unparsed ones too."""
        return sum(map(sum, self.counts))

    @property
    def unparsed(self) -> int:
        """Answers that could be read as none of the labels."""
        return sum(row[-1] for row in self.counts)

    @property
    def accuracy(self) -> float:
        """The share of answers with the right label; an unparsed one is not right."""
        right = sum(self.counts[index][index] for index in range(len(self.labels)))
        return right / self.total if self.total else 0.0

    @property
    def classes(self) -> tuple[ClassReport, ...]:
        """Precision, recall and F1 of each label; an unparsed answer is a miss of its class."""
        return tuple(self._class(index) for index in range(len(self.labels)))

    @property
    def macro_f1(self) -> float:
        """The plain mean of F1 over the labels that occurred or were predicted."""
        return macro_f1(np.asarray(self.counts, dtype=np.int64)) if self.counts else 0.0

    def _class(self, index: int) -> ClassReport:
        hits = self.counts[index][index]
        support = sum(self.counts[index])
        predicted = sum(row[index] for row in self.counts)
        return ClassReport(
            label=self.labels[index],
            precision=hits / predicted if predicted else None,
            recall=hits / support if support else None,
            f1=2 * hits / (support + predicted) if support + predicted else 0.0,
            support=support,
        )


def confusion_matrix(
    pairs: Iterable[tuple[str, str]], labels: Sequence[str] = ()
) -> ConfusionMatrix:
    """The matrix of (true label, predicted label) pairs; any other prediction is unparsed.

    Labels keep the order given; true labels not among them follow in the order met.
    """
    counted = Counter(pairs)
    names = tuple(dict.fromkeys([*labels, *(target for target, _ in counted)]))
    place = {name: index for index, name in enumerate(names)}
    rows = [[0] * (len(names) + 1) for _ in names]
    for (target, predicted), count in counted.items():
        rows[place[target]][place.get(predicted, len(names))] += count
    return ConfusionMatrix(labels=names, counts=tuple(tuple(row) for row in rows))


def macro_f1(counts: NDArray[np.int64]) -> float:
    """The mean of F1 over the labels that occurred or were predicted, of a matrix's counts."""
    hits = np.diagonal(counts)
    occurred = counts.sum(axis=1) + counts[:, : len(counts)].sum(axis=0)
    seen = occurred > 0
    return float((2 * hits[seen] / occurred[seen]).mean()) if seen.any() else 0.0


def mean(scores: Iterable[Score]) -> float | None:
    """The plain mean of the scores' values, None of no scores."""
    values = [score.value for score in scores]
    return sum(values) / len(values) if values else None


def part_values(scores: Iterable[Score]) -> dict[str, list[float]]:
    """The values of each named part over the scores that have it, in the order met."""
    values: dict[str, list[float]] = {}
    for score in scores:
        for name, value in score.parts:
            values.setdefault(name, []).append(value)
    return values
