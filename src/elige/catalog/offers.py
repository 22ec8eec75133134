"""What hosted models cost for a given use: blended prices, totals, the cheapest, the median."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from elige.catalog.naming import signature
from elige.catalog.shipped import shipped
from elige.records import Offer

STALE_DAYS = 90
USUAL_RATIO = (3, 1)  # tokens read for each token written, where nobody says: a habit, no law
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What is to be done: tokens read and written in a request, and how many requests.

    `is_assumed` where the tokens of a request were not said and stand for a ratio alone.
    """

    input: int
    output: int
    requests: int = 1
    is_assumed: bool = False

    @property
    def read(self) -> int:
        """Tokens read in all."""
        return self.input * self.requests

    @property
    def written(self) -> int:
        """Tokens written in all."""
        return self.output * self.requests

    @property
    def tokens(self) -> int:
        """Tokens in all, read and written."""
        return self.read + self.written

    def cost(self, inward: Decimal | None, outward: Decimal | None) -> Decimal | None:
        """US dollars for all of it at two prices per million; None where one needed is unknown."""
        if (self.read and inward is None) or (self.written and outward is None):
            return None
        total = (inward or Decimal(0)) * self.read + (outward or Decimal(0)) * self.written
        return total / _MILLION

    def blended(self, inward: Decimal | None, outward: Decimal | None) -> Decimal | None:
        """US dollars per million tokens of this mix: (in * input + out * output) / (in + out)."""
        if (self.input and inward is None) or (self.output and outward is None):
            return None
        total = (inward or Decimal(0)) * self.input + (outward or Decimal(0)) * self.output
        return total / (self.input + self.output)


def usual_workload(requests: int = 1) -> Workload:
    """The default mix: a thousand times the usual ratio of tokens read to tokens written."""
    read, written = USUAL_RATIO
    return Workload(input=1000 * read, output=1000 * written, requests=requests, is_assumed=True)


class Standing(StrEnum):
    """What an offer counts as; only those that count enter the cheapest and the median."""

    COUNTS = "counts"
    FREE = "free"
    DEPRECATED = "deprecated"
    TOO_SHORT = "context too short"
    BATCH = "batch only"
    UNKNOWN = "price unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """An offer and what it comes to. Amounts are US dollars, None where a price is unknown.

    `blended` is per million tokens of the user's mix. `days` is the age of the price, None where
    its date is unknown.
    """

    offer: Offer
    source: str
    standing: Standing
    blended: Decimal | None
    total: Decimal | None
    batch_total: Decimal | None
    days: int | None

    @property
    def is_stale(self) -> bool:
        """Whether the price was seen long ago; one without a date counts as old."""
        return self.days is None or self.days > STALE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """All offers of a model, the cheapest first, those that do not count last."""

    offers: tuple[Priced, ...]

    @property
    def counted(self) -> tuple[Priced, ...]:
        """The offers that the cheapest and the median are found among."""
        return tuple(one for one in self.offers if one.standing is Standing.COUNTS)

    @property
    def cheapest(self) -> Priced | None:
        """The lowest price for this mix; None where no price counts."""
        return next(iter(self.counted), None)

    @property
    def median(self) -> Decimal | None:
        """The median of the blended prices, in US dollars per million tokens; None without any."""
        return median([one.blended for one in self.counted if one.blended is not None])


def median(values: Sequence[Decimal]) -> Decimal | None:
    """The middle value, the mean of the two middle ones of an even number; None of none."""
    ranked = sorted(values)
    if not ranked:
        return None
    middle = len(ranked) // 2
    if len(ranked) % 2:
        return ranked[middle]
    return (ranked[middle - 1] + ranked[middle]) / 2


def market_of(offers: Iterable[tuple[str, Offer]], use: Workload, *, today: str) -> Market:
    """The market for a use, from offers with the names of their sources.

    What two sources say of one offer counts once: the newer one. `today` is an ISO date.
    """
    priced = [_priced(source, offer, use, today) for source, offer in _once(offers)]
    order = list(Standing)
    priced.sort(
        key=lambda one: (
            order.index(one.standing),
            one.blended is None,
            one.blended or Decimal(0),
            one.offer.provider,
            one.offer.hosted,
        )
    )
    return Market(offers=tuple(priced))


def newest_of(offers: Iterable[tuple[str, Offer]]) -> list[tuple[str, Offer]]:
    """Of each host's name of a model what was seen last; a price that was replaced is none."""
    newest: dict[tuple[str, str], tuple[str, Offer]] = {}
    for source, offer in offers:
        name = offer.hosted.rpartition("/")[2] if offer.provider == "openrouter" else offer.hosted
        key = (host_of(offer.provider), signature(name))
        known = newest.get(key)
        if known is None or offer.dated > known[1].dated:
            newest[key] = (source, offer)
    return list(newest.values())


def _once(offers: Iterable[tuple[str, Offer]]) -> list[tuple[str, Offer]]:
    """Each host's name of a model once, as it was seen last.

    Sources name a host's models differently: what another source says of the same host at the
    same prices is the same offer.
    """
    kept: list[tuple[str, Offer]] = []
    told: dict[tuple[object, ...], str] = {}
    for source, offer in sorted(newest_of(offers), key=lambda one: one[1].dated, reverse=True):
        prices = (offer.input, offer.output, offer.batch_input)
        same = (host_of(offer.provider), *prices, offer.is_free, offer.is_deprecated)
        if any(prices) and told.setdefault(same, source) != source:
            continue
        kept.append((source, offer))
    return kept


@cache
def _hosts() -> dict[str, str]:
    return {
        name.casefold(): host for host, names in shipped("names.yaml")["hosts"].items()
        for name in names
    }  # fmt: skip


def host_of(provider: str) -> str:
    """One name for a host that sources name differently."""
    name = provider.strip().casefold()
    return _hosts().get(name, name)


def _priced(source: str, offer: Offer, use: Workload, today: str) -> Priced:
    blended = use.blended(offer.input, offer.output)
    return Priced(
        offer=offer,
        source=source,
        standing=_standing(offer, use, blended),
        blended=blended,
        total=use.cost(offer.input, offer.output),
        batch_total=use.cost(offer.batch_input, offer.batch_output)
        if offer.batch_input is not None or offer.batch_output is not None
        else None,
        days=_days(offer.dated, today),
    )


def _standing(offer: Offer, use: Workload, blended: Decimal | None) -> Standing:
    if offer.is_deprecated:
        return Standing.DEPRECATED
    if offer.is_free or (blended is not None and blended == 0):
        return Standing.FREE
    if blended is None:
        only_batch = offer.batch_input is not None or offer.batch_output is not None
        return Standing.BATCH if only_batch else Standing.UNKNOWN
    if offer.context is not None and offer.context < use.input + use.output and not use.is_assumed:
        return Standing.TOO_SHORT
    return Standing.COUNTS


def _days(dated: str, today: str) -> int | None:
    try:
        return max(0, (date.fromisoformat(today) - date.fromisoformat(dated[:10])).days)
    except ValueError:
        return None
