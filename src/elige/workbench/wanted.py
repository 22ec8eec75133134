"""The text of `choose --from`: words and filters, the filters of `models search`."""

import re
import shlex
from collections.abc import Iterator
from typing import Any  # the query's fields have different types

from elige.catalog.search import Query
from elige.errors import BadInput
from elige.text import nearest
from elige.workbench.models_search import SearchSaid

_SEVERAL = {
    "task": "tasks",
    "domain": "domains",
    "collection": "collections",
    "language": "languages",
    "family": "families",
    "author": "authors",
    "licence": "licences",
    "license": "licences",
    "format": "formats",
    "weights": "weights",
    "may": "may",
}
_ONE = {"openness": "openness", "sort": "sort"}
_SAID = {"params": "params", "fits": "fits", "context": "context", "max-price": "max_price"}
_KEYS = (*_SEVERAL, *_ONE, *_SAID, "min-score", "no-deprecated")
_FILTER = re.compile(r"(?:--)?(?P<key>[A-Za-z][A-Za-z_-]*)[:=](?P<value>.+)", re.DOTALL)

_RUN_ON = re.compile(rf"[,;](?:{'|'.join(_KEYS)})[:=]", re.IGNORECASE)


def parse_wanted(text: str) -> tuple[Query, SearchSaid]:
    """Words and filters from 'medicine params:1B-8B may:commercial' or '... --may commercial'.

    Raises `BadInput` for a filter that does not exist.
    """
    words: list[str] = []
    fields: dict[str, Any] = {}
    said: dict[str, Any] = {}
    for key, value in _parts(text):
        if after := _RUN_ON.search(value):
            first = f"{key}:{value}" if key else value
            begins = first[: len(first) - len(value) + after.start()]
            raise BadInput(
                f"--from: {first!r} runs two together.",
                hint=f"Part them by a space: {begins} {after[0][1:]}...",
            )
        if not key:
            words.append(value)
        elif key in _SEVERAL:
            several = fields.get(_SEVERAL[key], ())
            fields[_SEVERAL[key]] = (*several, *(one for one in value.split(",") if one))
        elif key in _ONE:
            fields[_ONE[key]] = value
        elif key in _SAID:
            said[_SAID[key]] = value
        elif key == "min-score":
            said["min_scores"] = (*said.get("min_scores", ()), value)
        else:
            fields["with_deprecated"] = False
    return Query(text=" ".join(words), **fields), SearchSaid(**said)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a filter's name ('' for a word) and a value."""
    try:
        tokens = shlex.split(text)
    except ValueError:  # an apostrophe is no quotation mark
        tokens = text.split()
    rest = iter(tokens)
    for token in rest:
        found = _FILTER.fullmatch(token)
        if found is not None:
            yield _key(found["key"], token), found["value"]
        elif token.startswith("--") and len(token) > 2:
            key = _key(token[2:], token)
            alone = {"no-deprecated": "yes"}
            value = alone.get(key) or next(rest, "")
            if not value or value.startswith("--"):
                raise BadInput(f"--from: {token} has no value.", hint=f"Write {key}:VALUE.")
            yield key, value
        else:
            yield "", token


def _key(said: str, token: str) -> str:
    key = said.lower().replace("_", "-")
    if key not in _KEYS:
        raise BadInput(
            f"--from: {token!r} names {said!r}, which is no filter.",
            hint=nearest(key, _KEYS) or f"Known: {', '.join(_KEYS)}.",
        )
    return key
