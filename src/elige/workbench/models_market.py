"""`models market`: price against one published score."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

from elige.catalog.market import MarketPoint, market_points, score_keys
from elige.catalog.market_chart import ChartWords, market_svg
from elige.catalog.published import ScoreKey
from elige.errors import BadInput
from elige.records import Card, Catalogue
from elige.text import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketShown:
    """The points, the one way in which their scores were taken, and the other ways there are."""

    key: ScoreKey
    points: tuple[MarketPoint, ...]
    others: tuple[tuple[ScoreKey, int], ...]


def models_market(
    catalogue: Catalogue, benchmark: str, *, version: str | None, setting: str | None, today: str
) -> MarketShown:
    """Every model with a price and a score of `benchmark`, all taken alike.

    Without `version` and `setting` the way that most models share. Raises `BadInput` where
    nothing is left.
    """
    cards = list(catalogue.cards())
    benchmark = _called(benchmark, cards)
    ways = score_keys(cards, benchmark)
    fit = [
        key
        for key in ways
        if version in (None, key.version) and setting in (None, key.setting)
    ]  # fmt: skip
    for key in fit:
        points = market_points(cards, key, today=today)
        if points:
            others = tuple((one, count) for one, count in ways.items() if one != key)
            return MarketShown(key=key, points=points, others=others)
    raise BadInput(
        f"No model has both a price and a published score of {benchmark!r} taken so.",
        hint="Fill the catalogue with elige models sync SOURCE, or name another benchmark.",
    )


def _called(said: str, cards: Sequence[Card]) -> str:
    """The benchmark as sources write it. Raises `BadInput` for one that nobody knows."""
    known = {score.benchmark for card in cards for _, score in card.results}
    plain = {name.casefold(): name for name in sorted(known, reverse=True)}
    asked = said.strip().casefold()
    found = said if said in known else plain.get(asked) or plain.get(asked.replace(" ", "-"))
    if found is None:
        hint = nearest(asked, plain) or "Fill the catalogue with elige models sync SOURCE."
        raise BadInput(f"No published score of {said!r} is known.", hint=hint)
    return found


def write_market(shown: MarketShown, path: Path) -> None:
    """Write the chart to `path`. Raises `BadInput` where that cannot be done."""
    words = ChartWords(
        title=f"Price against {shown.key.benchmark}",
        score=f"{shown.key.benchmark}: {shown.key.said}",
        notes=market_notes(shown.points),
        is_share=shown.key.scale == "share",
    )
    try:
        path.write_text(market_svg(shown.points, words), "utf-8")
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror or error}.", hint="Name another file."
        ) from error


def market_notes(points: Sequence[MarketPoint]) -> list[str]:
    """Sources and dates of the scores and of the prices."""
    own = sum(one.score.score.self_reported is True for one in points)
    return [
        f"Scores: {_said([(one.score.source, one.score.score.dated) for one in points])}; "
        f"{own} of {len(points)} are the makers' own word.",
        f"Prices: {_said([(one.offer.source, one.offer.offer.dated) for one in points])}, "
        "the cheapest paid offer that counts.",
    ]


def market_facts(shown: MarketShown) -> dict[str, Any]:
    """The points as JSON."""
    return {
        "benchmark": shown.key.benchmark, "version": shown.key.version,
        "setting": shown.key.setting, "metric": shown.key.metric,
        "others": [
            {"version": key.version, "setting": key.setting, "metric": key.metric, "models": count}
            for key, count in shown.others
        ],
        "points": [
            {
                "model": one.model, "open": one.is_open, "score": one.score.score.value,
                "unit": one.score.score.unit, "self_reported": one.score.score.self_reported,
                "source": one.score.source, "dated": one.score.score.dated or None,
                "link": one.score.score.link or None, "price": one.price,
                "provider": one.offer.offer.provider, "priced_by": one.offer.source,
                "priced": one.offer.offer.dated or None,
            }
            for one in shown.points
        ],
    }  # fmt: skip


def _said(found: Sequence[tuple[str, str]]) -> str:
    sources = ", ".join(sorted({source for source, _ in found}))
    days = sorted({day for _, day in found if day})
    span = f" to {days[-1]}" if len(days) > 1 else ""
    return f"{sources}, {days[0]}{span}" if days else f"{sources}, undated"
