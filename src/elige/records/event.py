"""What happens during a run, as it happens; the terminal and the page draw these."""

from dataclasses import dataclass

from elige.records.verdict import Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """Everything is ready; `candidates` are the names that will be asked."""

    run: str
    task: str
    samples: int
    candidates: tuple[str, ...]
    resumed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One candidate answered one more sample."""

    candidate: str
    done: int
    planned: int
    seconds: float
    value: float
    cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An engine failed on a sample; it will be asked again."""

    candidate: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A candidate's place is known."""

    candidate: str
    status: Status
    reason: str
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something the user should know; nothing stops."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The race is over; `interrupted` when the user ended it."""

    verdict: Verdict
    interrupted: bool = False


Event = RunStarted | Answered | Failed | Settled | Noticed | Finished
