"""Rules fitted on the first part: thresholds of cascades, weights of routers, who votes."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal

import numpy as np

from elige.choose.combine.option import Aim, Option, played
from elige.choose.combine.table import Array, Places, Table
from elige.engines.combined import Cascade, Ensemble, Router
from elige.engines.combined.cascade import Signal, sureness

# Shares of the questions that a cascade may hand over.
_SHARES = np.linspace(0.1, 0.9, 17)
# How much worse than the best a router may expect a cheaper member to be.
_SLACKS = (0.0, 0.03, 0.1)
# So many members at the top are handed over to.
_TOP = 3
# The weights of a router are held down as by so many made-up questions (ridge).
_RIDGE = 3.0
_STEPS = 25


def fitted(table: Table, fit: Places, aim: Aim) -> Iterator[Option]:
    """Every combination that is worth a try, its numbers fitted on the samples `fit`."""
    means = table.scores[:, fit].mean(axis=1)
    ranked = [int(at) for at in np.argsort(-means, kind="stable")]
    best = float(means.max())
    for dear in ranked[:_TOP]:
        for cheap in range(dear):
            yield from _cascades(table, (cheap, dear), fit, (aim, best))
        for first, second in combinations(range(dear), 2):
            pair = (first, second) if means[first] >= means[second] else (second, first)
            rule = Cascade(signal="agreement", reading=table.reading, normalise=table.normalise)
            yield Option(members=(*pair, dear), rule=rule)
    yield from _routers(table, ranked, fit)
    yield from _ensembles(table, ranked)


def _cascades(
    table: Table, pair: tuple[int, int], fit: Places, aim: tuple[Aim, float]
) -> Iterator[Option]:
    """For each signal that the cheap member gives, the threshold that did best."""
    for signal in _signals(table, pair[0], fit):
        row = [sureness(table.answers[pair[0]][at], signal, table.normalise) for at in fit.tolist()]
        threshold = _threshold(np.array(row), table, pair, fit, aim)
        if threshold is not None:
            rule = Cascade(signal=signal, threshold=threshold, normalise=table.normalise)
            yield Option(members=pair, rule=rule)


def _signals(table: Table, cheap: int, fit: Places) -> list[Signal]:
    if table.weighed[cheap]:
        return ["margin"]
    lengths = {table.answers[cheap][at].completion_tokens for at in fit.tolist()}
    return ["length"] if len(lengths) > 1 else []


def _threshold(
    sure: Array, table: Table, pair: tuple[int, int], fit: Places, aim: tuple[Aim, float]
) -> float | None:
    known = sure[np.isfinite(sure)]
    if not known.size:
        return None
    cheap, dear = pair
    wanted, best = aim
    ranks = {}
    for threshold in np.unique(np.quantile(known, _SHARES)).tolist():
        kept = sure >= threshold
        score = np.where(kept, table.scores[cheap, fit], table.scores[dear, fit]).mean()
        cost = (table.costs[cheap, fit] + ~kept * table.costs[dear, fit]).mean()
        ranks[threshold] = wanted.rank_of(float(score), float(cost), best)
    return float(max(ranks, key=lambda one: ranks[one]))


def _routers(table: Table, ranked: Sequence[int], fit: Places) -> Iterator[Option]:
    """Routers over all members, and over each pair of those at the top."""
    rows = np.stack([table.questions[at].row for at in fit.tolist()])
    weights = [logistic(rows, table.scores[at, fit]) for at in range(len(table.names))]
    groups = {tuple(sorted(pair)) for pair in combinations(ranked[: _TOP + 1], 2)}
    groups.add(tuple(range(len(table.names))))
    for members in sorted(groups):
        own = tuple(tuple(weights[at].tolist()) for at in members)
        for slack in _SLACKS:
            yield Option(members=members, rule=Router(weights=own, slack=slack))


def logistic(rows: Array, targets: Array) -> Array:
    """Weights w for which 1 / (1 + exp(-rows w)) comes close to `targets` in [0, 1].

    Ridge regression on the logistic scale by Newton's steps; the first weight, of the constant,
    is held down but little.
    """
    ridge = np.full(rows.shape[1], _RIDGE)
    ridge[0] = 0.1
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        expected = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30.0, 30.0)))
        slope = rows.T @ (targets - expected) - ridge * weights
        bend = (rows * (expected * (1.0 - expected))[:, None]).T @ rows + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def _ensembles(table: Table, ranked: Sequence[int]) -> Iterator[Option]:
    """Votes of three and more, means of two and more, the best members first."""
    sizes = sorted({2, 3, 5, len(ranked)} & set(range(2, len(ranked) + 1)))
    for size in sizes:
        members = tuple(ranked[:size])
        if size > 2:
            yield Option(members=members, rule=_ensemble(table, "vote", size))
        if table.judge is not None and all(table.weighed[at] for at in members):
            yield Option(members=members, rule=_ensemble(table, "mean", size))


def _ensemble(table: Table, how: Literal["vote", "mean"], size: int) -> Ensemble:
    return Ensemble(how=how, members=size, reading=table.reading, normalise=table.normalise)


def best_of(
    table: Table, options: Sequence[Option], places: Places, aim: Aim, best_single: float
) -> Option | None:
    """The option that does best on these samples; of equals the first."""
    ranks = [aim.rank(played(table, one, places), best_single) for one in options]
    return options[max(range(len(ranks)), key=lambda at: ranks[at])] if options else None
