"""One entry as bytes: JSON without spare parts, packed by `codec_bytes`."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any  # what JSON holds has no narrower type

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from elige.catalog.remembered import Remembered
from elige.catalog.shelf.codec_bytes import is_known, packed, unpacked
from elige.catalog.shelf.codec_runs import run_rows, runs_of
from elige.catalog.small_json import dumped, loaded
from elige.records import (
    Column,
    Entry,
    FactKind,
    Offer,
    Origin,
    PublishedScore,
    Relation,
    RelationKind,
    Value,
)

# Floats are not among them: JSON has no word for one that is no number, and Python's own has.
_PLAIN = frozenset({str, int, bool, tuple})
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Damaged(ValueError):
    """Bytes that are no entry."""


def encoded(entry: Entry) -> bytes:
    """All of `entry` but its source and key. Raises `ValueError` for what no entry can hold."""
    text = dumped(_plain_row(entry)) if _is_plain(entry) else _written(entry)
    return packed(text)


def _is_plain(entry: Entry) -> bool:
    """Whether all it has are relations and values that cannot be misread, as most have."""
    more = entry.offers or entry.results or entry.names or entry.origins or entry.measured
    values = entry.values
    return not more and type(values) is dict and _PLAIN.issuperset(map(type, values.values()))


def _plain_row(entry: Entry) -> list[Any]:
    relations = [_trimmed((r.kind, r.parent, r.how, r.why)) for r in entry.relations]
    return [entry.model, entry.values, relations] if relations else [entry.model, entry.values]


def _written(entry: Entry) -> bytes:
    """Every part of an entry. Raises `ValueError`."""
    values = {str(column): value for column, value in entry.values.items()}
    row: list[Any] = [
        entry.model,
        values,
        [_trimmed((str(r.kind), r.parent, str(r.how), r.why)) for r in entry.relations],
        [_offer_row(offer) for offer in entry.offers],
        [_result_row(result) for result in entry.results],
        list(entry.names),
        {str(c): (o.source, o.checked, o.kind) for c, o in entry.origins.items()},
        run_rows(entry.measured),
    ]
    while not row[-1] and len(row) > 2:
        row.pop()
    try:
        return _ENCODE(row).encode("utf-8", "surrogatepass")
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def decoded(source: str, key: str, data: bytes) -> Entry:
    """The entry that `encoded` made `data` of. Raises `Damaged` for anything else."""
    if not is_known(data):
        raise Damaged(f"the entry {key!r} of {source} is in no format that is known here")
    try:
        text = unpacked(data)
        return _plain_entry(source, key, text) or _entry(source, key, loaded(text))
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise Damaged(f"the entry {key!r} of {source} is damaged") from error


def kin(data: bytes) -> tuple[list[str], list[str]]:
    """The parents and the other names within an encoded entry, folded and each once."""
    try:
        row = loaded(unpacked(data))
        return _folded(one[1] for one in _part(row, 2)), _folded(_part(row, 5))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("an entry is damaged") from error


def kin_of(entry: Entry) -> tuple[list[str], list[str]]:
    """The same of an entry that is not encoded yet."""
    if not entry.relations and not entry.names:
        return [], []
    return _folded(one.parent for one in entry.relations), _folded(entry.names)


def _folded(names: Any) -> list[str]:  # noqa: ANN401 - texts, from anywhere
    return list(dict.fromkeys(name.casefold() for name in names))


class _Plain(Struct, array_like=True, forbid_unknown_fields=True):
    """A row of what `_is_plain` finds in an entry."""

    model: str
    values: dict[Column, str | int | bool | tuple[str, ...]]
    relations: tuple[tuple[str, ...], ...] = ()


_READ_PLAIN = Decoder(_Plain).decode


def _plain_entry(source: str, key: str, text: bytes) -> Entry | None:
    """The entry where it is a plain one whose columns are all known, else None."""
    try:
        row = _READ_PLAIN(text)
    except (MsgspecError, UnicodeDecodeError):
        return None
    relations = tuple([_RELATIONS[one] for one in row.relations])
    return Entry(source=source, key=key, model=row.model, values=row.values, relations=relations)


def _part(row: Sequence[Any], place: int) -> Any:  # noqa: ANN401 - as above
    return row[place] if place < len(row) else ()


def _entry(source: str, key: str, row: Sequence[Any]) -> Entry:
    return Entry(
        source=source,
        key=key,
        model=row[0],
        values=_values(row[1]),
        relations=tuple(_relation(tuple(one)) for one in _part(row, 2)),
        offers=tuple(_offer(one) for one in _part(row, 3)),
        results=tuple(_result(one) for one in _part(row, 4)),
        names=tuple(_part(row, 5)),
        origins=_origins(dict(_part(row, 6))),
        measured=runs_of(_part(row, 7)),
    )


def _values(row: dict[str, Any]) -> dict[Column, Value]:
    """Columns that this elige does not know are passed over: a newer one wrote them."""
    columns = _COLUMNS
    return {
        columns[name]: tuple(value) if isinstance(value, list) else value
        for name, value in row.items()
        if name in columns
    }


def _origins(row: dict[str, Any]) -> dict[Column, Origin]:
    return {
        _COLUMNS[name]: Origin(
            source=source, checked=checked, kind=None if kind is None else FactKind(kind)
        )
        for name, (source, checked, kind) in row.items()
        if name in _COLUMNS
    }


def _relation(row: tuple[str, ...]) -> Relation:
    kind, parent, how, why = (*row, "declared", "") if len(row) == 2 else row
    return Relation(kind=RelationKind(kind), parent=parent, how=FactKind(how), why=why)


# Many models have one parent.
_RELATIONS = Remembered(_relation, 100_000)


def _trimmed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A relation without what is declared and unexplained, as most are."""
    return row[:2] if row[2:] == ("declared", "") else row


