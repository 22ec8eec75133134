"""What an evaluation shows besides its score: parts, the corpus score, letters, what was unread."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any  # JSON-like values have no better static type

from elige.choose.ledger import Account
from elige.evaluate.corpus import METHOD, CorpusScore, Judged, corpus_score
from elige.evaluate.metrics import part_values
from elige.evaluate.positions import Letters, is_lettered, letter_counts
from elige.records import Figure, Interval, Outcome, Scorer, Task
from elige.stats import score_interval, wilson_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """The mean of a part of the scores, its interval, and how many samples have that part."""

    name: str
    score: float
    interval: Interval
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What else is known of an evaluation.

    `mean` is the mean score of the samples, `parts` the means of what scores are made of.
    `corpus` is the statistic of the whole file, `letters` the picked letters of choices.
    `unparsed` is the share of answers in which nothing could be read, with its interval; None
    where choices were weighed and nothing had to be read. `questions` counts what was asked
    where samples were asked in several orders, else it is None. `figures` are those that a task
    of lm-eval has, the chosen one first.
    """

    mean: PartScore | None = None
    parts: tuple[PartScore, ...] = ()
    corpus: CorpusScore | None = None
    letters: Letters | None = None
    unparsed: tuple[float, Interval] | None = None
    questions: int | None = None
    figures: tuple[Figure, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The details as an object of JSON."""
        share, interval = self.unparsed or (None, None)
        return {
            "mean": _listed(self.mean),
            "fields": {one.name: _listed(one, but="name") for one in self.parts},
            "corpus": None
            if self.corpus is None
            else (_listed(self.corpus) or {}) | {"interval_method": METHOD},
            "letters": None if self.letters is None else _letter_facts(self.letters),
            "questions": self.questions,
            "figures": [_json(asdict(one)) for one in self.figures],
            "unparsed_share": share,
            "unparsed_interval": None if interval is None else list(interval),
        }


def judged_of(task: Task, account: Account) -> list[Judged]:
    """Every sample that was answered with its answer and score, in the task's order."""
    return [
        Judged(sample=task.samples[place], answer=one.answer, score=one.score)
        for place, one in sorted(account.observations.items())
    ]


def details_of(
    task: Task,
    judged: Sequence[Judged],
    scorer: Scorer,
    *,
    confidence: float,
    seed: int,
    asks: Sequence[Judged] | None = None,
) -> Details:
    """What else `judged` says; `asks` are the single questions, where a sample took several."""
    if not judged:
        return Details()
    single = judged if asks is None else asks
    read = [one for one in single if not one.answer.weighed]
    unread = sum(one.score.outcome is Outcome.UNPARSED for one in single)
    return Details(
        mean=None
        if task.examiner is not None and task.estimates == "corpus"
        else _part("mean", [one.score.value for one in judged], confidence),
        parts=tuple(
            _part(name, values, confidence)
            for name, values in part_values(one.score for one in judged).items()
        ),
        corpus=corpus_score(scorer, judged, confidence=confidence, seed=seed),
        letters=letter_counts(single, confidence=confidence) if is_lettered(task, single) else None,
        unparsed=(
            unread / len(single),
            wilson_interval(unread, len(single), confidence=confidence),
        )
        if read or unread
        else None,
        questions=None if asks is None else len(asks),
        figures=_figures(task, judged, confidence=confidence, seed=seed),
    )


def _figures(
    task: Task, judged: Sequence[Judged], *, confidence: float, seed: int
) -> tuple[Figure, ...]:
    if task.examiner is None:
        return ()
    answered = [(one.sample, one.answer) for one in judged]
    return task.examiner.figures(answered, confidence=confidence, seed=seed)


def _part(name: str, values: Sequence[float], confidence: float) -> PartScore:
    return PartScore(
        name=name,
        score=sum(values) / len(values),
        interval=score_interval(values, confidence=confidence)[0],
        samples=len(values),
    )


def _listed(record: PartScore | CorpusScore | None, *, but: str = "") -> dict[str, Any] | None:
    if record is None:
        return None
    return _json({name: value for name, value in asdict(record).items() if name != but})


def _letter_facts(found: Letters) -> dict[str, Any]:
    return {
        "asked": found.asked,
        "unread": found.unread,
        "places": [_json(asdict(one)) for one in found.places],
    }


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
