"""One candidate's answer to one sample."""

from dataclasses import dataclass

from elige.records.answer import Answer
from elige.records.score import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKey:
    """Under what an answer is kept: who was asked, what was sent, and the how-manyth time."""

    candidate: str
    sent: str
    repeat: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """An answer with its score. `cached` says that it was already paid for."""

    candidate: str
    sample: str
    key: AnswerKey
    answer: Answer
    score: Score
    cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An engine's failure on one sample: no answer, to be asked again on resume."""

    candidate: str
    sample: str
    why: str
