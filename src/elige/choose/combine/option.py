"""One way to answer with the members: alone or by a rule, and what it comes to."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from elige.choose.combine.table import Array, Places, Table
from elige.engines.combined import Cascade, Ensemble, Router
from elige.records import Answer

By = Literal["accuracy", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A rule over members of a table, by their places; a single member has none."""

    members: tuple[int, ...]
    rule: Cascade | Router | Ensemble | None = None

    @property
    def family(self) -> str:
        """What it is: 'single', 'cascade', 'router' or 'ensemble'."""
        return "single" if self.rule is None else self.rule.kind

    def words(self, names: tuple[str, ...]) -> str:
        """What it is, with the members' names."""
        mine = [names[at] for at in self.members]
        if self.rule is None:
            return "one model"
        joint = " -> " if self.family == "cascade" else " + "
        return f"{joint.join(mine)}: {self.rule.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """An option's scores and costs on some samples."""

    scores: Array
    costs: Array

    @property
    def score(self) -> float:
        """The mean score."""
        return float(self.scores.mean())

    @property
    def cost(self) -> float:
        """The mean cost of an answer."""
        return float(self.costs.mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What makes one option better than another.

    By accuracy the higher score, then the lower cost; by cost the lower one, as long as the score
    is at most half of `tolerance` below the best single model's: the other half is kept for what
    chance may take when it is judged.
    """

    by: By = "accuracy"
    tolerance: float = 0.01

    def rank(self, one: Played, best_single: float) -> tuple[float, float]:
        """The larger, the better."""
        return self.rank_of(one.score, one.cost, best_single)

    def rank_of(self, score: float, cost: float, best_single: float) -> tuple[float, float]:
        """The same for a mean score and a mean cost."""
        rounded = round(score, 9)
        if self.by == "accuracy":
            return rounded, -cost
        if score >= best_single - self.tolerance / 2.0 - 1e-9:
            return 2.0, -cost
        return rounded, -cost


def played(table: Table, option: Option, places: Places) -> Played:
    """What the option comes to on these samples: its rule decides, as it does when it is run."""
    if option.rule is None:
        at = option.members[0]
        return Played(scores=table.scores[at, places], costs=table.costs[at, places])
    scores, costs = np.empty(len(places)), np.empty(len(places))
    for to, place in enumerate(places.tolist()):
        scores[to], costs[to] = _played_one(table, option, place)
    return Played(scores=scores, costs=costs)


def _played_one(table: Table, option: Option, place: int) -> tuple[float, float]:
    rule, question = option.rule, table.questions[place]
    if rule is None:
        raise ValueError("a single member needs no rule")
    answers: dict[int, Answer] = {}
    while wanted := rule.ask(question, answers):
        answers |= {at: table.answers[option.members[at]][place] for at in wanted}
    cost = sum(float(table.costs[option.members[at], place]) for at in answers)
    found = rule.answer(question, answers)
    for at, one in answers.items():
        if one is found:
            return float(table.scores[option.members[at], place]), cost
    if table.judge is None:
        raise ValueError("an answer that no member gave cannot be judged here")
    return table.judge(place, found), cost