def _offer_row(one: Offer) -> tuple[Any, ...]:
    prices = (_text(one.input), _text(one.output), _text(one.cached_input))
    head = (one.provider, one.hosted, *prices, one.context)
    row = (*head, one.is_free, one.is_deprecated, one.dated, one.link)
    if one.batch_input is None and one.batch_output is None:
        return row
    return (*row, _text(one.batch_input), _text(one.batch_output))


def _offer(row: Sequence[Any]) -> Offer:
    provider, hosted, inward, outward, cached, context, *rest = row[:10]
    is_free, is_deprecated, dated, link = rest
    batch_input, batch_output = row[10:12] or (None, None)
    return Offer(
        provider=provider,
        hosted=hosted,
        input=_price(inward),
        output=_price(outward),
        cached_input=_price(cached),
        context=context,
        is_free=is_free,
        is_deprecated=is_deprecated,
        dated=dated,
        link=link,
        batch_input=_price(batch_input),
        batch_output=_price(batch_output),
    )


def _result_row(one: PublishedScore) -> tuple[Any, ...]:
    head = (one.benchmark, one.value, one.version, one.setting, one.metric, one.unit)
    row = (*head, one.low, one.high, one.self_reported, one.dated, one.link)
    return row if one.samples is None else (*row, one.samples)


def _result(row: Sequence[Any]) -> PublishedScore:
    benchmark, value, version, setting, metric, unit, *rest = row
    low, high, self_reported, dated, link, *samples = rest
    return PublishedScore(
        benchmark=benchmark,
        value=value,
        version=version,
        setting=setting,
        metric=metric,
        unit=unit,
        low=low,
        high=high,
        self_reported=self_reported,
        dated=dated,
        link=link,
        samples=next(iter(samples), None),
    )


def _text(price: Decimal | None) -> str | None:
    return None if price is None else str(price)


def _price(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


_COLUMNS = {str(column): column for column in Column}
