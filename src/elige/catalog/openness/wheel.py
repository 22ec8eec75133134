"""The five answers drawn as a wheel: one slice a question, filled as far as it is open."""

from collections.abc import Iterator, Sequence
from html import escape
from math import cos, pi, sin

from elige.catalog.openness.record import Answer, Level, Question

# The colours of the report's style sheet, with its light values where there is none.
_FILL = {
    Level.OPEN: "var(--good, #00694d)",
    Level.PARTIAL: "var(--c5, #7d6000)",
    Level.CLOSED: "var(--bad, #a4320c)",
    Level.UNKNOWN: "none",
}
_INK, _MUTED, _RULE = "var(--ink, #1b1c1e)", "var(--muted, #5d605f)", "var(--rule, #d4d0c5)"
_HUB, _RIM, _GAP = 22.0, 74.0, 0.05
# How far a slice is filled, from the hub to the rim; what is closed keeps a thin edge.
_REACH = {Level.OPEN: 1.0, Level.PARTIAL: 0.5, Level.CLOSED: 0.12, Level.UNKNOWN: 0.0}
_WIDTH, _HEIGHT = 340, 252
_WORDS = {
    Question.DATA: ("training", "data"),
    Question.WEIGHTS: ("full", "weights"),
    Question.EVALUATION: ("evaluation", "code"),
    Question.TUNING: ("fine-tuning", "code"),
    Question.METRICS: ("metrics and", "checkpoints"),
}


def wheel(answers: Sequence[Answer], *, name: str = "") -> str:
    """An SVG of the five answers, readable without colour, with its words for those who hear it.

    Open slices are filled to the rim, partial ones half-way, closed ones have a thin edge at the
    hub, and unknown ones are dashed and hold a question mark.
    """
    told = "; ".join(f"{one.question.label}: {one.level}" for one in answers)
    title = f"How open {name or 'the model'} is. {told}."
    turn = 2 * pi / len(answers)
    drawn = [part for place, one in enumerate(answers) for part in _slice(one, place * turn, turn)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-size="12" '
        'font-family="system-ui, sans-serif" text-anchor="middle">'
        f"<title>{escape(title)}</title>"
        f'<g transform="translate({_WIDTH // 2} {_HEIGHT // 2})">{"".join(drawn)}</g></svg>'
    )


def _slice(answer: Answer, start: float, turn: float) -> Iterator[str]:
    """The outline, what is filled of it, and the words beside it."""
    begin, end = start - pi / 2 + _GAP, start - pi / 2 + turn - _GAP
    middle = (begin + end) / 2
    is_unknown = answer.level is Level.UNKNOWN
    dashes = ' stroke-dasharray="3 3"' if is_unknown else ""
    yield f'<path d="{_ring(begin, end, _HUB, _RIM)}" fill="none" stroke="{_RULE}"{dashes}/>'
    if is_unknown:
        x, y = _at(middle, (_HUB + _RIM) / 2)
        yield f'<text x="{x:.1f}" y="{y + 5:.1f}" font-size="16" fill="{_MUTED}">?</text>'
    else:
        rim = _HUB + _REACH[answer.level] * (_RIM - _HUB)
        yield f'<path d="{_ring(begin, end, _HUB, rim)}" fill="{_FILL[answer.level]}"/>'
    yield _words(answer, middle)


def _words(answer: Answer, middle: float) -> str:
    x, y = _at(middle, _RIM + 12)
    side = cos(middle)
    anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
    lines = (*_WORDS[answer.question], str(answer.level))
    top = y - 10 + 16 * sin(middle)
    styles = ((_INK, "400"), (_INK, "400"), (_MUTED, "600"))
    return "".join(
        f'<text x="{x:.1f}" y="{top + 14 * line:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-weight="{weight}">{escape(word)}</text>'
        for line, (word, (colour, weight)) in enumerate(zip(lines, styles, strict=True))
    )


def _ring(begin: float, end: float, inner: float, outer: float) -> str:
    """The path of a slice of a ring between two angles and two radii."""
    (ax, ay), (bx, by) = _at(begin, outer), _at(end, outer)
    (cx, cy), (dx, dy) = _at(end, inner), _at(begin, inner)
    return (
        f"M{ax:.1f} {ay:.1f}A{outer:.1f} {outer:.1f} 0 0 1 {bx:.1f} {by:.1f}"
        f"L{cx:.1f} {cy:.1f}A{inner:.1f} {inner:.1f} 0 0 0 {dx:.1f} {dy:.1f}Z"
    )


def _at(angle: float, radius: float) -> tuple[float, float]:
    return radius * cos(angle), radius * sin(angle)
