"""Altair's charts as SVG whose colours are the page's own variables."""

import re
from dataclasses import dataclass
from typing import Any  # Altair's charts have no narrower type

import vl_convert

# Colours that stand for the style sheet's own, so that one SVG serves light and dark.
INK, MUTED, GRID, PAPER, ON_COLOUR = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES = {INK: "ink", MUTED: "muted", GRID: "grid", PAPER: "paper", ON_COLOUR: "on-colour"}

_PAINT = re.compile(r'(fill|stroke)="(#0[0-9a-f]0[0-9a-f]0[0-9a-f])"')
_FONT = re.compile(r' font-family="[^"]*"')
_TAG = re.compile("<[^>]*>")
_LONG = re.compile(r"(\d\.\d\d)\d{3,}")
_IDENTITY = re.compile(r'(?<=id=")clip\d+(?=")|(?<=url\(#)clip\d+(?=\))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An inline SVG with the words that stand for it where it cannot be seen."""

    svg: str
    described: str


def stand_in(colour: int) -> str:
    """What stands for a candidate's colour until the drawing is done."""
    return f"#0a0a0{colour}"


def svg_of(chart: Any, size: tuple[int, int], key: str) -> str:  # noqa: ANN401
    """SVG text of `chart` with variables for colours; `key` keeps its ids apart from others'."""
    width, height = size
    axis = {
        "domainColor": MUTED, "tickColor": MUTED, "gridColor": GRID, "labelColor": MUTED,
        "titleColor": MUTED, "titleFontWeight": "normal", "labelFontSize": 12,
        "titleFontSize": 12, "domain": False, "ticks": False, "labelPadding": 6,
    }  # fmt: skip
    spec = chart.properties(width=width, height=height).to_dict()
    config = {"background": None, "view": {"stroke": None}, "axis": axis, "aria": False}
    drawn = vl_convert.vegalite_to_svg(spec | {"config": config}, allowed_base_urls=[])
    drawn = _PAINT.sub(_painted, _FONT.sub("", drawn))
    drawn = _renamed(drawn, key)
    return _TAG.sub(lambda tag: _LONG.sub(r"\1", tag[0]), drawn)


def _renamed(drawn: str, key: str) -> str:
    """Clip paths named after the chart and counted from one: the drawer counts on for ever."""
    found: dict[str, str] = {}
    for match in _IDENTITY.finditer(drawn):
        found.setdefault(match[0], f"{key}-{len(found) + 1}")
    return _IDENTITY.sub(lambda match: found[match[0]], drawn)


def _painted(found: re.Match[str]) -> str:
    colour = found[2]
    variable = _VARIABLES.get(colour) or f"c{int(colour[-1], 16)}"
    return f'{found[1]}="var(--{variable})"'
