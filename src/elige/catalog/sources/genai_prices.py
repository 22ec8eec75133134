"""The price snapshot of the package genai-prices: what hosts ask, with conditions and dates."""

import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from elige.catalog.identity import identify_model, maker_of
from elige.catalog.sources.money import as_batch, pair_of, price_of
from elige.catalog.sources.reading import text, whole
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Offer, Place, Value

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider

_BATCH = {"processing": "batch"}


class GenaiPrices:
    """Reads the data that the installed package genai-prices carries."""

    name = "genai-prices"
    title = "genai-prices"
    address = "https://github.com/pydantic/genai-prices"
    is_here = True
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = {}

    @property
    def version(self) -> str:
        """The edition of the prices."""
        return edition()

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """An entry for each model of each host, with the price in force at `place.fetched`.

        Where the price goes by the length of the text, the shortest texts' price is taken; where it
        goes by the hour, that of the day. Raises `BadInput` for a `place` with a path.
        """
        if place.path is not None:
            raise BadInput(
                f"{place.path}: genai-prices comes as a package, not as a file.",
                hint="Leave the file out: the installed package is read.",
            )
        from genai_prices.data import providers

        asked = place.fetched[:10]
        dated = _seen(providers, asked)
        for provider in providers:
            for model in provider.models:
                try:
                    yield _entry(provider, model, asked, dated)
                except (ValueError, TypeError, AttributeError, LookupError) as error:
                    where = f"{provider.id}/{model.id}"
                    yield Broken(where=where, why=f"its prices cannot be read: {error}")


def edition() -> str:
    """The version of the installed package."""
    return importlib.metadata.version("genai-prices")


def _seen(providers: "Sequence[Provider]", asked: str) -> str:
    """When the prices were seen at the earliest: the newest start of any that has begun by then.

    The package does not say when it was made.
    """
    starts = (
        getattr(one.constraint, "start_date", None)
        for provider in providers
        for model in provider.models
        for one in (*(model.prices if isinstance(model.prices, list) else ()),
                    *(model.price_variants or ()))
    )  # fmt: skip
    days = (start.isoformat() for start in starts if isinstance(start, date))
    return max((day for day in days if not asked or day <= asked), default=asked)


def _entry(provider: "Provider", model: "ModelInfo", asked: str, dated: str) -> Entry:
    key = identify_model(model.id, provider.id)
    values: dict[Column, Value] = {}
    if name := text(model.name):
        values[Column.NAME] = name
    if context := whole(model.context_window, least=1):
        values[Column.CONTEXT] = context
    return Entry(
        source=GenaiPrices.name,
        key=f"{provider.id}/{model.id}",
        model=key,
        # Hosts limit the context: only its maker's own listing speaks of the model itself.
        values=values if _is_own(provider.id, key) else {},
        offers=(replace(_offer(provider, model, asked), dated=dated),),
    )


def _is_own(host: str, model: str) -> bool:
    """Whether the host is the maker of what it serves, by the model's key."""
    maker = maker_of(host)
    return bool(maker) and maker == maker_of(model.partition("/")[0])


def _offer(provider: "Provider", model: "ModelInfo", asked: str) -> Offer:
    prices = _in_force(model, asked)
    batch = _batch(model, asked)
    inward, outward, free = pair_of(_price(prices, "input_mtok"), _price(prices, "output_mtok"))
    offer = Offer(
        provider=provider.id,
        hosted=model.id,
        input=inward,
        output=outward,
        cached_input=_price(prices, "cache_read_mtok") or None,
        batch_input=_price(batch, "input_mtok") or None,
        batch_output=_price(batch, "output_mtok") or None,
        context=whole(model.context_window, least=1),
        is_free=free,
        is_deprecated=bool(model.deprecated),
        link=(provider.pricing_urls or [""])[0],
    )
    return as_batch(offer) if model.id.endswith(":batch") else offer


def _in_force(model: "ModelInfo", dated: str) -> "ModelPrice":
    """The last price that has begun at `dated` (the last of all where that is ''), by day.

    Raises `LookupError` where a model has no price at all.
    """
    if not isinstance(model.prices, list):
        return model.prices
    for one in reversed(model.prices):
        if _has_begun(one.constraint, dated):
            return one.prices
    return model.prices[0].prices


def _batch(model: "ModelInfo", dated: str) -> "ModelPrice | None":
    for one in model.price_variants or ():
        if one.when == _BATCH and _has_begun(one.constraint, dated):
            return one.prices
    return None


def _has_begun(constraint: object, dated: str) -> bool:
    """Whether a price holds at the date; one that holds for some hours of the day does not."""
    if constraint is None:
        return True
    start = getattr(constraint, "start_date", None)
    if not isinstance(start, date):
        return False
    return not dated or start <= date.fromisoformat(dated)


def _price(prices: "ModelPrice | None", name: str) -> Decimal | None:
    value = getattr(prices, name, None)
    return price_of(getattr(value, "base", value))
