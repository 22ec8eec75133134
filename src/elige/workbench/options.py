"""What a user may ask of the verbs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from elige.choose.spending import parse_budget
from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.records import Considered, Preference, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseOptions:
    """How to choose; every field but the candidates has a default.

    `candidates` are written REF[,key=value...]. `lock_test` is the share of the samples kept
    back for one final look, which `final` takes. `budget` holds texts like 'evaluations=500'.
    Candidates that draw their answers at random are asked each sample `repeats` times.
    `proposed` says why candidates were proposed, `not_raced` why other models were not.
    """

    candidates: tuple[str, ...]
    tolerance: float = 0.01
    confidence: float = 0.95
    scope: Scope = "future"
    prefer: Preference = "quality"
    limit: int | None = None
    repeats: int = 1
    seed: int = 0
    require: tuple[str, ...] = ()
    max_memory: str = ""
    min_context: int | None = None
    may: tuple[str, ...] = ()
    lock_test: float | None = None
    final: bool = False
    budget: tuple[str, ...] = ()
    proposed: tuple[Considered, ...] = ()
    not_raced: tuple[Considered, ...] = ()
    task: TaskOptions = field(default_factory=TaskOptions)

    def __post_init__(self) -> None:
        """Refuse what makes no sense, with the value and the next step."""
        parse_budget(self.budget)
        _within(self.tolerance, "--tolerance", low=0.0, high=1.0, example="0.01")
        _within(self.confidence, "--confidence", low=0.5, high=1.0, example="0.95")
        _one_of(self.scope, "--scope", ("future", "list"))
        _one_of(self.prefer, "--prefer", ("quality", "cost", "speed"))
        _positive(self.limit, "--limit", least=2)
        _positive(self.repeats, "--repeats", example="4")
        _positive(self.min_context, "--min-context")
        if self.lock_test is not None:
            _within(self.lock_test, "--lock-test", low=0.01, high=0.9, example="30%")
        if self.final and self.lock_test is None:
            raise BadInput(
                "--final looks at a part kept back, and none was.",
                hint="Give the same --lock-test as before, for example --lock-test 30% --final.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """How to evaluate one candidate, written REF[,key=value...].

    Each sample is asked `repeats` times, with another seed each time.
    """

    model: str
    repeats: int = 1
    limit: int | None = None
    seed: int = 0
    judge_labels: str = ""
    task: TaskOptions = field(default_factory=TaskOptions)

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        _positive(self.limit, "--limit")
        _positive(self.repeats, "--repeats", example="4")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """How races are replayed on known answers: `draws` times `models` random rows of a matrix.

    `methods` are names, `all` for every one. `cost` is a file, or a number for each model.
    """

    models: int = 10
    draws: int = 300
    tolerance: float = 0.01
    confidence: float = 0.95
    scope: Scope = "list"
    prefer: Literal["quality", "cost"] = "quality"
    batches: Literal["growing", "one"] = "growing"
    methods: tuple[str, ...] = ()
    cost: str | Mapping[str, float] = ""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        _positive(self.models, "--models", least=2, example="10")
        _positive(self.draws, "--draws")
        _within(self.tolerance, "--tolerance", low=0.0, high=1.0, example="0.01")
        _within(self.confidence, "--confidence", low=0.5, high=1.0, example="0.95")
        _one_of(self.scope, "--scope", ("future", "list"))
        _one_of(self.prefer, "--prefer", ("quality", "cost"))
        _one_of(self.batches, "--batches", ("growing", "one"))
        _positive(self.seed, "--seed", least=0)
        if self.prefer == "cost" and not self.cost:
            raise BadInput(
                "--prefer cost needs to know what each model costs.",
                hint="Add --cost FILE with a name and a cost a line.",
            )


def _within(value: float, flag: str, *, low: float, high: float, example: str) -> None:
    if not low <= value <= high:
        raise BadInput(
            f"{flag} is {value:g}; it lies between {low:g} and {high:g}.",
            hint=f"For example {flag} {example}.",
        )


def _one_of(value: str, flag: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BadInput(f"{flag} {value!r} is not known.", hint=f"Known: {', '.join(known)}.")


def _positive(value: int | None, flag: str, *, least: int = 1, example: str = "100") -> None:
    if value is not None and value < least:
        raise BadInput(
            f"{flag} is {value}; it is at least {least}.", hint=f"For example {flag} {example}."
        )
