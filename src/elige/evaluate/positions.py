"""Which letters a model picks against where the right answers stand: its position bias."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from elige.evaluate.corpus import Judged
from elige.evaluate.prompts import letters
from elige.evaluate.scorers.weighing import right_index
from elige.records import Interval, Task
from elige.stats import wilson_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One letter: how often it was right, how often it was picked, how often both.

    `share` is the part of the picks that fell on it, `score` the part of the questions with the
    right answer here that were answered right (None without any); both with Wilson's interval.
    """

    letter: str
    right: int
    picked: int
    hits: int
    share: float
    share_interval: Interval
    score: float | None
    score_interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The letters of a run; `asked` counts the questions, `unread` those that picked none."""

    places: tuple[Place, ...]
    asked: int
    unread: int


def is_lettered(task: Task, judged: Sequence[Judged]) -> bool:
    """Whether choices were put as letters: by the task, or as they could not be weighed."""
    if task.kind != "choice":
        return False
    return task.form.choice_format == "letters" or any(not one.answer.weighed for one in judged)


def letter_counts(judged: Sequence[Judged], *, confidence: float = 0.95) -> Letters | None:
    """The histogram of letters; None where no choice was picked at all."""
    right: Counter[int] = Counter()
    picked: Counter[int] = Counter()
    hits: Counter[int] = Counter()
    for one in judged:
        is_right = right_index(one.sample)
        right[is_right] += 1
        pick = _pick(one)
        if pick is not None:
            picked[pick] += 1
            hits[is_right] += pick == is_right
    if not picked:
        return None
    names = letters(max(len(one.sample.choices) for one in judged))
    places = tuple(
        _place(name, right[at], picked[at], hits[at], picked.total(), confidence)
        for at, name in enumerate(names)
    )
    return Letters(places=places, asked=len(judged), unread=len(judged) - picked.total())


def _pick(one: Judged) -> int | None:
    """The place of the choice that was read; of equal texts the right one, else the first."""
    choices, text = one.sample.choices, one.score.predicted
    if not text or text not in choices:
        return None
    right = right_index(one.sample)
    return right if choices[right] == text else choices.index(text)


def _place(letter: str, right: int, picked: int, hits: int, picks: int, confidence: float) -> Place:
    return Place(
        letter=letter,
        right=right,
        picked=picked,
        hits=hits,
        share=picked / picks,
        share_interval=wilson_interval(picked, picks, confidence=confidence),
        score=hits / right if right else None,
        score_interval=wilson_interval(hits, right, confidence=confidence) if right else None,
    )
