"""The charts, drawn by Altair and vl-convert into SVG that the page's style sheet colours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # Altair's charts and the values handed to it have no narrower type

import altair as alt

from elige.choose.report.data import Report
from elige.choose.report.spread import cost_spread, seconds_spread
from elige.choose.report.svg import INK, MUTED, ON_COLOUR, PAPER, Figure, stand_in, svg_of
from elige.choose.report.view import colour_of
from elige.records import Interval, RacePoint, Standing

# Half the heights that panels may have, in points.
_SPANS = (4.0, 6.0, 10.0, 16.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Quality against one thing to be small: drawn wide and narrow."""

    title: str
    kind: str
    wide: Figure
    narrow: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """What is drawn across a frontier: `values` by name, and what is known of each one's noise."""

    title: str
    axis: str
    kind: str
    values: Mapping[str, float]
    spread: Callable[[Report, str], Interval | None]

    @property
    def key(self) -> str:
        """A word that keeps the drawing's ids apart."""
        return self.axis.split()[0]

    def across(self, report: Report, name: str) -> Interval:
        """The interval of the value; the value alone where it is not known.

        So it is where the answers of a report are not those that the value is made of: several
        orders of the choices are folded into one.
        """
        value, found = self.values[name], self.spread(report, name)
        slack = 1e-6 * value
        if found is None or not found[0] - slack <= value <= found[1] + slack:
            return value, value
        return min(found[0], value), max(found[1], value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One rival's race against the winner."""

    name: str
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What all panels share: samples across, points from -`span` to `span` up, the tolerance."""

    last: int
    span: float
    tolerance: float

    def across(self) -> Any:  # noqa: ANN401
        """The axis of samples."""
        scale = alt.Scale(domain=[0, self.last * 1.04], nice=False)
        axis = alt.Axis(tickCount=4, grid=False, format=",d")
        return alt.X("n:Q", title="samples", scale=scale, axis=axis)

    def up(self, field: str) -> Any:  # noqa: ANN401
        """The axis of points for `field`."""
        ticks = [-self.span, -self.span / 2, 0, self.span / 2, self.span]
        label = "datum.value ? format(datum.value, '+~r') : '0'"
        scale = alt.Scale(domain=[-self.span, self.span], nice=False)
        axis = alt.Axis(values=ticks, tickCount=5, labelExpr=label)
        return alt.Y(field, title="points", scale=scale, axis=axis)


def frontiers(report: Report) -> tuple[Frontier, ...]:
    """Quality against speed, and against cost where at least two prices are known."""
    seconds = {
        one.name: one.seconds_each for one in report.standings if one.seconds_each is not None
    }
    cost = {
        one.name: float(one.cost_per_1000)
        for one in report.standings
        if one.cost_per_1000 is not None
    }
    speed = _Measure(
        title="Quality against speed",
        axis="seconds for one answer (median)",
        kind="measured",
        values=seconds,
        spread=seconds_spread,
    )
    price = _Measure(
        title="Quality against cost",
        axis="US dollars for 1,000 answers",
        kind="measured tokens at the stated prices",
        values=cost,
        spread=cost_spread,
    )
    drawn = [_frontier(report, one) for one in (speed, price)]
    return tuple(one for one in drawn if one is not None)


def race_panels(report: Report) -> tuple[Panel, ...]:
    """For each rival its difference to the winner while the race ran, all on one scale."""
    courses: dict[str, list[RacePoint]] = {}
    for point in sorted(report.verdict.course, key=lambda point: point.samples):
        courses.setdefault(point.name, []).append(point)
    if not courses:
        return ()
    frame = _Frame(
        last=max(point.samples for point in report.verdict.course),
        span=_span(report, courses),
        tolerance=100 * report.verdict.tolerance,
    )
    return tuple(
        Panel(name=one.name, figure=_panel(report, one, courses[one.name], frame))
        for one in report.standings
        if one.name in courses
    )


def best_at_each_price(points: Mapping[str, tuple[float, float]]) -> set[str]:
    """The names that nobody beats in both: points are (smaller is better, larger is better)."""
    return {
        name
        for name, (x, y) in points.items()
        if not any(
            (other_x <= x and other_y >= y) and (other_x, other_y) != (x, y)
            for other_x, other_y in points.values()
        )
    }


def _frontier(report: Report, across: _Measure) -> Frontier | None:
    """The chart over a measure; None when fewer than two candidates can be drawn."""
    shown = [one for one in report.standings if one.name in across.values and one.score is not None]
    if len(shown) < 2:
        return None
    points = {one.name: (across.values[one.name], 100 * (one.score or 0.0)) for one in shown}
    best = best_at_each_price(points)
    letters = report.letters
    told = "; ".join(
        f"{letters[name]} {name}: score {y:.1f}, {x:.3g} {across.axis}"
        for name, (x, y) in points.items()
    )
    described = f"{across.title}. {told}. Not outdone in both: {', '.join(sorted(best))}."
    marks = [_mark(report, one, across, one.name in best) for one in shown]

    def draw(width: int, height: int, size: str) -> Figure:
        chart = _frontier_chart(marks, across.axis)
        return Figure(
            svg=svg_of(chart, (width, height), f"{across.key}-{size}"), described=described
        )

    return Frontier(
        title=across.title,
        kind=across.kind,
        wide=draw(500, 300, "wide"),
        narrow=draw(270, 260, "narrow"),
    )


def _mark(report: Report, one: Standing, across: _Measure, best: bool) -> dict[str, object]:
    score = one.score or 0.0
    low, high = one.interval or (score, score)
    left, right = across.across(report, one.name)
    colour = stand_in(colour_of(report, one.name))
    return {
        "x": across.values[one.name],
        "y": 100 * score,
        "left": left,
        "right": right,
        "low": 100 * low,
        "high": 100 * high,
        "letter": report.letters[one.name],
        "colour": colour,
        "fill": colour if best else PAPER,
        "text": ON_COLOUR if best else INK,
        "best": best,
    }


def _frontier_chart(marks: Sequence[dict[str, object]], axis: str) -> Any:  # noqa: ANN401
    scale = _scale_across(marks)
    x_axis = alt.Axis(tickCount=5, format="~g")
    x = alt.X("x:Q", title=axis, scale=scale, axis=x_axis)
    left = alt.X("left:Q", title=axis, scale=scale, axis=x_axis)
    y_axis = alt.Axis(tickCount=5, titleAnchor="end")
    y_scale = alt.Scale(zero=False, nice=True, domain=_score_domain(marks))
    y = alt.Y("y:Q", title="score out of 100", scale=y_scale, axis=y_axis)
    every = alt.Chart(alt.InlineData(values=list(marks)))
    joined = alt.Chart(alt.InlineData(values=[mark for mark in marks if mark["best"]]))
    raw: dict[str, Any] = {"scale": None, "legend": None}
    letter = every.mark_text(fontSize=11, fontWeight=700, dy=0.5).encode(
        x, y, text="letter:N", color=alt.Color("text:N", **raw)
    )
    return alt.layer(
        joined.mark_line(interpolate="step-after", strokeDash=[2, 3], color=INK).encode(
            x, y, order="x:Q"
        ),
        every.mark_rect(strokeWidth=1.5, fillOpacity=0.14, strokeOpacity=0.6).encode(
            left, x2="right:Q", y="low:Q", y2="high:Q",
            fill=alt.Fill("colour:N", **raw), stroke=alt.Stroke("colour:N", **raw),
        ),
        every.mark_circle(size=330, opacity=1).encode(
            x, y, fill=alt.Fill("fill:N", **raw), stroke=alt.Stroke("colour:N", **raw),
            strokeWidth=alt.value(2),
        ),
        letter,
    )  # fmt: skip


def _scale_across(marks: Sequence[dict[str, object]]) -> Any:  # noqa: ANN401
    """Logarithmic where the values lie far apart, else from zero."""
    lefts = [float(str(mark["left"])) for mark in marks]
    rights = [float(str(mark["right"])) for mark in marks]
    xs = [float(str(mark["x"])) for mark in marks]
    if min(lefts) > 0 and max(xs) / min(xs) > 8:
        domain = [min(lefts) / 1.5, max(rights) * 1.5]
        return alt.Scale(type="log", nice=False, domain=domain)
    return alt.Scale(zero=True, domain=[0, max(max(rights) * 1.12, 1e-6)], nice=True)


def _score_domain(marks: Sequence[dict[str, object]]) -> list[float]:
    low = min(float(str(mark["low"])) for mark in marks)
    high = max(float(str(mark["high"])) for mark in marks)
    pad = max(1.0, 0.05 * (high - low))
    return [max(0.0, low - pad), min(100.0, high + pad)]


def _span(report: Report, courses: Mapping[str, Sequence[RacePoint]]) -> float:
    """Half the height of the panels, in points: what the courses came to, not how they began."""
    ends = [100 * abs(edge) for course in courses.values() for edge in _edges(course[-1])]
    late = [course[len(course) // 4 :] for course in courses.values()]
    lines = [100 * abs(point.difference) for points in late for point in points]
    wanted = max(1.15 * max(ends), 1.1 * max(lines), 150 * report.verdict.tolerance)
    return next((span for span in _SPANS if span >= wanted), _SPANS[-1])


def _edges(point: RacePoint) -> tuple[float, float, float]:
    return point.low, point.high, point.difference


def _panel(report: Report, one: Standing, course: Sequence[RacePoint], frame: _Frame) -> Figure:
    end = course[-1]
    letter = report.letters[one.name]
    described = (
        f"{one.name} against {report.verdict.winner}: after {end.samples} samples its difference "
        f"is {100 * end.difference:+.1f} points, between {100 * end.low:+.1f} and "
        f"{100 * end.high:+.1f}."
    )
    chart = _panel_chart(course, stand_in(colour_of(report, one.name)), letter, frame)
    return Figure(svg=svg_of(chart, (270, 150), f"race-{letter}"), described=described)


def _panel_chart(course: Sequence[RacePoint], colour: str, letter: str, frame: _Frame) -> Any:  # noqa: ANN401
    values = [
        {"n": point.samples, "d": 100 * point.difference,
         "low": 100 * point.low, "high": 100 * point.high}
        for point in course
    ]  # fmt: skip
    n, y = frame.across(), frame.up("d:Q")
    data = alt.Chart(alt.InlineData(values=values))
    end = alt.Chart(alt.InlineData(values=[{**values[-1], "letter": letter}]))
    left = [end.mark_rule(strokeDash=[1, 3], color=MUTED, clip=True).encode(n)]
    return alt.layer(
        data.mark_area(color=colour, opacity=0.22, clip=True).encode(
            n, frame.up("low:Q"), y2="high:Q"
        ),
        _level(0.0, INK, ()),
        *([_level(-frame.tolerance, INK, (4, 3))] if frame.tolerance else []),
        *(left if course[-1].samples < frame.last else []),
        data.mark_line(color=colour, strokeWidth=2, clip=True).encode(n, y),
        end.mark_circle(size=230, color=colour, opacity=1, clip=True).encode(n, y),
        end.mark_text(fontSize=10, fontWeight=700, color=ON_COLOUR, dy=0.5, clip=True).encode(
            n, y, text="letter:N"
        ),
    )


def _level(at: float, colour: str, dash: Sequence[int]) -> Any:  # noqa: ANN401
    data = alt.Chart(alt.InlineData(values=[{"at": at}]))
    return data.mark_rule(color=colour, strokeDash=list(dash), strokeWidth=1).encode(y="at:Q")
