"""A cascade: the cheap member first; it hands over when it looks unsure."""

from dataclasses import dataclass
from typing import Literal

from elige.engines.combined.reading import Reading, brevity, margin, said
from elige.engines.combined.rule import Answers, Question
from elige.records import Answer

Signal = Literal["margin", "agreement", "length"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """Member 0 answers unless its `signal` is below `threshold`; then the last one does.

    The signal is the margin of its likeliest choice in nats, or the negative number of tokens it
    wrote. With `agreement` members 0 and 1 are both asked, and member 0 answers if they say the
    same.
    """

    kind: Literal["cascade"] = "cascade"
    signal: Signal
    threshold: float = 0.0
    reading: Reading = "text"
    normalise: str = "plain"

    @property
    def words(self) -> str:
        """The rule in a few words, without names."""
        match self.signal:
            case "margin":
                return f"hands over below a margin of {self.threshold:.3g} nats"
            case "length":
                return f"hands over answers longer than {-self.threshold:g} tokens"
            case "agreement":
                return "hands over when the first two disagree"

    def ask(self, question: Question, answers: Answers) -> tuple[int, ...]:
        """The first ones, then the last if they are not sure."""
        if missing := tuple(at for at in self._first if at not in answers):
            return missing
        return () if self._last in answers or self._is_sure(answers) else (self._last,)

    def is_last(self, question: Question, answers: Answers, member: int) -> bool:
        """Whether it is the last member's turn."""
        return member == self._last

    def answer(self, question: Question, answers: Answers) -> Answer:
        """The last member's answer where it was asked, else the first one's."""
        return answers.get(self._last, answers[0])

    @property
    def _first(self) -> tuple[int, ...]:
        return (0, 1) if self.signal == "agreement" else (0,)

    @property
    def _last(self) -> int:
        return len(self._first)

    def _is_sure(self, answers: Answers) -> bool:
        if self.signal == "agreement":
            both = {said(answers[at], self.reading, self.normalise) for at in (0, 1)}
            return len(both) == 1 and "" not in both
        return sureness(answers[0], self.signal, self.normalise) >= self.threshold


def sureness(answer: Answer, signal: Signal, normalise: str) -> float:
    """What is held against the threshold: the more, the surer."""
    return margin(answer, normalise) if signal == "margin" else brevity(answer)
