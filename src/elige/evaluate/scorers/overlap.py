"""Scorers of translations and summaries: BLEU and chrF by sacrebleu, ROUGE by rouge-score.

The scores of single samples can race; the statistic that papers report is the corpus score.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import zip_longest
from typing import Any  # sacrebleu and rouge-score have no types

import numpy as np

from elige.errors import BadInput, MissingExtra
from elige.evaluate.corpus import Corpus, Judged
from elige.evaluate.scorers.normalisation import shortened
from elige.evaluate.scorers.options import flag, one_of, whole
from elige.evaluate.scorers.strings import filled_targets
from elige.records import Answer, Sample, Score
from elige.stats import Indexes

# The others of sacrebleu fetch a model from somewhere.
TOKENIZERS = ("13a", "intl", "char", "zh", "none", "ja-mecab", "ko-mecab")
ROUGE_TYPES = ("rouge1", "rouge2", "rougeL", "rougeLsum")
_MEASURES = ("fmeasure", "precision", "recall")


@dataclass(frozen=True, slots=True)
class SacreScorer:
    """Scores by a metric of sacrebleu: `single` for one sample, `make` for a whole file."""

    name: str
    single: Any
    make: Callable[[], Any]

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        """The answer's score against all the targets at once, as sacrebleu does it."""
        targets = filled_targets(sample)
        text = answer.text.strip()
        if not text:
            return Score.unparsed("the answer is empty")
        value = _share(self.single.sentence_score(text, list(targets)).score)
        against = shortened(targets[0], 60) + (f" (+{len(targets) - 1})" if targets[1:] else "")
        return Score(value, f"{self.name} {100 * value:.1f} against {against!r}", extracted=text)

    def corpus(self, judged: Sequence[Judged]) -> Corpus:
        """The corpus score from sums of the samples' counts; its signature is sacrebleu's."""
        metric = self.make()
        references = list(zip_longest(*(filled_targets(one.sample) for one in judged)))
        counts = metric._extract_corpus_statistics(
            [one.text.strip() for one in judged], [list(stream) for stream in references]
        )
        rows = np.asarray(counts, dtype=np.int64)

        def at(chosen: Indexes) -> float:
            summed = rows[chosen].sum(axis=0).tolist()
            return _share(metric._compute_score_from_stats(summed).score)

        return Corpus(name=self.name, signature=str(metric.get_signature()), at=at)


def bleu(
    *, tokenize: str = "13a", lowercase: str | bool = False, order: str | int = 4
) -> SacreScorer:
    """BLEU by sacrebleu; a sample's own score uses the effective order, the corpus score not.

    `tokenize` is one of sacrebleu's tokenizers, `order` the longest n-gram. Several targets are
    references of one sample. Raises `MissingExtra` without sacrebleu.
    """
    metrics = _sacrebleu()
    by = one_of("tokenize", tokenize, TOKENIZERS)
    said: dict[str, Any] = {
        "tokenize": by,
        "lowercase": flag("lowercase", lowercase),
        "max_ngram_order": whole("order", order, least=1, most=10),
        "force": True,  # no advice on stderr about texts that look tokenized
    }
    try:
        single = metrics.BLEU(**said, effective_order=True)
    except RuntimeError as error:
        raise BadInput(
            f"The tokenizer {by} of sacrebleu needs a package that is not installed.",
            hint=f"Install it with: pip install 'sacrebleu[{by[:2]}]'",
        ) from error
    return SacreScorer("BLEU", single, lambda: metrics.BLEU(**said))


