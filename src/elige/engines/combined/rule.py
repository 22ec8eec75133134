"""What every combination decides: whom to ask next, and what the answer is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from elige.engines.combined.features import features
from elige.records import Answer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Answers = Mapping[int, Answer]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a combination knows of a question before anybody is asked."""

    text: str
    group: str = ""

    @cached_property
    def row(self) -> "NDArray[np.float64]":
        """The question as numbers; a trial asks for them once for every router it tries."""
        return features(self.text, self.group)


class Rule(Protocol):
    """How members become one; they are numbered in their order."""

    @property
    def words(self) -> str:
        """The rule in a few words, without names."""
        ...

    def ask(self, question: Question, answers: Answers) -> tuple[int, ...]:
        """The members to ask now, given the answers so far; () when they suffice."""
        ...

    def is_last(self, question: Question, answers: Answers, member: int) -> bool:
        """Whether what `member` says is the answer, whatever it says."""
        ...

    def answer(self, question: Question, answers: Answers) -> Answer:
        """The answer, once nobody is to be asked any more; one of `answers`, or out of them."""
        ...


def billed(answer: Answer, all_: Sequence[Answer]) -> Answer:
    """`answer` with the tokens, seconds and costs of everybody who was asked."""
    costs = [one.cost for one in all_ if one.cost is not None]
    return replace(
        answer,
        prompt_tokens=sum(one.prompt_tokens for one in all_),
        completion_tokens=sum(one.completion_tokens for one in all_),
        reasoning_tokens=sum(one.reasoning_tokens for one in all_),
        seconds=sum(one.seconds for one in all_),
        cost=sum(costs, Decimal(0)) if len(costs) == len(all_) else None,
    )
