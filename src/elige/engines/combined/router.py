"""A router: the question alone decides which member is asked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from elige.engines.combined.rule import Answers, Question
from elige.records import Answer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """Asks the cheapest member whose expected score is at most `slack` below the highest.

    `weights` has a row for each member, cheapest first: a logistic model over `features`.
    """

    kind: Literal["router"] = "router"
    weights: tuple[tuple[float, ...], ...]
    slack: float = 0.0

    @property
    def words(self) -> str:
        """The rule in a few words, without names."""
        near = f", if at most {100 * self.slack:g} points worse" if self.slack else ""
        return f"asks whom the question's length, group and words speak for{near}"

    def ask(self, question: Question, answers: Answers) -> tuple[int, ...]:
        """The one that is chosen for this question."""
        return () if answers else (self.chosen(question.row),)

    def is_last(self, question: Question, answers: Answers, member: int) -> bool:
        """Always: nobody else is asked."""
        return True

    def answer(self, question: Question, answers: Answers) -> Answer:
        """What the one says."""
        return next(iter(answers.values()))

    def chosen(self, row: "NDArray[np.float64]") -> int:
        """Which member is asked the question that `row` describes."""
        import numpy as np

        expected = 1.0 / (1.0 + np.exp(-np.clip(np.asarray(self.weights) @ row, -30.0, 30.0)))
        return int(np.argmax(expected >= expected.max() - self.slack))
