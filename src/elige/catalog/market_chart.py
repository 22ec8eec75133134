"""The market as one SVG file that looks well on light and on dark pages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from elige.catalog.market import MarketPoint

_WIDTH, _HEIGHT = 1120, 720
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 1090, 112, 616
_LETTER = (
    7.4  # points that a letter of 12.5 points takes in DejaVu Sans, the widest of common faces
)
_LINE = 15
_STYLE = """
svg { --paper:#fcfbf8; --ink:#1b1c1e; --muted:#5d605f; --grid:#e6e3db; --open:#0b5fa5; --closed:#b8450f; }
@media (prefers-color-scheme: dark) { svg { --paper:#14161a; --ink:#eceae4; --muted:#a3a6a8; --grid:#2e3239; --open:#6cb6ff; --closed:#ff9a62; } }
text { font: 12.5px system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3.5px; stroke-linejoin: round; }
.title { font: 600 25px "Iowan Old Style", Palatino, "Liberation Serif", Georgia, serif; }
.muted { fill: var(--muted); } .grid { stroke: var(--grid); } .lead { stroke: var(--muted); stroke-width: .7; }
.open { fill: var(--open); } .closed { fill: var(--closed); } .unknown { fill: var(--muted); }
.dot { stroke: var(--paper); stroke-width: 1.5; } .front { fill: none; stroke: var(--muted); stroke-dasharray: 2 4; }
.bold { font-weight: 650; }
"""  # noqa: E501 - a style sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords:
    """What is printed around the points: a heading, the score's name, sources and dates."""

    title: str
    score: str
    notes: Sequence[str]
    is_share: bool = True  # shown in per cent; else as it is, a rating for example


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_inside(self) -> bool:
        """Whether it lies within the chart."""
        across = self.left >= _LEFT and self.right <= _WIDTH - 6
        return across and self.top >= _TOP - 8 and self.bottom < _BOTTOM

    def meets(self, other: "_Box") -> bool:
        """Whether two boxes share a place."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class _Scales:
    low: float
    high: float
    bottom: float
    top: float

    def x(self, price: float) -> float:
        """Where a price lies across."""
        share = math.log(price / self.low) / math.log(self.high / self.low)
        return _LEFT + share * (_RIGHT - _LEFT)

    def y(self, score: float) -> float:
        """Where a score lies up."""
        return _BOTTOM - (score - self.bottom) / (self.top - self.bottom) * (_BOTTOM - _TOP)


def market_svg(points: Sequence[MarketPoint], words: ChartWords) -> str:
    """The chart: price on a logarithmic scale, score upwards, the best at each price joined.

    Scores are shares of 1. Raises `ValueError` without points.
    """
    if not points:
        raise ValueError("a chart has at least one point")
    scales = _scales(points, is_share=words.is_share)
    front = best_at_each_price(points)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(words.title)}"><style>{_STYLE}</style>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="var(--paper)"/>',
        f'<text class="title" x="{_LEFT - 50}" y="42">{escape(words.title)}</text>',
        *_legend(points),
        *_axes(scales, words),
        _front(front, scales),
        *_dots(points, scales, words),
        *_labels(points, {one.model for one in front}, scales),
        *(
            _muted(one, _LEFT - 50, _BOTTOM + 68 + 17 * place)
            for place, one in enumerate(words.notes)
        ),
        "</svg>\n",
    ]
    return "\n".join(parts)


def best_at_each_price(points: Sequence[MarketPoint]) -> list[MarketPoint]:
    """The models that no cheaper or equally dear one beats, from cheap to dear."""
    found: list[MarketPoint] = []
    for point in sorted(points, key=lambda one: (one.price, -one.score.value)):
        if not found or point.score.value > found[-1].score.value:
            found.append(point)
    return found


def _scales(points: Sequence[MarketPoint], *, is_share: bool) -> _Scales:
    prices = [float(one.price) for one in points]
    scores = [one.score.value for one in points]
    low, high = min(scores), max(scores)
    pad = max(0.05 * (high - low), 0.025 if is_share else 1.0)
    return _Scales(
        min(prices) / 1.4,
        max(prices) * 1.6,
        max(0.0, low - pad) if is_share else low - pad,
        min(1.0, high + pad) if is_share else high + pad,
    )


def _step(span: float) -> float:
    """A round number that goes four to ten times into `span`."""
    power = 10.0 ** math.floor(math.log10(span))
    return next(one * power for one in (0.1, 0.2, 0.5, 1.0) if span / (one * power) <= 10)


def _shown(value: float, words: ChartWords) -> str:
    return f"{100 * value:.1f} %" if words.is_share else f"{value:,.6g}"


def _axes(scales: _Scales, words: ChartWords) -> list[str]:
    parts = []
    first = math.floor(math.log10(scales.low))
    last = math.ceil(math.log10(scales.high))
    steps = [base * 10.0**power for power in range(first, last + 1) for base in (1, 2, 5)]
    for price in [one for one in steps if scales.low <= one <= scales.high]:
        x = scales.x(price)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_BOTTOM}"/>')
        parts.append(_muted(f"${price:g}", x, _BOTTOM + 20, "middle"))
    step = _step(scales.top - scales.bottom)
    for count in range(math.ceil(scales.bottom / step), math.floor(scales.top / step + 1e-9) + 1):
        y = scales.y(count * step)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        shown = f"{count * step:.6g}" if not words.is_share else f"{100 * count * step:.3g}%"
        parts.append(_muted(shown, _LEFT - 10, y + 4, "end"))
    across = "US dollars per million tokens, three read for one written (log scale)"
    parts.append(_muted(across, _RIGHT, _BOTTOM + 42, "end"))
    parts.append(_muted(words.score, _LEFT - 50, _TOP - 16))
    return parts


def _muted(words: str, x: float, y: float, anchor: str = "start") -> str:
    place = f'text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}"'
    return f'<text class="muted" {place}>{escape(words)}</text>'


def _legend(points: Sequence[MarketPoint]) -> list[str]:
    names = {True: ("open", "open weights"), False: ("closed", "proprietary"),
             None: ("unknown", "not known")}  # fmt: skip
    parts, x = [], float(_LEFT - 50 + 6)
    for is_open, (kind, name) in names.items():
        count = sum(one.is_open is is_open for one in points)
        if count:
            label = f"{name} ({count})"
            parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="66" r="6"/>')
            parts.append(f'<text x="{x + 12:.1f}" y="70">{label}</text>')
            x += 34 + _LETTER * len(label)
    parts.append(f'<line class="front" x1="{x:.1f}" x2="{x + 26:.1f}" y1="66" y2="66"/>')
    parts.append(f'<text x="{x + 34:.1f}" y="70">nobody scores higher for less (bold)</text>')
    return parts


def _front(front: Sequence[MarketPoint], scales: _Scales) -> str:
    path = ""
    for point in front:
        x, y = scales.x(float(point.price)), scales.y(point.score.value)
        path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f},{y:.1f}"
    return f'<path class="front" d="{path}"/>'


def _kind(point: MarketPoint) -> str:
    return {True: "open", False: "closed", None: "unknown"}[point.is_open]


def _dots(points: Sequence[MarketPoint], scales: _Scales, words: ChartWords) -> list[str]:
    return [
        f'<circle class="dot {_kind(one)}" cx="{scales.x(float(one.price)):.1f}" '
        f'cy="{scales.y(one.score.value):.1f}" r="6"><title>{escape(one.title)}: '
        f"{_shown(one.score.value, words)}, ${one.price:.3g}</title></circle>"
        for one in points
    ]


def _labels(points: Sequence[MarketPoint], front: set[str], scales: _Scales) -> list[str]:
    """Each name where it meets no dot and no other name; left out where there is no such place."""
    places = [(scales.x(float(one.price)), scales.y(one.score.value)) for one in points]
    taken = [_Box(x - 7, y - 7, x + 7, y + 7) for x, y in places]
    leads, parts = [], []  # the lines first, so that they cross no name
    order = sorted(range(len(points)), key=lambda at: points[at].model not in front)
    for at in order:
        wide = _LETTER * len(points[at].title) * (1.08 if points[at].model in front else 1)
        for anchor, box, lead in _candidates(*places[at], wide):
            if box.is_inside and not any(box.meets(one) for one in taken):
                taken.append(box)
                leads += [_lead(places[at], box)] if lead else []
                bold = " bold" if points[at].model in front else ""
                x = {"start": box.left, "end": box.right}.get(anchor, (box.left + box.right) / 2)
                parts.append(
                    f'<text class="{_kind(points[at])}{bold}" text-anchor="{anchor}" x="{x:.1f}" '
                    f'y="{box.bottom - 4:.1f}">{escape(points[at].title)}</text>'
                )
                break
    return [*leads, *parts]


def _lead(dot: tuple[float, float], box: _Box) -> str:
    """A line from a dot to its name further away."""
    edge = min(max(dot[0], box.left), box.right)
    level = box.bottom if box.bottom < dot[1] else box.top
    ends = f'x1="{dot[0]:.1f}" y1="{dot[1]:.1f}" x2="{edge:.1f}" y2="{level:.1f}"'
    return f'<line class="lead" {ends}/>'


def _candidates(x: float, y: float, wide: float) -> list[tuple[str, _Box, bool]]:
    """Where a name may stand: beside its dot, then above and below, then further away."""
    found = []
    for away in (0, 16, 32, 48):
        for dy in (0, -away, away) if away else (0,):
            top = y + dy - _LINE / 2
            found.append(("start", _Box(x + 11, top, x + 11 + wide, top + _LINE), away > 0))
            found.append(("end", _Box(x - 11 - wide, top, x - 11, top + _LINE), away > 0))
        for top in (y - 10 - _LINE - away, y + 9 + away):
            box = _Box(x - wide / 2, top, x + wide / 2, top + _LINE)
            found.append(("middle", box, away > 0))
    return found
