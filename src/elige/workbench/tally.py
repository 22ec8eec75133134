"""What is counted as an evaluation's answers come in."""

from collections import Counter
from dataclasses import dataclass, field

from elige.choose.ledger import Account
from elige.evaluate.corpus import Judged
from elige.evaluate.metrics import ConfusionMatrix, confusion_matrix
from elige.evaluate.positions import Readings
from elige.records import Observation, Task
from elige.workbench.details import Details, details_of, judged_of, needs_answers
from elige.workbench.figures import CONFIDENCE, Figures, figures
from elige.workbench.session import Session


@dataclass(slots=True)
class Tally:
    """Scores and their times, how questions were read, and which class was taken for which.

    Answers are kept only where something is shown that takes all of them at once.
    """

    task: Task
    account: Account
    readings: Readings
    named: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, position: int, result: Observation) -> None:
        """Count an answer to the sample at `position`."""
        sample = self.task.samples[position]
        self.account.add(position, result)
        if self.task.rotations == 1:  # else each order is counted by the rotation
            self.readings.add(Judged(sample=sample, answer=result.answer, score=result.score))
        if self.task.kind == "classification":
            self.named[sample.target, result.score.predicted] += 1

    def confusion(self) -> ConfusionMatrix | None:
        """Which class was taken for which; None where the task has none."""
        if self.task.kind != "classification":
            return None
        return confusion_matrix(self.named.elements(), self.task.labels)

    def figures(self) -> Figures:
        """What the scores show; nothing where the task's own figures are no scores."""
        if self.task.examiner is not None and self.task.estimates == "corpus":
            return Figures(overall=None)
        return figures(self.task, self.account)

    def details(self, open_: Session, *, seed: int) -> Details:
        """What the answers show besides."""
        return details_of(
            self.task,
            judged_of(self.task, self.account),
            self.readings,
            open_.judging.scorer,
            confidence=CONFIDENCE,
            seed=seed,
        )


def tally_for(task: Task, open_: Session, *, candidate: str, repeats: int) -> Tally:
    """An empty tally of what this candidate will answer."""
    keep = needs_answers(task, open_.judging.scorer)
    return Tally(
        task=task,
        account=Account(repeats=repeats, keep=keep),
        readings=open_.rotation.readings(candidate),
    )
