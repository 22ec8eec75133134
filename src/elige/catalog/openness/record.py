"""What a grading of openness consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Framework = Literal["mof", "osai", "model"]


class Level(StrEnum):
    """The answer to one of the five questions; unknown is never closed."""

    OPEN = "open"
    PARTIAL = "partial"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Question(StrEnum):
    """The five things that open source means of a model, in the order in which they are asked."""

    DATA = "training_data"
    WEIGHTS = "weights"
    EVALUATION = "evaluation_code"
    TUNING = "fine_tuning_code"
    METRICS = "metrics_and_checkpoints"

    @property
    def label(self) -> str:
        """A few words for people."""
        return _LABELS[self]


_LABELS = {
    Question.DATA: "training data",
    Question.WEIGHTS: "full weights",
    Question.EVALUATION: "evaluation code",
    Question.TUNING: "fine-tuning code",
    Question.METRICS: "training metrics and checkpoints",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question answered, with what was seen and where."""

    question: Question
    level: Level
    evidence: str
    links: tuple[str, ...] = ()


class Met(StrEnum):
    """Whether a demand is met; unknown where the evidence does not reach."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the three parts that the Open Source AI Definition asks for, and why it is met."""

    name: str
    met: Met
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence as stated and as understood; `is_open` and `osi_approved` are None if unknown."""

    stated: str
    key: str
    name: str
    spdx: str
    is_open: bool | None
    osi_approved: bool | None
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of a MOF release, with the licence that holds for it.

    `of_class` is the class (3, 2, 1) that first asks for it, `kind` its content (code, data,
    document). `licence` is None for a component that is there without a licence; `fits` says
    whether an open licence was made for such content.
    """

    name: str
    of_class: int
    kind: str
    required: bool
    licence: Licence | None
    links: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is there under an open licence."""
        return self.licence is not None and self.licence.is_open is True

    @property
    def fits(self) -> bool:
        """Whether its licence was made for this kind of content."""
        return self.licence is not None and self.kind in self.licence.kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class MofGrade:
    """The Model Openness Framework's class (0: unclassified) and the percentage of each class.

    `missing` are the required components that are not there, `closed` those without an open
    licence; both in the framework's order, and both only those that the next class asks for.
    """

    of_class: int
    progress: Mapping[int, float]
    components: tuple[Component, ...]
    missing: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the OSAI index: how open it was found, its weight in [0, 1], and where."""

    name: str
    category: str
    found: str
    weight: float
    notes: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OsaiGrade:
    """The European OSAI index's score in [0, 1]; the categories' means are shown, not averaged."""

    score: float
    categories: Mapping[str, float]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Openness:
    """All that one source says of one model: the five answers and the frameworks' grades."""

    name: str
    producer: str
    framework: Framework
    source: str
    answers: tuple[Answer, ...]
    licence: Licence
    parts: tuple[Part, ...]
    mof: MofGrade | None = None
    osai: OsaiGrade | None = None
    strict: bool = False
    notices: tuple[str, ...] = ()

    @property
    def definition(self) -> Met:
        """Whether the Open Source AI Definition is met: all three parts of it."""
        found = {part.met for part in self.parts}
        if found == {Met.YES}:
            return Met.YES
        return Met.NO if Met.NO in found else Met.UNKNOWN
