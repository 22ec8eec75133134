"""What is asked and how it is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from elige.records.answer import Answer
from elige.records.candidate import Candidate
from elige.records.engine import EngineInfo
from elige.records.figure import Figure
from elige.records.prompt import Ask
from elige.records.sample import Sample
from elige.records.score import Score

TaskKind = Literal["choice", "text", "classification", "json"]
ChoiceFormat = Literal["letters", "text", "continuation"]
Estimates = Literal["mean", "corpus"]
Rotations = int | Literal["all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptForm:
    """The words around a sample.

    `question` and `answer` are templates over the sample's fields ({question}, {answer},
    {choices} and every other column). `choice_format` says how choices are put: listed and
    answered by letter, asked without listing and weighed as text, or weighed as the
    continuation of the question's own text. `instruction` opens the prompt. `chat` is the
    question's template for a conversation, '' for the same as `question`.
    """

    instruction: str = ""
    question: str
    answer: str = " {answer}"
    separator: str = "\n\n"
    choice_format: ChoiceFormat = "letters"
    chat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorerSpec:
    """A scorer by name, with its options sorted by name; `digest` marks a user's own file."""

    name: str
    options: tuple[tuple[str, str], ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A row that could not become a sample, and why. `row` counts from one."""

    row: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What was read out of the file for one role, and on what grounds."""

    role: str
    column: str
    why: str


class Examiner(Protocol):
    """A task's own way to ask, to judge and to sum up, where it brings one."""

    def ask(self, candidate: Candidate, info: EngineInfo, sample: Sample) -> Ask:
        """The question to the engine; raises `BadInput` when the candidate cannot be asked."""
        ...

    def score(self, sample: Sample, answer: Answer) -> Score:
        """What one answer is worth."""
        ...

    def figures(
        self, answered: Sequence[tuple[Sample, Answer]], *, confidence: float, seed: int
    ) -> tuple[Figure, ...]:
        """Every figure of the task over these answers, the chosen one first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Samples, the prompt around them, and the scorer.

    `samples` are tested, `shots` are the pool of examples and never among them. `estimates`
    says whether the score is a mean over samples (it can race) or a statistic of the whole
    file. `rotations` is in how many orders of its choices a sample is asked; it is right only
    if it is right in each. `max_tokens` is None until somebody says it. `data_hash` is the
    hash of the file's bytes. `labels` are the classes of a classification. An `examiner` asks
    and judges in place of `form` and `scorer`, which then only name what it does.
    """

    name: str
    kind: TaskKind
    samples: tuple[Sample, ...]
    shots: tuple[Sample, ...] = ()
    form: PromptForm
    scorer: ScorerSpec
    labels: tuple[str, ...] = ()
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    estimates: Estimates = "mean"
    rotations: Rotations = 1
    examiner: Examiner | None = None
    data_hash: str
    source: str = ""
    set_aside: tuple[SetAside, ...] = ()
    guesses: tuple[Guess, ...] = ()
    notices: tuple[str, ...] = ()
