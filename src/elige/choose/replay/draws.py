"""Draws races out of a matrix and lets every method run each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from elige.choose.replay.costs import Costs
from elige.choose.replay.desk import Desk
from elige.choose.replay.matrix import Matrix
from elige.choose.replay.tally import Tally
from elige.choose.replay.terms import Ending, Method, Terms
from elige.errors import BadInput
from elige.stats.wealth import Array

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is replayed: `models` random rows, `draws` times, by every one of `methods`."""

    methods: Mapping[str, Method]
    terms: Terms = field(default_factory=Terms)
    models: int = 10
    draws: int = 300
    seed: int = 0
    costs: Costs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draw:
    """Scores of some models on all samples in random order, and how far each is below the best."""

    rows: tuple[int, ...]
    scores: Array
    gaps: Array


def prepared(matrix: Matrix, replay: Replay) -> Matrix:
    """The models that are drawn from: those with a cost, if costs are given.

    Raises `BadInput` when there are too few of them.
    """
    if replay.costs:
        known = next(iter(replay.costs.values()))
        priced = [place for place, model in enumerate(matrix.models) if model in known]
        if not priced:
            raise BadInput(
                f"None of the {len(matrix.models)} models of {matrix.name} has a cost.",
                hint=f"They are called {', '.join(matrix.models[:_SHOWN])}, ...",
            )
        models = tuple(matrix.models[place] for place in priced)
        matrix = replace(matrix, models=models, scores=matrix.scores[priced])
    if len(matrix.models) < replay.models:
        with_cost = " with a cost" if replay.costs else ""
        raise BadInput(
            f"{matrix.name} has {len(matrix.models)} models{with_cost}; "
            f"{replay.models} cannot be drawn from them.",
            hint=f"Say --models {len(matrix.models)}, or fewer (at least 2).",
        )
    return matrix


def replayed(matrix: Matrix, replay: Replay) -> Iterator[dict[str, Tally]]:
    """The methods' tallies after each draw; the same dictionary, which goes on growing.

    Every method is given the same draws of a prepared matrix.
    """
    tallies = {name: Tally() for name in replay.methods}
    for draw in draws_of(matrix, replay):
        terms = replace(replay.terms, costs=_costs(matrix, draw, replay))
        # A draw counts for every method or, when it is interrupted, for none.
        done = [_run(method, draw, terms) for method in replay.methods.values()]
        for tally, (desk, ending, seconds) in zip(tallies.values(), done, strict=True):
            tally.note(desk, ending, draw.gaps, terms)
            tally.seconds += seconds
        yield tallies


def draws_of(matrix: Matrix, replay: Replay) -> Iterator[Draw]:
    """The draws: rows without replacement; samples as a permutation of the list, or drawn anew.

    In scope `future` the matrix is the population: each sample is one of its columns at random.
    """
    generator = np.random.default_rng(replay.seed)
    means = matrix.scores.mean(axis=1)
    for _ in range(replay.draws):
        rows = generator.choice(len(matrix.models), replay.models, replace=False)
        if replay.terms.scope == "list":
            order = generator.permutation(matrix.samples)
        else:
            order = generator.integers(0, matrix.samples, matrix.samples)
        gaps = means[rows].max() - means[rows]
        yield Draw(tuple(rows.tolist()), matrix.scores[rows][:, order], gaps)


def _run(method: Method, draw: Draw, terms: Terms) -> tuple[Desk, Ending, float]:
    desk, began = Desk(draw.scores), perf_counter()
    ending = method(desk, terms)
    return desk, ending, perf_counter() - began


def _costs(matrix: Matrix, draw: Draw, replay: Replay) -> dict[str, Array]:
    models = [matrix.models[row] for row in draw.rows]
    return {
        unit: np.array([costs[model] for model in models]) for unit, costs in replay.costs.items()
    }
