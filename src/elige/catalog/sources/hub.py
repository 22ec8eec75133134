"""The hub's own records of models: asked of its API, or kept in files."""

import csv
import gzip
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from elige.catalog.sources.hub_record import entry_of
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
            if not isinstance(record, dict):
                yield Broken(where=where, why=f"{type(record).__name__} instead of an object")
                continue
            try:
                yield entry_of(record, self.name)
            except ValueError as error:
                yield Broken(where=where, why=str(error))


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
    try:
        if path.suffix.lower() == ".csv":
            yield from _table(path)
            return
        text = _text(path)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise BadInput(f"{path} cannot be read: {error}.", hint="Check the file.") from error
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, list):
        yield from ((f"{path.name}, record {at}", one) for at, one in enumerate(whole, 1))
    elif isinstance(whole, dict):
        yield path.name, whole
    elif lines and lines[0].lstrip().startswith("{"):
        yield from ((f"{path.name}, line {at}", _json(one)) for at, one in enumerate(lines, 1))
    else:
        raise BadInput(
            f"{path.name} holds no records of hub models.",
            hint="Give model-info records as JSON, JSONL or a CSV with a column metadata.",
        )


def _table(path: Path) -> Iterator[tuple[str, object]]:
    csv.field_size_limit(min(sys.maxsize, 100_000_000))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "metadata" not in (rows.fieldnames or ()):
            raise BadInput(
                f"{path.name} has no column metadata.", hint="Give model-info records as JSON."
            )
        for at, row in enumerate(rows, 1):
            yield f"{path.name}, row {at}", _json(row["metadata"] or "")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
