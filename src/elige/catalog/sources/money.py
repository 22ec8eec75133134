"""Prices as sources write them, read with care."""

import re
from dataclasses import replace
from decimal import Decimal

from elige.records import Offer

# What the prices of a source are in, as US dollars per million tokens.
DOLLARS, A_TOKEN, CENTS = Decimal(1), Decimal(1_000_000), Decimal("0.01")
_MOST, _LEAST = Decimal(1_000_000), Decimal("0.000001")  # nobody asks a dollar a token
_PRICE = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:e[+-]?\d{1,3})?", re.A | re.I)


def price_of(value: object, *, unit: Decimal = DOLLARS) -> Decimal | None:
    """US dollars per million tokens, of a price in `unit`; None where nothing is said.

    -1 says that the price varies. Raises `ValueError` for what is no price.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"{str(value)[:40]!r} is no price")
    told = str(value).strip()
    if not _PRICE.fullmatch(told):
        raise ValueError(f"{told[:40]!r} is no price")
    found = Decimal(told)
    if found == -1:
        return None
    if found < 0:
        raise ValueError(f"{told[:40]} is too low for a price")
    price = found * unit
    if price > _MOST:
        raise ValueError(f"{told[:40]} is too high for a price")
    if 0 < price < _LEAST:
        raise ValueError(f"{told[:40]} is too low for a price")
    return plain(price)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing noughts and without an exponent: 1E+1 is 10."""
    if value == 0:
        return Decimal(0)
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def pair_of(
    inward: Decimal | None, outward: Decimal | None, *, may_be_free: bool = True
) -> tuple[Decimal | None, Decimal | None, bool]:
    """The two prices and whether the offer is free: nought is a price only where both are nought.

    A nought beside a price stands for what is not sold so (the output of an embedding).
    """
    if inward == 0 and outward == 0:
        return (inward, outward, True) if may_be_free else (None, None, False)
    return inward or None, outward or None, False


def as_batch(offer: Offer) -> Offer:
    """The offer with its prices as those of batches, and none for answers at once."""
    return replace(
        offer,
        input=None,
        output=None,
        cached_input=None,
        batch_input=offer.input,
        batch_output=offer.output,
    )
