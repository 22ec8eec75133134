"""Make docs/market.svg and docs/market.md from models.dev's prices and llm-stats' scores.

Both may be restated: models.dev is MIT, llm-stats CC-BY-4.0 (with attribution, on the page).
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from elige.catalog.listed import Listed
from elige.catalog.market import MarketPoint, market_points
from elige.catalog.market_chart import ChartWords, market_svg
from elige.catalog.published import ScoreKey
from elige.catalog.sources import installed
from elige.records import Broken, Entry, Place

DOCS = Path(__file__).parent.parent / "docs"
KEY = ScoreKey(benchmark="gpqa", version="", setting="", metric="", scale="share")


def main() -> None:
    """Read both, draw, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--prices", type=Path, required=True, help="models.dev, a folder or .tar.gz"
    )
    parser.add_argument("--scores", type=Path, required=True, help="llm-stats, a folder")
    parser.add_argument("--priced", required=True, help="ISO date of the prices")
    asked = parser.parse_args()
    entries = [(one, asked.priced) for one in _entries("modelsdev", asked.prices, asked.priced)]
    entries += [(one, asked.priced) for one in _entries("llm-stats", asked.scores, asked.priced)]
    listed = Listed(entries, installed())
    points = market_points(listed.cards(), KEY, today=asked.priced)
    points = tuple(one for one in points if one.score.source == "llm-stats")
    notes = _notes(points, asked.priced)
    words = ChartWords(
        title="What a point of GPQA costs",
        score="GPQA, share of right answers (subset and set-up not stated)",
        notes=notes,
    )
    (DOCS / "market.svg").write_text(market_svg(points, words), "utf-8")
    (DOCS / "market.md").write_text(_page(points, notes), "utf-8")


def _entries(name: str, path: Path, date: str) -> Iterator[Entry]:
    for one in installed()[name].read(Place(path=path, fetched=date)):
        if not isinstance(one, Broken):
            yield one


def _notes(points: Sequence[MarketPoint], priced: str) -> list[str]:
    days = sorted(one.score.score.dated for one in points)
    own = sum(one.score.score.self_reported is True for one in points)
    return [
        f"Scores: LLM Stats (CC-BY-4.0), recorded {days[0]} to {days[-1]}; {own} of "
        f"{len(points)} are the makers' own word.",
        f"Prices: models.dev (MIT) as of {priced}, the cheapest paid offer that counts.",
    ]


def _page(points: Sequence[MarketPoint], notes: Sequence[str]) -> str:
    rows = [
        f"| {one.model} | {_kind(one)} | {100 * one.score.value:.1f} % | "
        f"{'maker' if one.score.score.self_reported else 'others'} | {one.score.score.dated} | "
        f"{_linked(one.score.score.link)} | ${one.price:.3f} | {one.offer.offer.provider} |"
        for one in points
    ]
    return "\n".join(
        [
            "# The market: price against one published score",
            "",
            "![Price against GPQA, open against proprietary models](market.svg)",
            "",
            *[f"{note}  " for note in notes],
            "",
            "Only results whose sources say nothing of GPQA's subset and of the set-up are shown",
            "together; those stated as Diamond, or with shots or tools, are other settings and",
            "stay out. Makers' own figures flatter. A model without a price or a score is not in",
            "the chart, and that says nothing of it.",
            "",
            "| model | weights | GPQA | measured by | recorded | where | price | host |",
            "|---|---|---:|---|---|---|---:|---|",
            *rows,
            "",
            "Prices are US dollars per million tokens, three read for one written. Made by "
            "`scripts/make_market.py`.",
            "",
        ]
    )


def _linked(address: str) -> str:
    return f"[source]({address})" if address else "not given"


def _kind(point: MarketPoint) -> str:
    return {True: "open", False: "closed", None: "unknown"}[point.is_open]


if __name__ == "__main__":
    main()
