"""A matrix of scores: models by samples, every cell known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from elige.errors import BadInput
from elige.stats.wealth import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Scores in [0, 1], a row for each of `models` and a column for each sample.

    `name` is the path of its file.
    """

    name: str
    models: tuple[str, ...]
    scores: Array

    @property
    def samples(self) -> int:
        """How many samples everybody answered."""
        return int(self.scores.shape[1])


def checked_matrix(name: str, models: Sequence[str], scores: Array) -> Matrix:
    """The matrix, if it can be one.

    Raises `BadInput` for fewer than two models, no samples, names that are empty or there twice,
    and values that are no scores, with the first of them.
    """
    if len(models) < 2 or scores.shape[1] < 1:
        raise BadInput(
            f"{name} has {_count(len(models), 'model')} and {_count(scores.shape[1], 'sample')}.",
            hint="Give a row for each of at least two models, a column for each sample.",
        )
    _check_names(name, models)
    _check_values(name, models, scores)
    return Matrix(name=name, models=tuple(models), scores=scores)


def matrix_of(rows: Iterable[tuple[object, Iterable[object]]], name: str) -> Matrix:
    """A matrix out of pairs of a model's name and its scores.

    Raises `BadInput` as `checked_matrix` does, and for rows of different lengths.
    """
    models, scores = [], []
    for model, values in rows:
        models.append("" if model is None else str(model).strip())
        try:
            scores.append([float(value) for value in values])  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            raise BadInput(
                f"{name}: a score of {models[-1]!r} is no number.", hint=_NUMBERS
            ) from None
        if len(scores[-1]) != len(scores[0]):
            raise BadInput(
                f"{name}: {models[0]!r} has {len(scores[0])} scores, {models[-1]!r} has "
                f"{len(scores[-1])}.",
                hint="Every model has a score of every sample.",
            )
    samples = len(scores[0]) if scores else 0
    return checked_matrix(name, models, np.array(scores, dtype=float).reshape(len(scores), samples))


_NUMBERS = "Scores are numbers from 0 to 1."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _check_names(name: str, models: Sequence[str]) -> None:
    if "" in models:
        raise BadInput(
            f"{name}: model number {models.index('') + 1} has no name.",
            hint="Give every model a name of its own.",
        )
    model, times = Counter(models).most_common(1)[0]
    if times > 1:
        raise BadInput(
            f"{name} has {times} models called {model!r}.",
            hint="Give every model a name of its own.",
        )


def _check_values(name: str, models: Sequence[str], scores: Array) -> None:
    wrong = ~((scores >= 0.0) & (scores <= 1.0))
    if not wrong.any():
        return
    row, column = (int(place) for place in np.argwhere(wrong)[0])
    value = float(scores[row, column])
    hint = _NUMBERS
    if np.isnan(value):
        hint = "Every model has a score of every sample: leave out samples that some lack."
    elif 1.0 < value <= 100.0:
        hint = f"{_NUMBERS} Divide percentages by 100."
    raise BadInput(
        f"{name}: the score of {models[row]!r} on sample {column + 1} is {value:g}.", hint=hint
    )
