"""What an answer is worth, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from elige.records.answer import Answer
from elige.records.sample import Sample


class Outcome(StrEnum):
    """How an answer came to its score; only `SCORED` says anything about being right."""

    SCORED = "scored"
    UNPARSED = "unparsed"
    TRUNCATED = "truncated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Score:
    """A value in [0, 1] and why.

    `extracted` is what was read out of the answer. `predicted` is the class it was read as,
    for tasks with a confusion matrix. `parts` holds scores of parts (fields of a JSON answer).
    """

    value: float
    why: str = ""
    outcome: Outcome = Outcome.SCORED
    extracted: str = ""
    predicted: str = ""
    parts: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a value outside [0, 1]: the race's promise rests on these bounds."""
        if not 0.0 <= self.value <= 1.0:
            raise ValueError(f"a score lies in [0, 1], not {self.value!r}")
        for name, part in self.parts:
            if not 0.0 <= part <= 1.0:
                raise ValueError(f"the part {name!r} of a score lies in [0, 1], not {part!r}")

    @classmethod
    def unparsed(cls, why: str) -> "Score":
        """Nothing that could be scored was found in the answer."""
        return cls(0.0, why, Outcome.UNPARSED)


Scorer = Callable[[Sample, Answer], Score]
