"""The scorer for classifications: which label the answer names or finds likeliest."""

import re
from collections.abc import Sequence

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
from elige.evaluate.scorers.weighing import NORMALISERS, likeliest, normalised
from elige.records import Answer, Sample, Score, Scorer

_STATED = re.compile(
    r"\b(?:answer|label|class|category|sentiment|classification|respuesta|etiqueta|clase"
    r"|categoría|sentimiento|antwort|kategorie|klasse)\b[^.\n:=]{0,40}?(?:\bis\b|\bes\b|\bist\b|[:=])"
)
_EDGES = " .!?,;:\"'“”‘’«»()[]{}<>*`_#"
_same = Normaliser(ignore_punctuation=False)
_lines = Normaliser(ignore_punctuation=False, ignore_space=False)


def classification(*, labels: str | Sequence[str] = (), normalise: str = "plain") -> Scorer:
    """Right when the label that the answer names, or finds likeliest, is the target.

    `labels` is a JSON array or a list with commas; without it the sample's choices are the
    labels. An answer that names no label, or several, is unparsed.
    """
    known = words("labels", labels)
    by = one_of("normalise", normalise, NORMALISERS)

    def score(sample: Sample, answer: Answer) -> Score:
        classes = known or sample.choices or sample.targets
        if answer.weighed:
            weights = normalised(answer.weighed, classes, by)
            best, why = likeliest(weights)
            if best is None:
                return Score.unparsed(why)
            return _judged(sample, classes[best], f"likeliest: {classes[best]!r}{why}")
        label, why = named_label(answer.text, classes)
        return Score.unparsed(why) if label is None else _judged(sample, label, why)

    return score


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
    right = any(_same(label) == _same(target) for target in filled_targets(sample))
    if not right:
        why += f", wanted {wanted(sample)}"
    return Score(float(right), why, extracted=label, predicted=label)
