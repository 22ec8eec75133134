"""Scorers that compare texts: exact, contains, token F1."""

from collections import Counter

from elige.errors import BadInput
from elige.evaluate.scorers.normalisation import (
    SPACELESS,
    Normaliser,
    mentions,
    shortened,
)
from elige.evaluate.scorers.options import flag
from elige.records import Answer, Sample, Score, Scorer

Flag = str | bool

_SQUAD = Normaliser(ignore_articles=True)


def exact(
    *,
    ignore_case: Flag = True,
    ignore_space: Flag = True,
    ignore_punctuation: Flag = True,
    ignore_accents: Flag = False,
    ignore_articles: Flag = False,
    unicode: Flag = True,
) -> Scorer:
    """Right when the answer is one of the targets, after both were normalised alike."""
    same = Normaliser(
        ignore_case=flag("ignore_case", ignore_case),
        ignore_space=flag("ignore_space", ignore_space),
        ignore_punctuation=flag("ignore_punctuation", ignore_punctuation),
        ignore_accents=flag("ignore_accents", ignore_accents),
        ignore_articles=flag("ignore_articles", ignore_articles),
        unicode=flag("unicode", unicode),
    )

    def score(sample: Sample, answer: Answer) -> Score:
        if not answer.text.strip():
            return Score.unparsed("the answer is empty")
        return compared(sample, answer.text.strip(), same)

    return score


def contains(
    *, ignore_case: Flag = True, ignore_accents: Flag = False, unicode: Flag = True
) -> Scorer:
    """Right when one of the targets stands in the answer as words of its own.

    In scripts without spaces any occurrence counts.
    """
    same = Normaliser(
        ignore_case=flag("ignore_case", ignore_case),
        ignore_accents=flag("ignore_accents", ignore_accents),
        ignore_punctuation=False,
        unicode=flag("unicode", unicode),
    )

    def score(sample: Sample, answer: Answer) -> Score:
        if not answer.text.strip():
            return Score.unparsed("the answer is empty")
        text = same(answer.text)
        for target in filled_targets(sample):
            if mentions(text, same(target)):
                return Score(1.0, f"found {target!r}", extracted=target)
        return Score(0.0, f"{wanted(sample)} is not in the answer")

    return score


def token_f1() -> Scorer:
    """The best F1 of shared tokens over the targets, as SQuAD defines it.

    Lower case, no punctuation, no English articles, tokens between spaces; each character of a
    script without spaces is a token. Source: Rajpurkar et al. 2016 and the evaluation script
    of SQuAD 2.0 (two empty token lists agree, one empty list does not).
    """

    def score(sample: Sample, answer: Answer) -> Score:
        if not answer.text.strip():
            return Score.unparsed("the answer is empty")
        best = max(sample.targets, key=lambda target: shared_f1(answer.text, target))
        value = shared_f1(answer.text, best)
        found = " ".join(tokens(answer.text))
        return Score(
            value, f"F1 {value:.3f} of {shortened(found)!r} with {best!r}", extracted=found
        )

    return score


def tokens(text: str) -> list[str]:
    """SQuAD's tokens of `text`, with each character of a script without spaces on its own."""
    return SPACELESS.sub(lambda found: f" {found.group()} ", _SQUAD(text)).split()


def shared_f1(one: str, other: str) -> float:
    """F1 of the tokens that two texts share, in [0, 1]; the same in both directions."""
    left, right = Counter(tokens(one)), Counter(tokens(other))
    if not left or not right:
        return float(left == right)
    return 2 * (left & right).total() / (left.total() + right.total())


def compared(sample: Sample, found: str, same: Normaliser) -> Score:
    """Right when `found` equals a target after both were normalised by `same`."""
    text = same(found)
    right = any(text == same(target) for target in filled_targets(sample))
    why = f"saw {shortened(found)!r}"
    return Score(float(right), why if right else f"{why}, wanted {wanted(sample)}", extracted=text)


def filled_targets(sample: Sample) -> tuple[str, ...]:
    """The sample's targets that are not blank; raises `BadInput` when there is none."""
    found = tuple(target for target in sample.targets if target.strip())
    if found:
        return found
    raise BadInput(
        f"Sample {sample.id!r} has no right answer to compare with.",
        hint="Fill its answer column, or remove the row.",
    )


def wanted(sample: Sample) -> str:
    """The targets as a reason shows them."""
    return " or ".join(repr(shortened(target)) for target in sample.targets)
