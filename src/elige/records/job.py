"""Work as independent jobs."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from elige.records.candidate import Candidate
from elige.records.observation import Failure, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One candidate, one batch: indexes into the shuffled samples of the run's task.

    Jobs with equal `lane` run one after another; different lanes may run side by side. Each
    sample is asked `repeats` times.
    """

    candidate: Candidate
    samples: Sequence[int]
    lane: str
    repeats: int = 1


Result = Observation | Failure


class Executor(Protocol):
    """Where jobs run: threads here, other machines later."""

    def run(
        self, jobs: Iterable[Job], work: Callable[[Job], Iterator[Result]]
    ) -> Generator[tuple[Job, Result]]:
        """Yield each job's results as they come; closing the iterator stops the work."""
        ...

    def close(self) -> None:
        """Wait for nothing more. Safe to call twice."""
        ...
