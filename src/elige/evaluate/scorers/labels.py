"""The scorer for classifications: which label the answer names or finds likeliest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from elige.evaluate.corpus import Corpus, Judged
from elige.evaluate.metrics import confusion_matrix, macro_f1
from elige.evaluate.scorers.letters import outermost
from elige.evaluate.scorers.normalisation import (
    Normaliser,
    mentions,
    own_answer,
    shortened,
)
from elige.evaluate.scorers.options import one_of, words
from elige.evaluate.scorers.phrases import NEGATED
from elige.evaluate.scorers.strings import filled_targets, wanted
from elige.evaluate.scorers.weighing import NORMALISERS, accuracies, likeliest, normalised
from elige.records import Answer, Sample, Score
from elige.stats import Indexes

_STATED = re.compile(
    r"\b(?:answer|label|class|category|sentiment|classification|respuesta|etiqueta|clase"
    r"|categoría|sentimiento|antwort|kategorie|klasse)\b[^.\n:=]{0,40}?(?:\bis\b|\bes\b|\bist\b|[:=])"
)
_EDGES = " .!?,;:\"'“”‘’«»()[]{}<>*`_#"
_same = Normaliser(ignore_punctuation=False)
_lines = Normaliser(ignore_punctuation=False, ignore_space=False)


@dataclass(frozen=True, slots=True)
class LabelScorer:
    """Scores classifications; over the whole file it has macro-F1."""

    labels: tuple[str, ...]
    normalise: str

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        """Whether the label that the answer names, or finds likeliest, is the target."""
        classes = self.labels or sample.choices or sample.targets
        if not answer.weighed:
            label, why = named_label(answer.text, classes)
            return Score.unparsed(why) if label is None else _judged(sample, label, why)
        best, why = likeliest(normalised(answer.weighed, classes, self.normalise))
        if best is None:
            return Score.unparsed(why)
        score = _judged(sample, classes[best], f"likeliest: {classes[best]!r}{why}")
        right = [place for place, label in enumerate(classes) if _is_right(sample, label)]
        return replace(score, parts=accuracies(answer.weighed, classes, right))

    def corpus(self, judged: Sequence[Judged]) -> Corpus:
        """Macro-F1: the plain mean of F1 over the labels that occur or were named."""
        pairs = [(one.sample.target, one.score.predicted) for one in judged]
        labels = confusion_matrix(pairs, self.labels).labels
        place = {label: at for at, label in enumerate(labels)}
        size = len(labels)
        cells = np.asarray(
            [place[target] * (size + 1) + place.get(named, size) for target, named in pairs],
            dtype=np.int64,
        )

        def at(chosen: Indexes) -> float:
            counts = np.bincount(cells[chosen], minlength=size * (size + 1))
            return macro_f1(counts.reshape(size, size + 1))

        return Corpus(name="macro-F1", signature=f"macro-F1|labels:{size}", at=at)


def classification(*, labels: str | Sequence[str] = (), normalise: str = "plain") -> LabelScorer:
    """Right when the label that the answer names, or finds likeliest, is the target.

    `labels` is a JSON array or a list with commas; without it the sample's choices are the
    labels. An answer that names no label, or several, is unparsed.
    """
    return LabelScorer(words("labels", labels), one_of("normalise", normalise, NORMALISERS))


def named_label(text: str, labels: Sequence[str]) -> tuple[str | None, str]:
    """The one label that `text` names, or None, and on what grounds.

    The whole answer, the last "label is ...", the first line and the whole text are looked at
    in this order; a denied label ("not positive") is no mention.
    """
    folded = _lines(own_answer(text)).strip()
    if not folded:
        return None, "the answer is empty"
    keys = {label: _same(label).strip(_EDGES) or _same(label) for label in labels}
    first = folded.splitlines()[0]
    for part in (folded, first):
        whole = [label for label, key in keys.items() if key == part.strip(_EDGES)]
        if len(whole) == 1:
            return whole[0], f"saw {whole[0]!r}"
    stated = [folded[found.end() :].splitlines()[:1] for found in _STATED.finditer(folded)]
    lines = [line[0] for line in reversed(stated) if line]
    for part in (*lines, first, folded):
        found = _mentioned(part, keys)
        if len(found) == 1:
            return found[0], f"saw {found[0]!r}"
        if found:
            return None, f"the answer names {' and '.join(repr(label) for label in found)}"
    return None, f"none of the labels is in {shortened(folded, 40)!r}"


def _mentioned(text: str, keys: dict[str, str]) -> list[str]:
    names = list(keys)
    spans = [
        (start, end, index)
        for index, key in enumerate(keys.values())
        for start, end in mentions(text, key)
    ]
    kept = [index for start, _, index in outermost(spans) if not NEGATED.search(text[:start][-40:])]
    return [names[index] for index in dict.fromkeys(kept)]


def _judged(sample: Sample, label: str, why: str) -> Score:
    right = _is_right(sample, label)
    if not right:
        why += f", wanted {wanted(sample)}"
    return Score(float(right), why, extracted=label, predicted=label)


def _is_right(sample: Sample, label: str) -> bool:
    return any(_same(label) == _same(target) for target in filled_targets(sample))
