"""Which letters a model picks against where the right answers stand: its position bias."""

from collections import Counter
from dataclasses import dataclass, field

from elige.evaluate.corpus import Judged
from elige.evaluate.prompts import letters
from elige.evaluate.scorers.weighing import right_index
from elige.records import Interval, Outcome, Task
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


@dataclass(slots=True)
class Readings:
    """Counts of how single questions were answered, as they come in: no text is kept.

    `asked` counts them, `in_words` those that were not weighed, `unparsed` those in which
    nothing could be read.
    """

    task: Task
    asked: int = 0
    in_words: int = 0
    unparsed: int = 0
    _right: Counter[int] = field(default_factory=Counter)
    _picked: Counter[int] = field(default_factory=Counter)
    _hits: Counter[int] = field(default_factory=Counter)
    _choices: int = 0

    def add(self, one: Judged) -> None:
        """Count one question."""
        self.asked += 1
        self.in_words += not one.answer.weighed
        self.unparsed += one.score.outcome is Outcome.UNPARSED
        if self.task.kind != "choice":
            return
        is_right, pick = right_index(one.sample), _pick(one)
        self._choices = max(self._choices, len(one.sample.choices))
        self._right[is_right] += 1
        if pick is not None:
            self._picked[pick] += 1
            self._hits[is_right] += pick == is_right

    def unparsed_share(self, *, confidence: float) -> tuple[float, Interval] | None:
        """The share of answers in which nothing could be read; None where nothing had to be."""
        if not self.in_words and not self.unparsed:
            return None
        interval = wilson_interval(self.unparsed, self.asked, confidence=confidence)
        return self.unparsed / self.asked, interval

    def letters(self, *, confidence: float = 0.95) -> Letters | None:
        """The histogram of letters; None where choices were not put as letters, or none picked.

        They were by the task's own form, or as they could not be weighed.
        """
        lettered = self.task.form.choice_format == "letters" or self.in_words
        if self.task.kind != "choice" or not lettered or not self._picked:
            return None
        picks = self._picked.total()
        places = tuple(
            _place(name, self._right[at], self._picked[at], self._hits[at], picks, confidence)
            for at, name in enumerate(letters(self._choices))
        )
        return Letters(places=places, asked=self.asked, unread=self.asked - picks)


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
