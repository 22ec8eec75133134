"""The whole market: what a model costs against one published score."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from elige.catalog.offers import Priced, market_of, usual_workload
from elige.catalog.published import Reading, ScoreKey, published_of
from elige.records import Card, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPoint:
    """One model: its best-founded score, its cheapest price that counts, and where both stand.

    `price` is in US dollars per million tokens at the usual mix of input and output. `is_open`
    says whether the weights can be downloaded; None is unknown.
    """

    model: str
    title: str
    is_open: bool | None
    score: Reading
    price: Decimal
    offer: Priced


def market_points(cards: Iterable[Card], key: ScoreKey, *, today: str) -> tuple[MarketPoint, ...]:
    """Every model with a score under `key` and a price, the best score first.

    A model without either is left out: it has no place in the chart. `today` is an ISO date.
    """
    found = [point for card in cards if (point := _point(card, key, today)) is not None]
    return tuple(sorted(found, key=lambda one: (-one.score.value, one.price, one.model)))


def score_keys(cards: Iterable[Card], benchmark: str) -> dict[ScoreKey, int]:
    """How many models have a score for each way in which `benchmark` was taken, most first."""
    found: dict[ScoreKey, int] = {}
    for card in cards:
        for group in published_of(card):
            if group.key.benchmark == benchmark:
                found[group.key] = found.get(group.key, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _point(card: Card, key: ScoreKey, today: str) -> MarketPoint | None:
    group = next((one for one in published_of(card) if one.key == key), None)
    if group is None:
        return None
    cheapest = market_of(card.offers, usual_workload(), today=today).cheapest
    if cheapest is None or not cheapest.blended:
        return None
    return MarketPoint(
        model=card.model,
        title=str(card.value(Column.NAME) or card.model.rpartition("/")[2]),
        is_open=_is_open(card),
        score=group.best,
        price=cheapest.blended,
        offer=cheapest,
    )


def _is_open(card: Card) -> bool | None:
    return {"open": True, "gated": True, "closed": False}.get(str(card.value(Column.WEIGHTS)))
