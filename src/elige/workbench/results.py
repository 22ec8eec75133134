"""What the verbs give back to a program: values by name, a data frame, JSON, a notebook view."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any  # JSON-like values have no better static type

from elige.choose.plain import standing_facts, verdict_facts
from elige.choose.words import headline, remarks
from elige.errors import MissingExtra
from elige.records import Interval, Standing, Verdict
from elige.workbench.bench import Workbench
from elige.workbench.details import Details
from elige.workbench.evaluate import Evaluation
from elige.workbench.figures import Repeats
from elige.workbench.notebook import choice_html, evaluation_html, percent, spread
from elige.workbench.runs import show_run

if TYPE_CHECKING:
    import pandas

_PAIRS = {"interval": ("low", "high"), "difference_interval": ("difference_low", "difference_high")}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChooseResult:
    """The end of `elige.choose`: who won, who is as good, who lost, and why.

    `verdict` is the whole record; the properties are what is asked for most. `report` is where
    the report was written. `interrupted` says that Ctrl-C ended the race: then this is the
    verdict so far, and the same call goes on.
    """

    verdict: Verdict
    task: str
    report: Path | None = None
    interrupted: bool = False

    @property
    def winner(self) -> str | None:
        """The candidate to use; None as long as nothing is shown."""
        return self.verdict.winner if self.verdict.decided else None

    @property
    def leader(self) -> str | None:
        """Who is ahead, shown or not; None when nobody was measured."""
        return self.verdict.winner or None

    @property
    def decided(self) -> bool:
        """Whether the winner was shown to be at most the tolerance below the best."""
        return self.verdict.decided

    @property
    def within(self) -> tuple[str, ...]:
        """Every candidate shown to be at most the tolerance below the best, the winner too."""
        return self.verdict.within

    @property
    def candidates(self) -> tuple[Standing, ...]:
        """Each candidate's place, with scores, intervals, times, costs and the reason."""
        return self.verdict.candidates

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        return headline(self.verdict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is shown of new samples like these, of this list, and what else to know."""
        return (*self.verdict.sentences, *remarks(self.verdict))

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before these figures are trusted."""
        return self.verdict.notices

    @property
    def run(self) -> str:
        """The run's id, for `elige runs show`."""
        return self.verdict.run

    def facts(self) -> dict[str, Any]:
        """The same object that `elige choose --json` prints."""
        facts = verdict_facts(self.verdict)
        facts.pop("course")
        report = None if self.report is None else str(self.report)
        return facts | {"headline": self.headline, "task": self.task, "report": report}

    def to_json(self, *, indent: int | None = 2) -> str:
        """`facts` as JSON."""
        return json.dumps(self.facts(), ensure_ascii=False, indent=indent, default=str)

    def to_frame(self) -> "pandas.DataFrame":
        """A row for each candidate. Raises `MissingExtra` without pandas."""
        return frame_of([_flat(standing_facts(one)) for one in self.candidates])

    def answers(self) -> "pandas.DataFrame":
        """A row for each answer: prompt as sent, text, score, why; read from the store."""
        return _answers(self.run)

    def __repr__(self) -> str:
        return "\n".join([self.headline, *self.sentences, *self.notices, "", *self._lines()])

    def _repr_html_(self) -> str:
        return choice_html(self.verdict, self.headline, self.sentences)

    def _lines(self) -> list[str]:
        rows = [("candidate", "is", "score", "interval", "samples")]
        for one in self.candidates:
            shown = (percent(one.score), spread(one.interval), str(one.evaluated))
            rows.append((one.name, one.status.value, *shown))
        return _columns(rows)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EvaluateResult:
    """The end of `elige.evaluate`: one model's score, with its interval, times and counts."""

    evaluation: Evaluation

    @property
    def model(self) -> str:
        """The candidate's name."""
        return self.evaluation.standing.name

    @property
    def score(self) -> float | None:
        """The mean score, from 0 to 1; None when nothing was answered."""
        return self.evaluation.standing.score

    @property
    def interval(self) -> Interval | None:
        """The score's 95 % interval, for a number of samples fixed beforehand."""
        return self.evaluation.standing.interval

    @property
    def stderr(self) -> float | None:
        """The score's standard error, clusters counted; None when it cannot be told."""
        overall = self.evaluation.figures.overall
        return overall.stderr if overall else None

    @property
    def repeats(self) -> Repeats | None:
        """What asking each sample several times showed; None when it was asked once."""
        return self.evaluation.figures.repeats

    @property
    def groups(self) -> dict[str, tuple[float, Interval, int]]:
        """Score, interval and number of samples of each group."""
        return {name: (score, pair, count) for name, score, pair, count in self.evaluation.groups}

    @property
    def details(self) -> Details:
        """What else is known: parts of the score, corpus score, letters picked, unparsed share."""
        return self.evaluation.details

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before these figures are trusted."""
        return self.evaluation.notices

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it; the same call goes on."""
        return self.evaluation.interrupted

    @property
    def run(self) -> str:
        """The run's id, for `elige runs show`."""
        return self.evaluation.run

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        one = self.evaluation.standing
        if self.evaluation.figure:
            return f"{one.name}: {self.evaluation.figure}."
        if one.score is None:
            return "Nothing was answered."
        return (
            f"{one.name} scored {percent(one.score)} on {one.evaluated} of "
            f"{self.evaluation.samples} samples ({_sure(one.interval)}, "
            f"{self.evaluation.interval_method})."
        )

    def facts(self) -> dict[str, Any]:
        """The same object that `elige evaluate --json` prints."""
        return self.evaluation.facts()

    def to_json(self, *, indent: int | None = 2) -> str:
        """`facts` as JSON."""
        return json.dumps(self.facts(), ensure_ascii=False, indent=indent, default=str)

    def to_frame(self) -> "pandas.DataFrame":
        """One row, so that frames of several models stack. Raises `MissingExtra` without pandas."""
        facts = _flat(self.facts())
        return frame_of([{name: v for name, v in facts.items() if not isinstance(v, (list, dict))}])

    def answers(self) -> "pandas.DataFrame":
        """A row for each answer: prompt as sent, text, score, why; read from the store."""
        return _answers(self.run)

    def __repr__(self) -> str:
        rows = [(name, percent(s), spread(pair), str(n)) for name, (s, pair, n) in _items(self)]
        head = [("group", "score", "interval", "samples")] if rows else []
        besides = self._besides()
        return "\n".join([self.headline, *besides, *self.notices, *_columns([*head, *rows])])

    def _besides(self) -> list[str]:
        """The corpus score, or the mean beside it, and the parts of the score, a line each."""
        details, figures = self.details, self.evaluation.figures
        lines = []
        if self.evaluation.estimates == "corpus" and figures.overall is not None:
            lines.append(
                f"mean: {percent(figures.overall.mean)} ({spread(figures.overall.interval)})"
            )
        if details.corpus is not None:
            one = details.corpus
            value = f"{percent(one.value)} ({_sure(one.interval)})"
            lines.append(f"{one.name} of the whole file: {value}, {one.signature}")
        if details.figures:
            return [*lines, *(f"{one.name}: {one.shown} ({one.spread})" for one in details.figures)]
        lines += [f"{p.name}: {percent(p.score)} ({spread(p.interval)})" for p in figures.parts]
        return lines

    def _repr_html_(self) -> str:
        return evaluation_html(self.evaluation, self.headline, self._besides())


def _sure(pair: Interval | None) -> str:
    return "no interval: every resample alike" if pair is None else f"95 % interval {spread(pair)}"


def _items(result: EvaluateResult) -> list[tuple[str, tuple[float, Interval, int]]]:
    return list(result.groups.items())


def _flat(facts: dict[str, Any]) -> dict[str, Any]:
    """One row of a table: each interval becomes two columns."""
    row: dict[str, Any] = {}
    for name, value in facts.items():
        if name in _PAIRS:
            row.update(zip(_PAIRS[name], value or (None, None), strict=True))
        else:
            row[name] = value
    return row


def _answers(run: str) -> "pandas.DataFrame":
    with Workbench.open() as bench:
        return frame_of(show_run(bench, run, samples=True).facts["samples"])


def frame_of(rows: Sequence[dict[str, Any]]) -> "pandas.DataFrame":
    """A data frame of these rows. Raises `MissingExtra` without pandas."""
    try:
        import pandas
    except ImportError as error:
        raise MissingExtra("A data frame", extra="data") from error
    return pandas.DataFrame(list(rows))


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """`rows` as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
