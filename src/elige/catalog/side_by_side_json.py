"""Models side by side, for programs."""

from typing import Any  # JSON-like values have no better static type

from elige.catalog.own_results import own_score_facts
from elige.catalog.published import Published
from elige.catalog.side_by_side import SideBySide


def side_by_side_facts(found: SideBySide) -> dict[str, Any]:
    """The comparison as JSON."""
    return {
        "models": list(found.models),
        "facts": {
            line.name: {
                model: {
                    "value": cell.value, "kind": cell.kind or None, "source": cell.source or None,
                    "checked": cell.checked or None, "note": cell.note or None,
                }
                for model, cell in zip(found.models, line.cells, strict=True)
            }
            for line in found.lines
        },
        "measured": [own_score_facts(one, found.models) for one in found.measured],
        "scores": [
            {
                "benchmark": one.key.benchmark, "version": one.key.version,
                "setting": one.key.setting, "metric": one.key.metric, "scale": one.key.scale,
                "results": {
                    model: [] if result is None else _results(result)
                    for model, result in zip(found.models, one.results, strict=True)
                },
            }
            for one in found.scores
        ],
    }  # fmt: skip


def _results(result: Published) -> list[dict[str, Any]]:
    return [
        {
            "value": one.score.value, "unit": one.score.unit, "low": one.score.low,
            "high": one.score.high, "self_reported": one.score.self_reported,
            "source": one.source, "dated": one.score.dated or None, "link": one.score.link or None,
        }
        for one in result.readings
    ]  # fmt: skip
