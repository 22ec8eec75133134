"""What the store keeps besides answers and scores."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from elige.records import Answer, AnswerKey, Score

RunKind = Literal["choose", "evaluate", "demo", "import"]
RunStatus = Literal["running", "finished", "interrupted", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One process, as others can look it up.

    `host` names the place in which `pid` means something: equal hosts can see each other's
    processes. `started` tells a process from a later one with the same number.
    """

    host: str
    pid: int
    started: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreKey:
    """Under what a score is kept: the answer, the scorer's digest, the target's digest.

    Both digests have to cover whatever decides a score: the scorer's options and the sample's
    every right answer, so that a change of either is another key.
    """

    answer: AnswerKey
    scorer: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What one answer of a candidate took on the average of `count` that are kept.

    `seconds` is None without any, `cost` (US dollars) also when one price is unknown. The tokens
    are those of a question and of its answer.
    """

    count: int = 0
    seconds: float | None = None
    cost: Decimal | None = None
    prompt_tokens: float = 0.0
    completion_tokens: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """How many answers were paid for, and with how many US dollars as far as that is known."""

    count: int = 0
    usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One command over one task. `id` is a digest of its `spec`: the same command is the same run.

    `spec` and `verdict` are JSON text. `created` and `updated` are ISO dates in UTC. `reason`
    says why it failed. `holder` is the open store that works on it, '' when none does; see
    `Leases.lives`.
    """

    id: str
    kind: RunKind
    task: str
    data_hash: str
    spec: str
    created: str
    updated: str = ""
    status: RunStatus = "running"
    verdict: str | None = None
    reason: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """One candidate's turn on one sample of a run. `prompt` is what was sent, as people read it.

    `candidate` is the candidate's name, `position` the sample's place in the shuffled order.
    """

    candidate: str
    sample: str
    position: int
    key: AnswerKey
    scorer: str
    target: str
    prompt: str = ""

    @property
    def score_key(self) -> ScoreKey:
        """Under what this entry's score is kept."""
        return ScoreKey(answer=self.key, scorer=self.scorer, target=self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunObservation:
    """An entry of a run with what is kept for it: None where it is not answered or scored yet.

    `asked_by` is the id of the run that paid for the answer, '' when that is not known.
    """

    entry: RunEntry
    answer: Answer | None = None
    score: Score | None = None
    asked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPart:
    """The part of a data file that is kept back for one final look.

    `fraction` of the samples, drawn with `seed`; `samples` is the digest of their ids.
    """

    data_hash: str
    fraction: float
    seed: int
    samples: str
    created: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A run that looked at a locked part, and when (ISO date)."""

    run: str
    opened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A file or model whose code may run: what kind, its name, the digest that was allowed."""

    kind: str
    name: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A value measured for a candidate (by its hash) on a machine; the name holds the unit."""

    candidate: str
    machine: str
    name: str
    value: float
    date: str
