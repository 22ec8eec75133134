"""Results as a notebook shows them: one small table, nothing loaded, everything escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from elige.choose.words import place
from elige.records import Interval, Standing, Status, Verdict
from elige.workbench.evaluate import Evaluation

_CELL = "text-align:left;padding:.25em .9em .25em 0;vertical-align:top"
_NUMBER = f"{_CELL};white-space:nowrap"
_QUIET = "opacity:.7;font-size:90%"
# A colour for the eye only: the word stands beside it.
_COLOURS = {
    Status.WINNER: "#2e9e5b",
    Status.WITHIN: "#2e9e5b",
    Status.OPEN: "#c98a00",
    Status.BEATEN: "#8a8f98",
    Status.REJECTED: "#c0492f",
}


def choice_html(verdict: Verdict, headline: str, sentences: Sequence[str]) -> str:
    """The verdict in words, then a row for each candidate."""
    head = ("candidate", "is", "score", "interval", "", "to winner", "samples", "s each", "why")
    rows = [_standing_cells(one, verdict) for one in verdict.candidates]
    foot = (
        f"{verdict.evaluations} answers looked at, of {verdict.full_evaluations} that could have "
        f"been asked. Intervals hold together with {100 * verdict.confidence:g} % confidence; the "
        f"winner's own score is descriptive. Run {verdict.run}."
    )
    return _page(headline, [*sentences, *verdict.notices], _table(head, rows), foot)


def evaluation_html(evaluation: Evaluation, headline: str, besides: Sequence[str]) -> str:
    """The score in words, what is shown `besides` it, then a row for each group."""
    head = ("group", "score", "interval", "", "samples")
    rows = [
        [escape(name), percent(score), spread(pair), _bar(score, pair), str(count)]
        for name, score, pair, count in evaluation.groups
    ]
    table = _table(head, rows) if rows else ""
    lines = [*besides, *evaluation.notices]
    return _page(headline, lines, table, f"Measured. Run {evaluation.run}.")


def percent(value: float | None) -> str:
    """A score in points of 100: '97.6'; '' for none."""
    return "" if value is None else f"{100 * value:.1f}"


def spread(pair: Interval | None) -> str:
    """An interval in points of 100: '80.1 to 99.0'; '' for none."""
    return "" if pair is None else f"{percent(pair[0])} to {percent(pair[1])}"


def _standing_cells(one: Standing, verdict: Verdict) -> list[str]:
    is_winner = one.difference is None or one.name == verdict.winner
    return [
        escape(one.name),
        f'<b style="color:{_COLOURS[one.status]}">{escape(one.status.value)}</b>',
        percent(one.score),
        spread(one.interval),
        _bar(one.score, one.interval),
        "" if is_winner else f"{100 * (one.difference or 0.0):+.1f}",
        str(one.evaluated),
        _seconds(one.seconds_each),
        escape(place(one, verdict)),
    ]


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if value >= 0.001 else "&lt;0.001"


def _bar(score: float | None, pair: Interval | None) -> str:
    """The interval as a line from 0 to 100 with the score as a dot."""
    if score is None or pair is None:
        return ""
    low, high = (100 * end for end in pair)
    return (
        '<svg width="104" height="12" role="img" aria-label="'
        f'{percent(score)}, {spread(pair)}">'
        '<line x1="2" y1="6" x2="102" y2="6" stroke="currentColor" stroke-opacity=".2"/>'
        f'<line x1="{2 + low:.1f}" y1="6" x2="{2 + high:.1f}" y2="6" stroke="currentColor" '
        'stroke-width="3" stroke-opacity=".5"/>'
        f'<circle cx="{2 + 100 * score:.1f}" cy="6" r="3.5" fill="currentColor"/></svg>'
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells of `rows` are HTML already, the first and the last may be long."""
    styles = [_CELL, *[_NUMBER] * (len(head) - 2), _CELL]
    names = "".join(f'<th style="{_NUMBER}">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{_cells(row, styles)}</tr>" for row in rows)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Sequence[str], styles: Sequence[str]) -> str:
    return "".join(
        f'<td style="{style}">{cell}</td>' for cell, style in zip(row, styles, strict=True)
    )


def _page(headline: str, lines: Iterable[str], table: str, foot: str) -> str:
    told = "".join(f"<div>{escape(line)}</div>" for line in lines)
    return (
        f'<div><div style="font-size:115%"><b>{escape(headline)}</b></div>{told}'
        f'{table}<div style="{_QUIET}">{escape(foot)}</div></div>'
    )
