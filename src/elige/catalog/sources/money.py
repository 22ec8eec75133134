"""Prices, counts and words as sources of prices write them, read with care."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any  # what JSON and TOML hold has no narrower type

from elige.errors import BadInput
from elige.records import Offer

MAX_FILE_BYTES = 200_000_000
_MOST_DOLLARS = Decimal(1_000_000)  # for a million tokens: nobody asks a dollar a token
_MILLION = Decimal(1_000_000)


def price_of(value: object, *, per_token: bool = False) -> Decimal | None:
    """US dollars per million tokens; None where nothing is said or the price varies (negative).

    Raises `ValueError` for what is no price.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"{value!r} is no price")
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is no price") from None
    if not found.is_finite():
        raise ValueError(f"{value!r} is no price")
    if found < 0:
        return None
    most = _MOST_DOLLARS / _MILLION if per_token else _MOST_DOLLARS
    if found > most:
        raise ValueError(f"{str(value)[:40]} is too high for a price")
    return plain(found * _MILLION if per_token else found)


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


def count_of(value: object) -> int | None:
    """A number of tokens, None for anything else and for nought (nobody offers that)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    try:
        found = int(value)
    except (ValueError, OverflowError):
        return None
    return found if 0 < found < 2**53 else None


def word_of(value: object) -> str:
    """A text in one line that can be printed, '' for anything else."""
    if not isinstance(value, str):
        return ""
    if not value.isprintable():  # nothing of a stranger's may steer a terminal
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(value.split())


def words_of(value: object) -> tuple[str, ...]:
    """A list of texts, without what is none."""
    found = [word_of(one) for one in value] if isinstance(value, list) else []
    return tuple(dict.fromkeys(one for one in found if one))


def keys_of(value: object) -> Mapping[str, Any]:
    """An object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def json_at(path: Path, hint: str) -> Any:  # noqa: ANN401 - as above
    """What the JSON file holds, its numbers as `Decimal`. Raises `BadInput` where it cannot be."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadInput(f"{path} is larger than {MAX_FILE_BYTES:,} bytes.", hint=hint)
        return json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", hint="Check the name.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{path} is no JSON: {str(error)[:200]}.", hint=hint) from error
