"""The hub's own records of models: asked of its API, or kept in files."""

import csv
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from elige.catalog.sources.hub_record import entry_of
from elige.catalog.sources.json_files import LONGEST_LINE, flaw, record_of, records_at
from elige.catalog.sources.packed import stream_of
from elige.errors import BadInput
from elige.fetch import PUBLIC_HUB, Hub
from elige.fetch.listing import listed_models
from elige.records import Broken, Column, Entry, FactKind, Place

_FIRST = 20_000


class HubModels:
    """Asks a hub, or reads its records from JSON, JSONL or a CSV with a column `metadata`.

    The first time the 20,000 most downloaded models are asked for, later whatever changed since;
    `--from https://HUB/ORG` asks for one organisation's.
    """

    name = "hub"
    title = "Hugging Face hub"
    address = PUBLIC_HUB
    asks = True
    partial = True
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = MappingProxyType(
        {Column.DOWNLOADS: FactKind.PUBLISHED, Column.LIKES: FactKind.PUBLISHED}
    )

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """Every record; raises `BadInput` for a file of another kind, `EligeError` without hub."""
        for where, record in _asked(place) if place.path is None else _read(place.path):
            yield record if isinstance(record, Broken) else _entry(where, record)


def _entry(where: str, record: object) -> Entry | Broken:
    why = flaw(record)
    if not isinstance(record, dict):
        why = f"{type(record).__name__} instead of an object"
    elif not why:
        try:
            return entry_of(record, HubModels.name)
        except ValueError as error:
            why = str(error)
    return Broken(where=where, why=why)


def _asked(place: Place) -> Iterator[tuple[str, object]]:
    address = (place.address or PUBLIC_HUB).rstrip("/")
    scheme, _, rest = address.partition("://")
    host, _, author = rest.partition("/")
    if scheme not in {"http", "https"} or not host or "/" in author:
        raise BadInput(
            f"{address} is no hub, nor an organisation on one.",
            hint=f"For example: --from {PUBLIC_HUB}/allenai",
        )
    hub = Hub(folder=Path(), endpoint=f"{scheme}://{host}", token=place.token)
    most = None if place.since or author else _FIRST
    for at, record in enumerate(listed_models(hub, author=author, since=place.since, most=most), 1):
        yield f"{host}, record {at}", record


def _read(path: Path) -> Iterator[tuple[str, object]]:
    if ".csv" in path.suffixes:
        return _table(path)
    return records_at(
        path, "Give model-info records as JSON, JSONL or a CSV with a column metadata."
    )


def _table(path: Path) -> Iterator[tuple[str, object]]:
    csv.field_size_limit(LONGEST_LINE)
    with stream_of(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
        rows = csv.DictReader(text)
        if "metadata" not in _headings(rows):
            lacks = "has no column metadata" if rows.fieldnames else "is empty"
            raise BadInput(f"{path.name} {lacks}.", hint="Give model-info records as JSON.")
        for at in itertools.count(1):
            where = f"{path.name}, row {at}"
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield where, Broken(where=where, why=str(error))
            else:
                yield where, record_of(row["metadata"] or "", where)


def _headings(rows: "csv.DictReader[str]") -> Sequence[str]:
    try:
        return rows.fieldnames or ()
    except csv.Error:
        return ()
