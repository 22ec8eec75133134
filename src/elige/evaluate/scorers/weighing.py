"""The scorer for choices: by log-probability where choices were weighed, else by reading."""

import math
from collections.abc import Collection, Sequence

from elige.errors import BadInput
from elige.evaluate.scorers.letters import AUTO, WAYS, ChoiceReader
from elige.evaluate.scorers.normalisation import shortened
from elige.evaluate.scorers.options import one_of, ways_of
from elige.records import Answer, ContinuationScore, Sample, Score, Scorer

NORMALISERS = ("plain", "char", "byte", "token", "unconditional")
_UNITS = {"char": " per character", "byte": " per byte", "token": " per token"}


def choice(*, normalise: str = "plain", extract: str | Sequence[str] = "auto") -> Scorer:
    """Right when the likeliest choice is the right one; without weights, the one that is named.

    `normalise` says what is compared: the plain log-probability (lm-eval's acc), per character
    (its acc_norm), per byte, per token, or what the question adds to the choice's own
    log-probability. Of equally likely choices the first counts. The parts of the score hold
    lm-eval's accuracies, whichever one is the score.

    Where an answer in words is read, `extract` is a list of ways, of which the first that finds
    anything decides: boxed, whole (the answer is a letter or a choice's text), stated ("the
    answer is (B)"), line (the first line), mentioned, first and last (letter that stands alone);
    auto is boxed,whole,stated,line,mentioned.
    """
    by = one_of("normalise", normalise, NORMALISERS)
    ways = ways_of("extract", extract, known=tuple(WAYS), auto=AUTO)

    def score(sample: Sample, answer: Answer) -> Score:
        right = right_index(sample)
        if not answer.weighed:
            return _read(sample, answer, right, ways)
        weights = normalised(answer.weighed, sample.choices, by)
        best, why = likeliest(weights)
        if best is None:
            return Score.unparsed(why)
        text = sample.choices[best]
        why = f"likeliest: {shortened(text, 40)!r} ({weights[best]:.3f}{_UNITS.get(by, '')}){why}"
        if best != right:
            why += f", right: {shortened(sample.choices[right], 40)!r} ({weights[right]:.3f})"
        return Score(
            float(best == right),
            why,
            extracted=text,
            predicted=text,
            parts=accuracies(answer.weighed, sample.choices, {right}),
        )

    return score


def right_index(sample: Sample) -> int:
    """The index of the right choice; raises `BadInput` when there is none among the choices."""
    if sample.right is not None and 0 <= sample.right < len(sample.choices):
        return sample.right
    if sample.right is None and sample.target in sample.choices:
        return sample.choices.index(sample.target)
    raise BadInput(
        f"Sample {sample.id!r} has the right answer {shortened(sample.target)!r}, "
        f"which is none of its {len(sample.choices)} choices.",
        hint="Mend the row, or use a scorer for free text, for example --scorer exact.",
    )


def normalised(
    weighed: Sequence[ContinuationScore], choices: Sequence[str], by: str = "plain"
) -> list[float]:
    """What each choice weighs after normalising by `by`, in nats.

    As in lm-eval, a choice's length leaves out what all continuations share besides their
    choice (the space before it). Raises `BadInput` when the relative weight was not asked for.
    """
    if len(weighed) != len(choices):
        raise ValueError(f"{len(weighed)} weights for {len(choices)} choices")
    if by == "plain":
        return [one.logprob for one in weighed]
    if by == "unconditional":
        return [_relative(one) for one in weighed]
    if by == "token":
        sizes = [one.tokens for one in weighed]
    elif by == "char":
        sizes = _own_sizes([one.characters for one in weighed], [len(text) for text in choices])
    else:
        own = [len(text.encode("utf-8", "surrogatepass")) for text in choices]
        sizes = _own_sizes([one.utf8_bytes for one in weighed], own)
    return [one.logprob / max(1, size) for one, size in zip(weighed, sizes, strict=True)]


def accuracies(
    weighed: Sequence[ContinuationScore], choices: Sequence[str], right: Collection[int]
) -> tuple[tuple[str, float], ...]:
    """acc, acc_norm, acc_bytes and acc_mutual_info, as lm-evaluation-harness defines them.

    One is 1 when the choice that weighs most is among the `right` ones: by plain
    log-probability, per character, per byte, or less its log-probability without the question
    (only where that was asked for). Source: `process_results` in lm_eval/api/task.py, 0.4.13.
    """
    kinds = {"acc": "plain", "acc_norm": "char", "acc_bytes": "byte"}
    if all(one.unconditional is not None for one in weighed):
        kinds["acc_mutual_info"] = "unconditional"
    found = {name: likeliest(normalised(weighed, choices, by))[0] for name, by in kinds.items()}
    return tuple((name, float(best in right)) for name, best in found.items())


def likeliest(weights: Sequence[float]) -> tuple[int | None, str]:
    """The index of the largest weight, and a word on ties; None when a weight is no number."""
    if any(math.isnan(weight) for weight in weights):
        return None, "a log-probability is not a number"
    top = max(weights)
    if math.isinf(top):
        return None, "no choice has a finite log-probability"
    tied = weights.count(top) if isinstance(weights, list) else list(weights).count(top)
    return weights.index(top), f", the first of {tied} equally likely" if tied > 1 else ""


def _own_sizes(sent: list[int], own: list[int]) -> list[int]:
    """Lengths of the choices alone where the continuations are choices in equal wrapping."""
    wrapped = {size - bare for size, bare in zip(sent, own, strict=True)}
    return own if len(wrapped) == 1 else sent


def _relative(one: ContinuationScore) -> float:
    if one.unconditional is None:
        raise BadInput(
            "normalise=unconditional needs each choice's weight without the question, "
            "and the engine gave none.",
            hint="Use normalise=char, or an engine that can score.",
        )
    return one.logprob - one.unconditional


def _read(sample: Sample, answer: Answer, right: int, ways: Sequence[str]) -> Score:
    reading = ChoiceReader(sample.choices).read(answer.text, ways)
    if reading.index is None:
        return Score.unparsed(reading.why)
    text = sample.choices[reading.index]
    why = f"read {shortened(text, 40)!r} ({reading.why})"
    if reading.index != right:
        why += f", right: {shortened(sample.choices[right], 40)!r}"
    return Score(float(reading.index == right), why, extracted=text, predicted=text)
