"""What an evaluation shows besides its scores: the corpus score, letters, what was unread."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any  # JSON-like values have no better static type

from elige.choose.ledger import Account
from elige.evaluate.corpus import METHOD, CorpusScore, CorpusScorer, Judged, corpus_score
from elige.evaluate.positions import Letters, Readings
from elige.records import Figure, Interval, Scorer, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What else is known of an evaluation.

    `corpus` is the statistic of the whole file, `letters` the picked letters of choices.
    `unparsed` is the share of answers in which nothing could be read, with its interval; None
    where choices were weighed and nothing had to be read. `questions` counts what was asked
    where samples were asked in several orders, else it is None. `figures` are those that a task
    of lm-eval has, the chosen one first.
    """

    corpus: CorpusScore | None = None
    letters: Letters | None = None
    unparsed: tuple[float, Interval] | None = None
    questions: int | None = None
    figures: tuple[Figure, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The details as an object of JSON."""
        share, interval = self.unparsed or (None, None)
        return {
            "corpus": None
            if self.corpus is None
            else _json(asdict(self.corpus)) | {"interval_method": METHOD},
            "letters": None if self.letters is None else _letter_facts(self.letters),
            "questions": self.questions,
            "figures": [_json(asdict(one)) for one in self.figures],
            "unparsed_share": share,
            "unparsed_interval": None if interval is None else list(interval),
        }


def needs_answers(task: Task, scorer: Scorer) -> bool:
    """Whether something is shown that takes all answers at once, not their scores alone."""
    return task.examiner is not None or isinstance(scorer, CorpusScorer)


def judged_of(task: Task, account: Account) -> list[Judged]:
    """Every sample that was answered with its answer and score, in the task's order."""
    return [
        Judged(sample=task.samples[place], answer=one.answer, score=one.score)
        for place, one in sorted(account.observations.items())
    ]


def details_of(
    task: Task,
    judged: Sequence[Judged],
    readings: Readings,
    scorer: Scorer,
    *,
    confidence: float,
    seed: int,
) -> Details:
    """What else the answers say.

    `judged` are those that `needs_answers` speaks of, `readings` the counts of single questions,
    of which a sample may have taken several.
    """
    if not readings.asked:
        return Details()
    return Details(
        corpus=corpus_score(scorer, judged, confidence=confidence, seed=seed),
        letters=readings.letters(confidence=confidence),
        unparsed=readings.unparsed_share(confidence=confidence),
        questions=None if task.rotations == 1 else readings.asked,
        figures=_figures(task, judged, confidence=confidence, seed=seed),
    )


def _figures(
    task: Task, judged: Sequence[Judged], *, confidence: float, seed: int
) -> tuple[Figure, ...]:
    if task.examiner is None or not judged:
        return ()
    answered = [(one.sample, one.answer) for one in judged]
    return task.examiner.figures(answered, confidence=confidence, seed=seed)


def _letter_facts(found: Letters) -> dict[str, Any]:
    return {
        "asked": found.asked,
        "unread": found.unread,
        "places": [_json(asdict(one)) for one in found.places],
    }


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
