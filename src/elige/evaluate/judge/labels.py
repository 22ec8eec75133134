"""Answers that people judged, and how far a judge agrees with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.cells import cell_text
from elige.evaluate.judge.scorer import JudgeScorer, Settings
from elige.evaluate.judge.words import GRADES, PASSES
from elige.evaluate.role_names import ID, QUESTION, key
from elige.evaluate.rows import Row, Table, read_table
from elige.records import Answer, Sample
from elige.stats import Agreement, agreement

_LABEL = ("human", "humanlabel", "label", "verdict", "grade", "rating", "score", "judgement")
_SAID = ("answer", "response", "completion", "output", "modelanswer", "said")
_GOOD = frozenset({"pass", "1", "true", "yes", "right", "correct", "good"})
_BAD = frozenset({"fail", "0", "false", "no", "wrong", "incorrect", "bad"})
_WON = {"win": 1.0, "won": 1.0, "1": 1.0, "loss": 0.0, "lost": 0.0, "lose": 0.0, "0": 0.0}
_WON |= {"tie": 0.5, "draw": 0.5, "0.5": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people say of an answer to `sample`, on [0, 1].

    `answer` is the text that was judged, '' for the answer that the run gets.
    """

    sample: Sample
    value: float
    answer: str = ""


def read_labels(path: Path, samples: Iterable[Sample], settings: Settings) -> tuple[Label, ...]:
    """The labels in a file with a column of sample ids or questions, and one of labels.

    A column with the answers that were judged is taken along. Raises `BadInput` for a file
    without them, a label that this judge cannot give, and when nothing fits the samples.
    """
    table = read_table(path)
    columns = {key(name): name for name in reversed(table.columns)}
    label = _column(table, columns, _LABEL, "the label")
    said = next((columns[name] for name in _SAID if name in columns and columns[name] != label), "")
    by = next((columns[name] for name in (*ID, "sample") if name in columns), "")
    by_question = "" if by else _column(table, columns, QUESTION, "the sample's id or question")
    known = {one.question if by_question else one.id: one for one in samples}
    found = []
    for row in table.rows:
        sample = known.get(cell_text(row.values.get(by or by_question)))
        text = cell_text(row.values.get(label))
        if sample is not None and text:
            value = _value(text, settings, table, row)
            found.append(Label(sample=sample, value=value, answer=cell_text(row.values.get(said))))
    if not found:
        raise BadInput(
            f"{path}: none of its {len(table.rows)} rows belongs to a sample of this task.",
            hint=f"Samples are found by {by or by_question!r}, their ids or questions.",
        )
    return tuple(found)


def agreement_with(
    labels: Sequence[Label], scorer: JudgeScorer, answers: dict[str, Answer]
) -> Agreement | None:
    """How far the judge agrees with people; `answers` are the run's, by the samples' ids.

    Answers of the labels' own are judged now. None when none could be compared.
    """
    judged = [
        (one, Answer(text=one.answer) if one.answer else answers[one.sample.id])
        for one in labels
        if one.answer or one.sample.id in answers
    ]
    scorer.ahead([(one.sample, answer) for one, answer in judged])
    pairs = []
    for one, answer in judged:
        ruling = scorer.ruling(one.sample, answer) if answer.text.strip() else None
        if ruling is not None and ruling.value is not None:
            pairs.append((ruling.value, one.value))
    graded = scorer.settings.verdicts == GRADES
    return agreement(pairs, graded=graded) if pairs else None


def _column(table: Table, columns: dict[str, str], names: Sequence[str], what: str) -> str:
    found = next((columns[name] for name in names if name in columns), "")
    if found:
        return found
    raise BadInput(
        f"{table.path}: no column looks like {what}; there are {', '.join(table.columns)}.",
        hint=f"Call it {names[0]!r}.",
    )


def _value(text: str, settings: Settings, table: Table, row: Row) -> float:
    word = text.strip().casefold()
    if settings.verdicts == GRADES:
        known: dict[str, float] = {grade: (int(grade) - 1) / 4 for grade in GRADES}
        shown = "a number from 1 to 5"
        word = word.removesuffix(".0")
    elif settings.verdicts == PASSES:
        known = dict.fromkeys(_GOOD, 1.0) | dict.fromkeys(_BAD, 0.0)
        shown = "pass or fail"
    else:
        known, shown = _WON, "win, tie or loss"
    if word in known:
        return known[word]
    raise BadInput(
        f"{table.path}: the label on {row.place} is {text[:40]!r}.",
        hint=f"This judge's labels are {shown}.",
    )
