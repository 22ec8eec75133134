"""A model as the judge of answers."""

from elige.evaluate.judge.desk import Desk
from elige.evaluate.judge.labels import Label, agreement_with, read_labels
from elige.evaluate.judge.report import Clerk, JudgeReport
from elige.evaluate.judge.scorer import JudgeScorer, Ruling, Settings, by_judge
from elige.evaluate.judge.words import WORDS_VERSION

__all__ = [
    "WORDS_VERSION",
    "Clerk",
    "Desk",
    "JudgeReport",
    "JudgeScorer",
    "Label",
    "Ruling",
    "Settings",
    "agreement_with",
    "by_judge",
    "read_labels",
]
