"""Models side by side as one self-contained page: the table, and a chart of shared scores."""

from collections.abc import Sequence
from html import escape

from elige.catalog.own_results import how_taken
from elige.catalog.published import Published
from elige.catalog.side_by_side import Cell, SharedScore, SideBySide
from elige.records import RunResult

_ROW = 24
_STYLE = """
:root { color-scheme: light dark; --paper: light-dark(#fcfbf8,#14161a); --ink: light-dark(#1b1c1e,#eceae4);
--muted: light-dark(#5d605f,#a3a6a8); --grid: light-dark(#e6e3db,#2e3239); --c1: light-dark(#0b5fa5,#6cb6ff);
--c2: light-dark(#b8450f,#ff9a62); --c3: light-dark(#007258,#45cfa5); --c4: light-dark(#8e3b88,#e094d8);
--c5: light-dark(#7d6000,#e3c04f); --c6: light-dark(#0d6b84,#5fd0e6); --c7: light-dark(#b3163f,#ff8fa3);
--c8: light-dark(#4f5b73,#aab4c8); }
body { margin: 0 auto; max-width: 76rem; padding: 2rem clamp(1rem,4vw,2.5rem); background: var(--paper);
color: var(--ink); font: 1rem/1.5 system-ui,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif; }
h1, h2 { font-family: "Iowan Old Style",Palatino,"Liberation Serif",Georgia,serif; line-height: 1.15; }
h1 { font-size: clamp(1.3rem,4vw,2rem); overflow-wrap: anywhere; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; table-layout: fixed; width: 100%;
min-width: calc(7rem + var(--models) * 11rem); }
th, td { padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: top;
overflow-wrap: anywhere; }
tr > :first-child { position: sticky; left: 0; width: 7rem; background: var(--paper); overflow-wrap: break-word; }
small, .muted { color: var(--muted); } td small { display: block; } a { color: inherit; }
.chart { margin: 0 8px 1.5rem; } .bench { margin-top: .5rem; font-size: .9rem; }
svg { display: block; overflow: visible; } svg text { font-size: 13px; } svg .muted { fill: var(--muted); }
"""  # noqa: E501 - a style sheet


def side_by_side_page(found: SideBySide, *, created: str) -> str:
    """The whole page as HTML; `created` is its date."""
    names = ", ".join(found.models)
    head = "".join(
        f'<th><span style="color:var(--c{_colour(at)})">●</span> {escape(model)}</th>'
        for at, model in enumerate(found.models)
    )
    facts = "".join(
        f"<tr><th>{escape(line.name)}</th>{''.join(map(_cell, line.cells))}</tr>"
        for line in found.lines
    )
    scores = "".join(
        f"<tr><th>{escape(one.key.benchmark)}<small> {escape(one.key.said)}</small></th>"
        f"{''.join(map(_score, one.results))}</tr>"
        for one in found.scores
    )
    drawn = [one for one in found.scores if one.key.scale == "share"]
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(names)}</title>'
        f"<style>{_STYLE}:root {{ --models: {len(found.models)}; }}</style><h1>{escape(names)}</h1>"
        f'<p class="muted">What is known on {escape(created)}, each value with how it is known '
        "and its source. ? is unknown, which is never no.</p>"
        f'<div class="scroll"><table><tr><th></th>{head}</tr>{facts}</table></div>'
        f"{_measured(found, head)}"
        f"<h2>Published scores that at least two share</h2>{_chart(drawn)}"
        f'<div class="scroll"><table><tr><th></th>{head}</tr>{scores}</table></div>'
        '<p class="muted">Only results under the same version and setting stand in one line. '
        "○ and * mark a maker's own figure.</p></html>\n"
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def _measured(found: SideBySide, head: str) -> str:
    """What own runs showed; nothing where there are none."""
    if not found.measured:
        return ""
    rows = "".join(
        f"<tr><th>{escape(one.task)}<small> {escape(one.metric)}, data {escape(one.data)}, "
        f"{'race' if one.is_race else 'evaluated'}</small></th>"
        f"{''.join(map(_own_results, one.results))}</tr>"
        for one in found.measured
    )
    return (
        "<h2>Measured here</h2>"
        f'<div class="scroll"><table><tr><th></th>{head}</tr>{rows}</table></div>'
        '<p class="muted">By own runs. A race stops as soon as it is certain enough, so its score '
        "rests on the samples named and is no full evaluation.</p>"
    )


def _own_results(results: Sequence[RunResult]) -> str:
    parts = []
    for one in results:
        spread = ""
        if one.low is not None and one.high is not None:
            spread = f" [{100 * one.low:.1f} to {100 * one.high:.1f}]"
        said = (
            f"{one.candidate}, {how_taken(one)}, {one.samples:,} of {one.planned:,} samples, "
            f"run {one.run}, {one.dated[:10]}"
        )
        parts.append(
            f"{shown_value(one.score or 0.0, 'share')}{spread}<small>{escape(said)}</small>"
        )
    return f"<td>{''.join(parts) or '?'}</td>"


def _colour(at: int) -> int:
    return at % 8 + 1


def _cell(cell: Cell) -> str:
    said = ", ".join(part for part in (cell.kind, cell.source, cell.checked, cell.note) if part)
    return f"<td>{escape(cell.text)}<small>{escape(said)}</small></td>"


def _score(result: Published | None) -> str:
    if result is None:
        return "<td>?</td>"
    parts = []
    for one in result.readings:
        mark = "*" if one.score.self_reported else ""
        said = escape(f"{one.source} {one.score.dated}")
        if one.score.link.startswith(("https://", "http://")):
            said = f'<a rel="noreferrer" href="{escape(one.score.link)}">{said}</a>'
        parts.append(f"{shown_value(one.value, result.key.scale)}{mark}<small>{said}</small>")
    return f"<td>{''.join(parts)}</td>"


def shown_value(value: float, scale: str) -> str:
    """A share in per cent, anything else as published."""
    if scale == "share":
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _chart(scores: Sequence[SharedScore]) -> str:
    """A line for each benchmark, a dot for each model: full where others measured.

    Places are in per cent of the width, so that letters and dots keep their size on any screen.
    """
    if not scores:
        return ""
    rows = "".join(f'<div class="bench">{_bench(one)}</div>{_dots(one)}' for one in scores)
    ends = {0: "start", 100: "end"}
    marks = "".join(
        f'<text class="muted" text-anchor="{ends.get(share, "middle")}" x="{share}%" y="14">'
        f"{share} %</text>"
        for share in range(0, 101, 20)
    )
    return (
        f'<div class="chart" role="img" aria-label="Scores">{rows}'
        f'<svg width="100%" height="18">{marks}</svg></div>'
    )


def _bench(one: SharedScore) -> str:
    version = f" <small>{escape(one.key.version)}</small>" if one.key.version else ""
    return f"{escape(one.key.benchmark)}{version}"


def _dots(one: SharedScore) -> str:
    lines = "".join(
        f'<line x1="{share}%" x2="{share}%" y1="0" y2="{_ROW}" stroke="var(--grid)"/>'
        for share in range(0, 101, 20)
    )
    dots = "".join(
        f'<circle cx="{100 * result.best.value:.1f}%" cy="{_ROW // 2}" r="6" '
        f'fill="{"var(--paper)" if result.best.score.self_reported else _own(place)}" '
        f'stroke="{_own(place)}" stroke-width="2"/>'
        for place, result in enumerate(one.results)
        if result is not None
    )
    return f'<svg width="100%" height="{_ROW}">{lines}{dots}</svg>'


def _own(place: int) -> str:
    return f"var(--c{_colour(place)})"