def chrf(
    *,
    char_order: str | int = 6,
    word_order: str | int = 0,
    beta: str | int = 2,
    lowercase: str | bool = False,
) -> SacreScorer:
    """Shared character n-grams: chrF by sacrebleu, chrF++ with word_order=2.

    `beta` is how many times recall counts as much as precision. Several targets are references
    of one sample, of which the best one counts. Raises `MissingExtra` without sacrebleu.
    """
    metrics = _sacrebleu()
    said: dict[str, Any] = {
        "char_order": whole("char_order", char_order, least=1, most=20),
        "word_order": whole("word_order", word_order, least=0, most=10),
        "beta": whole("beta", beta, least=1, most=10),
        "lowercase": flag("lowercase", lowercase),
    }
    name = "chrF" + "+" * min(2, said["word_order"])
    return SacreScorer(name, metrics.CHRF(**said), lambda: metrics.CHRF(**said))


@dataclass(frozen=True, slots=True)
class RougeScorer:
    """Scores by rouge-score; `kind` races, the other kinds are parts of the score."""

    scorer: Any
    kind: str
    measure: str
    stemmer: bool

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        """The answer's score against the target it is nearest to, for each kind of ROUGE."""
        targets = filled_targets(sample)
        self._check(sample, targets)
        if not answer.text.strip():
            return Score.unparsed("the answer is empty")
        found = self.scorer.score_multi(list(targets), answer.text)
        parts = tuple((kind, _clipped(getattr(found[kind], self.measure))) for kind in ROUGE_TYPES)
        value = dict(parts)[self.kind]
        told = ", ".join(f"{kind} {100 * part:.1f}" for kind, part in parts)
        return Score(value, told, extracted=answer.text.strip(), parts=parts)

    def corpus(self, judged: Sequence[Judged]) -> Corpus:
        """The mean of the samples' scores, which is what is reported of ROUGE."""
        values = np.asarray([one.score.value for one in judged])
        stemmed = "yes" if self.stemmer else "no"
        return Corpus(
            name=self.kind,
            signature=f"mean of {self.kind}|measure:{self.measure}|stemmer:{stemmed}"
            f"|rouge-score:{version('rouge-score')}",
            at=lambda chosen: float(values[chosen].mean()),
        )

    def _check(self, sample: Sample, targets: Sequence[str]) -> None:
        """Refuse references of which ROUGE sees nothing: it reads ASCII letters and digits."""
        if not any(one.isascii() and one.isalnum() for target in targets for one in target.lower()):
            raise BadInput(
                f"Sample {sample.id!r} has the right answer {shortened(sample.target)!r}, of "
                "which ROUGE sees nothing: it reads plain Latin letters and digits alone.",
                hint="Use --scorer chrf, which reads every script.",
            )


def rouge(
    *, kind: str = "rougeL", measure: str = "fmeasure", stemmer: str | bool = False
) -> RougeScorer:
    """ROUGE by rouge-score: shared words of the answer and the target it is nearest to.

    `kind` (rouge1, rouge2, rougeL, rougeLsum) is the score; the other kinds are shown beside
    it. rougeLsum takes lines for sentences. `measure` is fmeasure, precision or recall; with
    `stemmer` words are cut by Porter's rules. Raises `MissingExtra` without rouge-score.
    """
    by = {name.lower(): name for name in ROUGE_TYPES}[
        one_of("kind", kind, [name.lower() for name in ROUGE_TYPES])
    ]
    stems = flag("stemmer", stemmer)
    try:
        from rouge_score import rouge_scorer
    except ImportError as error:
        raise MissingExtra("The scorer rouge", extra="metrics") from error
    return RougeScorer(
        scorer=rouge_scorer.RougeScorer(list(ROUGE_TYPES), use_stemmer=stems),
        kind=by,
        measure=one_of("measure", measure, _MEASURES),
        stemmer=stems,
    )


def _sacrebleu() -> Any:  # noqa: ANN401 - a module without types
    try:
        from sacrebleu import metrics
    except ImportError as error:
        raise MissingExtra("The scorers bleu and chrf", extra="metrics") from error
    return metrics


def _share(points: float) -> float:
    """Points of 100 as a share; rounding may leave a hair above 100."""
    return _clipped(points / 100.0)


def _clipped(value: float) -> float:
    return min(1.0, max(0.0, float(value)))
