"""What comes before scoring: refused and cut-off answers are counted apart from wrong ones."""

from dataclasses import replace

from elige.evaluate.scorers.normalisation import shortened
from elige.evaluate.scorers.phrases import REFUSAL
from elige.records import Answer, Finish, Outcome, Sample, Score, Scorer

# A refusal stands at the start of an answer; looking further would find quotations.
_OPENING = 300


def judge(scorer: Scorer, sample: Sample, answer: Answer) -> Score:
    """The score of `answer`, with refusals and truncations told apart from wrong answers.

    An answer that was cut but already holds what the scorer looks for is scored as it stands:
    many models never stop by themselves. One in which nothing was found is truncated.
    """
    if answer.finish is Finish.REFUSED:
        return Score(0.0, "the model or its service refused", Outcome.REFUSED)
    if answer.unclosed:
        return Score(0.0, "the answer ended inside its reasoning", Outcome.TRUNCATED)
    score = scorer(sample, answer)
    is_cut = answer.finish is Finish.LENGTH and not answer.weighed
    if score.outcome is not Outcome.UNPARSED:
        return replace(score, why=f"{score.why} (cut at its token limit)") if is_cut else score
    if is_refusal(answer.text):
        why = f"refused in words: {shortened(answer.text)!r}"
        return replace(score, why=why, outcome=Outcome.REFUSED)
    if is_cut:
        why = f"cut at its token limit: {score.why}"
        return replace(score, why=why, outcome=Outcome.TRUNCATED)
    return score


def is_refusal(text: str) -> bool:
    """Whether `text` opens like a refusal ("I'm sorry, I can't ..."), in several languages."""
    return REFUSAL.match(text[:_OPENING]) is not None
