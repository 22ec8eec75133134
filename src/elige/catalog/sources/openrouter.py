"""OpenRouter's list of models: prices per token, as texts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any  # what JSON holds has no narrower type

from elige.catalog.identity import identify_model
from elige.catalog.sources.money import (
    as_batch,
    count_of,
    json_at,
    keys_of,
    pair_of,
    price_of,
    word_of,
    words_of,
)
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Offer, Place, Value

_HINT = "Save what https://openrouter.ai/api/v1/models answers."
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
        rows = json_at(place.path, _HINT)
        rows = rows.get("data", rows) if isinstance(rows, dict) else rows
        if not isinstance(rows, list):
            raise BadInput(f"{place.path} holds no list of models.", hint=_HINT)
        seen: set[str] = set()
        for number, row in enumerate(rows, start=1):
            yield _read_row(row, number, seen, place.fetched[:10])


def _read_row(row: object, number: int, seen: set[str], dated: str) -> Entry | Broken:
    model = keys_of(row)
    key = word_of(model.get("id"))
    where = f"model {number}" + (f", {key}" if key else "")
    if not key:
        return Broken(where=where, why="it has no id")
    if key in seen:
        return Broken(where=where, why="the id stands there twice")
    try:
        offer = _offer(key, model, dated)
    except ValueError as error:
        return Broken(where=where, why=str(error))
    seen.add(key)
    hub = word_of(model.get("hugging_face_id"))
    base = key.partition(":")[0].lstrip("~")
    return Entry(
        source=OpenRouter.name,
        key=key,
        model=identify_model(hub) if hub.count("/") == 1 else identify_model(key, "openrouter"),
        values=_values(model, hub) if base == key else {},
        offers=(offer,),
        names=(base,) if base == key else (),
    )


def _offer(key: str, model: Mapping[str, Any], dated: str) -> Offer:
    """Raises `ValueError` for a price that is none."""
    told = keys_of(model.get("pricing"))
    inward, outward, free = pair_of(
        price_of(told.get("prompt"), per_token=True),
        price_of(told.get("completion"), per_token=True),
        may_be_free=key.endswith(":free") or _is_free(model, told),
    )
    ends = word_of(model.get("expiration_date"))[:10]
    offer = Offer(
        provider="openrouter",
        hosted=key,
        input=inward,
        output=outward,
        cached_input=price_of(told.get("input_cache_read"), per_token=True) or None,
        context=count_of(keys_of(model.get("top_provider")).get("context_length"))
        or count_of(model.get("context_length")),
        is_free=free,
        is_deprecated=bool(ends) and bool(dated) and ends <= dated,
        dated=dated,
        link=f"https://openrouter.ai/{key.lstrip('~')}",
    )
    return as_batch(offer) if key.endswith(":batch") else offer


def _is_free(model: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether nought a token is all there is to pay: nothing a picture, a song, a request."""
    makes = words_of(keys_of(model.get("architecture")).get("output_modalities"))
    others = (told[name] for name in told if name not in {"prompt", "completion"})
    return set(makes) <= {"text"} and not any(str(one).strip("0. ") for one in others if one)


def _values(model: Mapping[str, Any], hub: str) -> dict[Column, Value]:
    shape = keys_of(model.get("architecture"))
    able = set(words_of(model.get("supported_parameters")))
    text = _LINK.sub(r"\1", word_of(model.get("description")))
    found: dict[Column, Value | None] = {
        Column.NAME: word_of(model.get("name")).partition(": ")[2] or word_of(model.get("name")),
        Column.DESCRIPTION: _SENTENCE.split(text, maxsplit=1)[0][:300],
        Column.MODALITIES_IN: words_of(shape.get("input_modalities")),
        Column.MODALITIES_OUT: words_of(shape.get("output_modalities")),
        Column.CONTEXT: count_of(model.get("context_length")),
        Column.MAX_OUTPUT: count_of(
            keys_of(model.get("top_provider")).get("max_completion_tokens")
        ),
        Column.KNOWLEDGE_CUTOFF: word_of(model.get("knowledge_cutoff")),
        Column.WEIGHTS: "open" if hub else "",
    }
    values = {column: value for column, value in found.items() if value}
    if able:
        values |= {Column.TOOL_CALL: "tools" in able, Column.REASONING: "reasoning" in able}
    return values
