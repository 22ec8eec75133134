"""Statistics of a whole file: what a scorer offers besides the scores of single samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from elige.errors import BadInput
from elige.records import Answer, Interval, Outcome, Sample, Score, Scorer
from elige.stats import Statistic, bootstrap_interval

DRAWS = 1000
METHOD = f"percentile bootstrap, {DRAWS:,} resamples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sample, the answer to it, and the score that answer got."""

    sample: Sample
    answer: Answer
    score: Score

    @property
    def text(self) -> str:
        """The answer as it counts: nothing, where it was unparsed, truncated or refused."""
        return self.answer.text if self.score.outcome is Outcome.SCORED else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A statistic of a file, in [0, 1], which can be taken of any of its samples.

    `at` is handed the places of samples, some of them perhaps several times. `signature` says
    everything that somebody else needs to get the same number.
    """

    name: str
    signature: str
    at: Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusScore:
    """A statistic's value on the samples that were answered, with its bootstrap interval.

    `interval` is None where every resample gives the same: that is no sign of certainty.
    """

    name: str
    value: float
    interval: Interval | None
    signature: str
    samples: int


@runtime_checkable
class CorpusScorer(Protocol):
    """A scorer with a statistic of the whole file."""

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        """The score of one answer."""
        ...

    def corpus(self, judged: Sequence[Judged]) -> Corpus:
        """The statistic of these answers."""
        ...


def corpus_score(
    scorer: Scorer, judged: Sequence[Judged], *, confidence: float = 0.95, seed: int = 0
) -> CorpusScore | None:
    """The statistic of the whole file; None where the scorer has none, or nothing was answered."""
    if not judged or not isinstance(scorer, CorpusScorer):
        return None
    corpus = scorer.corpus(judged)
    low, high = bootstrap_interval(
        corpus.at, samples=len(judged), draws=DRAWS, confidence=confidence, seed=seed
    )
    return CorpusScore(
        name=corpus.name,
        value=corpus.at(np.arange(len(judged))),
        interval=(low, high) if low < high else None,
        signature=corpus.signature,
        samples=len(judged),
    )


def check_corpus(scorer: Scorer | None, name: str) -> None:
    """Raise `BadInput` when a task estimates a statistic that its scorer does not have."""
    if not isinstance(scorer, CorpusScorer):
        raise BadInput(
            f"estimates is corpus, but the scorer {name} has no statistic of the whole file.",
            hint="Leave it out, or use bleu, chrf, rouge or classification.",
        )
