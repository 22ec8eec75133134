"""An ensemble: everybody is asked, and they vote or their log-probabilities are averaged."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from elige.engines.combined.reading import Reading, log_shares, said
from elige.engines.combined.rule import Answers, Question
from elige.records import Answer, ContinuationScore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """`members` are asked each question. A vote is won by the answer that most give.

    Of answers with as many votes the one that the earliest member gave wins. `mean` averages each
    choice's log-probability, as a share of its member's; where one did not weigh, they vote.
    """

    kind: Literal["ensemble"] = "ensemble"
    how: Literal["vote", "mean"]
    members: int
    reading: Reading = "text"
    normalise: str = "plain"

    @property
    def words(self) -> str:
        """The rule in a few words, without names."""
        return "majority vote" if self.how == "vote" else "mean log-probability"

    def ask(self, question: Question, answers: Answers) -> tuple[int, ...]:
        """Everybody, once."""
        return tuple(at for at in range(self.members) if at not in answers)

    def is_last(self, question: Question, answers: Answers, member: int) -> bool:
        """Never: the others count as well."""
        return False

    def answer(self, question: Question, answers: Answers) -> Answer:
        """What most say, or the choices with their mean log-probabilities."""
        ordered = [answers[at] for at in sorted(answers)]
        if self.how == "mean" and (found := self._mean(ordered)) is not None:
            return found
        return ordered[self.voted(ordered)]

    def voted(self, ordered: list[Answer]) -> int:
        """The place of the answer that wins the vote; those that say nothing have none."""
        says = [said(one, self.reading, self.normalise) for one in ordered]
        votes = Counter(one for one in says if one)
        return (
            says.index(max(votes, key=lambda one: (votes[one], -says.index(one)))) if votes else 0
        )

    def _mean(self, ordered: list[Answer]) -> Answer | None:
        """Every length counts as one, so that the choice is the same however one normalises."""
        shares = [log_shares(one.weighed, self.normalise) for one in ordered]
        rows = [row for row in shares if row is not None]
        if len(rows) < len(shares) or len({len(row) for row in rows}) != 1:
            return None
        means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        top = means.index(max(means))
        weighed = tuple(
            ContinuationScore(
                logprob=value,
                tokens=1,
                characters=1,
                utf8_bytes=1,
                greedy=at == top,
                unconditional=0.0,
            )
            for at, value in enumerate(means)
        )
        return Answer(weighed=weighed, model="ensemble")
