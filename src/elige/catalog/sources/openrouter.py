"""OpenRouter's list of models: prices per token, as texts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any  # what JSON holds has no narrower type

from elige.catalog.identity import identify_model
from elige.catalog.sources.json_files import document_at, flaw
from elige.catalog.sources.money import A_TOKEN, as_batch, pair_of, price_of
from elige.catalog.sources.reading import (
    day,
    hub_name,
    mapping,
    name_of,
    partial_day,
    said,
    text,
    texts,
    whole,
)
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Offer, Origin, Place, Value

_HINT = "Save what https://openrouter.ai/api/v1/models answers."
# Of open weights it says how long a text its hosts take, which may be less than the model does.
_OF_HOSTS = {
    column: Origin(source="openrouter (what its hosts take)", kind=FactKind.ESTIMATED)
    for column in (Column.CONTEXT, Column.MAX_OUTPUT)
}
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE = re.compile(r"(?<=[.!?])\s")


class OpenRouter:
    """Reads what OpenRouter's address of models answers, as a file."""

    name = "openrouter"
    title = "OpenRouter"
    address = "https://openrouter.ai/api/v1/models"
    download = address
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = {}

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """An entry for each model and variant; variants (`:free`) have an offer alone.

        The prices are the lowest context tier's; those of images, requests and searches are apart.
        Raises `BadInput` for a file that is no such list.
        """
        if place.path is None:
            raise BadInput("OpenRouter's list is read from a file.", hint=_HINT)
        rows = document_at(place.path, _HINT, exact=True)
        rows = rows.get("data", rows) if isinstance(rows, dict) else rows
        if not isinstance(rows, list):
            raise BadInput(f"{place.path} holds no list of models.", hint=_HINT)
        seen: set[str] = set()
        for number, row in enumerate(rows, start=1):
            yield _read_row(row, number, seen, place.fetched[:10])


def _read_row(row: object, number: int, seen: set[str], dated: str) -> Entry | Broken:
    model = mapping(row)
    key = name_of(model.get("id"))
    where = f"model {number}" + (f", {key}" if key else "")
    if not key:
        return Broken(where=where, why="it has no id")
    if why := flaw(row):
        return Broken(where=where, why=why)
    if key in seen:
        return Broken(where=where, why="the id stands there twice")
    try:
        offer = _offer(key, model, dated)
    except ValueError as error:
        return Broken(where=where, why=str(error))
    seen.add(key)
    hub = hub_name(model.get("hugging_face_id"))
    base = key.partition(":")[0].lstrip("~")
    return Entry(
        source=OpenRouter.name,
        key=key,
        model=identify_model(hub) if hub.count("/") == 1 else identify_model(key, "openrouter"),
        values=_values(model, hub) if base == key else {},
        origins=_OF_HOSTS if base == key and hub else {},
        offers=(offer,),
        names=(base,) if base == key else (),
    )


def _offer(key: str, model: Mapping[str, Any], dated: str) -> Offer:
    """Raises `ValueError` for a price that is none."""
    told = mapping(model.get("pricing"))
    inward, outward, free = pair_of(
        price_of(told.get("prompt"), unit=A_TOKEN),
        price_of(told.get("completion"), unit=A_TOKEN),
        may_be_free=key.endswith(":free") or _is_free(model, told),
    )
    ends = day(model.get("expiration_date"))
    offer = Offer(
        provider="openrouter",
        hosted=key,
        input=inward,
        output=outward,
        cached_input=price_of(told.get("input_cache_read"), unit=A_TOKEN) or None,
        context=whole(mapping(model.get("top_provider")).get("context_length"), least=1)
        or whole(model.get("context_length"), least=1),
        is_free=free,
        is_deprecated=bool(ends) and bool(dated) and ends <= dated,
        dated=dated,
        link=f"https://openrouter.ai/{key.lstrip('~')}",
    )
    return as_batch(offer) if key.endswith(":batch") else offer


def _is_free(model: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether nought a token is all there is to pay: nothing a picture, a song, a request."""
    makes = texts(mapping(model.get("architecture")).get("output_modalities"))
    others = (told[name] for name in told if name not in {"prompt", "completion"})
    return set(makes) <= {"text"} and not any(str(one).strip("0. ") for one in others if one)


def _values(model: Mapping[str, Any], hub: str) -> dict[Column, Value]:
    shape = mapping(model.get("architecture"))
    able = set(texts(model.get("supported_parameters")))
    told = _LINK.sub(r"\1", text(model.get("description")))
    found: dict[Column, Value | None] = {
        Column.NAME: text(model.get("name")).partition(": ")[2] or text(model.get("name")),
        Column.DESCRIPTION: _SENTENCE.split(told, maxsplit=1)[0][:300],
        Column.MODALITIES_IN: texts(shape.get("input_modalities")),
        Column.MODALITIES_OUT: texts(shape.get("output_modalities")),
        Column.CONTEXT: whole(model.get("context_length"), least=1),
        Column.MAX_OUTPUT: whole(
            mapping(model.get("top_provider")).get("max_completion_tokens"), least=1
        ),
        Column.KNOWLEDGE_CUTOFF: partial_day(model.get("knowledge_cutoff")),
        Column.WEIGHTS: "open" if hub else "",
    }
    values = said(found)
    if able:
        values |= {Column.TOOL_CALL: "tools" in able, Column.REASONING: "reasoning" in able}
    return values
