"""`models search` and `models similar`: what was said becomes a query; the index is brought up."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from elige.catalog.search import (
    Followed,
    Following,
    Found,
    Hit,
    IndexBroken,
    Query,
    SearchIndex,
    follow,
)
from elige.catalog.search import search as search_index
from elige.catalog.search.similar import Likeness, find_hit, similar
from elige.choose.limits import parse_bytes
from elige.errors import BadInput, NotFound
from elige.machine.facts import machine_facts
from elige.text import human_bytes
from elige.workbench.bench import Workbench
from elige.workbench.installed_prices import gather_prices
from elige.workbench.own_runs import gather_runs

HERE = "here"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmbt])?", re.IGNORECASE)
_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_LARGEST = 1 << 62
_LEAST_MEMORY = 1_000_000
_TOKENS = re.compile(r"(\d+(?:\.\d+)?)\s*([km]?)", re.IGNORECASE)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSaid:
    """What a user said beside the values that are taken as they are, '' where nothing was said."""

    fits: str = ""
    params: str = ""
    context: str = ""
    max_price: str = ""
    min_scores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was found, the query as it was understood, and notices about the index."""

    found: Found
    query: Query
    notices: tuple[str, ...] = ()


def search_models(bench: Workbench, query: Query, said: SearchSaid) -> Searched:
    """The models that `query` and `said` ask for.

    Raises `BadInput` for a value that cannot be read or that no model has.
    """
    if query.limit < 1:
        raise BadInput(f"--limit is {query.limit}.", hint="Ask for at least 1.")
    if query.offset < 0:
        raise BadInput(f"--offset is {query.offset}.", hint="Skip 0 or more.")
    notices: list[str] = []
    asked = replace(
        query,
        parameters=parse_params(said.params),
        min_context=parse_tokens(said.context) if said.context else query.min_context,
        max_price=parse_price(said.max_price),
        min_scores=tuple(parse_score(text) for text in said.min_scores),
        fits=_memory(bench, said.fits, notices),
    )
    if said.min_scores or query.sort.startswith("score"):
        gather_runs(bench)
    if asked.max_price is not None or query.sort.partition(":")[0] == "price":
        gather_prices(bench)
    found = with_index(bench, lambda index: search_index(index, asked), notices)
    return Searched(found=found, query=asked, notices=tuple(notices))


def similar_models(
    bench: Workbench, ref: str, *, limit: int = 10
) -> tuple[Hit, tuple[Likeness, ...]]:
    """The model that `ref` names, and those like it. Raises `NotFound`."""
    if limit < 1:
        raise BadInput(f"--limit is {limit}.", hint="Ask for at least 1.")

    def ask(index: SearchIndex) -> tuple[Hit, tuple[Likeness, ...]]:
        one = find_hit(index, ref)
        if one is None:
            near = search_index(index, Query(text=ref, limit=3, facets=False)).hits
            names = " or ".join(hit.model for hit in near)
            hint = f"Did you mean {names}?" if names else "elige models search TEXT finds models."
            raise NotFound("model", ref, hint=hint)
        return one, similar(index, one, limit=limit)

    return with_index(bench, ask, [])


def index_folder(bench: Workbench) -> Path:
    """Where the index lies: beside the catalogue."""
    return bench.settings.catalogue.with_name("catalog.index")


def follow_catalogue(bench: Workbench) -> Followed:
    """Bring the index up to the catalogue, so that the next search need not; waits its turn."""
    how = Following(sources=bench.catalogue.sources, say=bench.say, wait=True)
    return follow(SearchIndex(index_folder(bench)), bench.catalogue, how)


def with_index(bench: Workbench, ask: Callable[[SearchIndex], _T], notices: list[str]) -> _T:
    """What `ask` says of the index once it is abreast; a damaged one is built anew, once."""
    index = SearchIndex(index_folder(bench))
    how = Following(sources=bench.catalogue.sources, say=bench.say)
    if follow(index, bench.catalogue, how).behind:
        notices.append("The catalogue is being written just now; this is its state before.")
    try:
        return ask(index)
    except IndexBroken:
        bench.say("The catalogue's index is damaged. It is built anew.")
        index.clear()
        follow(index, bench.catalogue, replace(how, wait=True))
        return ask(index)


def _memory(bench: Workbench, said: str, notices: list[str]) -> int | None:
    if not said:
        return None
    if said != HERE:
        return _sized(said)
    machine = machine_facts(bench.settings.home, bench.settings.environment)
    largest = max((gpu.memory_bytes for gpu in machine.gpus), default=0)
    memory = largest or machine.memory_bytes
    what = "the largest GPU's" if largest else "this machine's"
    notices.append(f"--fits takes {what} memory, {human_bytes(memory)}.")
    return memory


def _sized(said: str) -> int:
    size = parse_bytes(said)
    if size < _LEAST_MEMORY:
        raise BadInput(
            f"--fits {said} is {human_bytes(size)}, in which no model fits.",
            hint=f"With its unit: --fits {said.rstrip('bB ') if size else 24}GB.",
        )
    return size


def parse_tokens(text: str) -> int | None:
    """A number of tokens from '8192', '128K' (thousands) or '1M'; None for ''.

    Raises `BadInput`.
    """
    if not text.strip():
        return None
    found = _TOKENS.fullmatch(text.strip().replace(",", "").replace("_", ""))
    if found is None:
        raise BadInput(
            f"--context {text!r} is no number of tokens.", hint="Write --context 8192 or 128K."
        )
    return min(_LARGEST, int(Decimal(found[1]) * 1000 ** ("", "k", "m").index(found[2].lower())))


def parse_params(text: str) -> tuple[int | None, int | None]:
    """Bounds from '1B-8B', '-8B', '70B-' or '7B' (a tenth about it); no bounds from ''.

    Raises `BadInput` for anything else.
    """
    plain = text.strip().replace("–", "-").replace("..", "-")
    if not plain:
        return None, None
    if plain.startswith(("<", ">")):
        count = _count(plain.lstrip("<>="), text)
        return (None, count) if plain[0] == "<" else (count, None)
    first, dash, last = plain.partition("-")
    if not dash:
        count = _count(plain, text)
        return count * 9 // 10, count * 11 // 10
    low = _count(first, text) if first.strip() else None
    high = _count(last, text) if last.strip() else None
    if low is None and high is None:
        _count("", text)
    if low is not None and high is not None and low > high:
        raise BadInput(f"--params {text!r} ends below its beginning.", hint="Write --params 1B-8B.")
    return low, high


def _count(part: str, whole: str) -> int:
    found = _SIZE.fullmatch(part.strip())
    if found is None:
        raise BadInput(
            f"--params {whole!r} is no range of sizes.", hint="Write --params 1B-8B, -8B or 70B-."
        )
    return min(_LARGEST, int(Decimal(found[1]) * _FACTORS[(found[2] or "").lower()]))


def parse_price(text: str) -> Decimal | None:
    """Dollars per million tokens; None for ''. Raises `BadInput` for what is no price."""
    if not text.strip():
        return None
    try:
        price = Decimal(text.strip().lstrip("$"))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise BadInput(
            f"--max-price {text!r} is no price.",
            hint="Write dollars per million tokens, such as --max-price 0.50.",
        )
    return price


def parse_score(text: str) -> tuple[str, float]:
    """A benchmark and a value from 'mmlu=0.7' or 'mmlu=70%'. Raises `BadInput`."""
    name, sign, value = text.partition("=")
    try:
        number = float(value.strip().removesuffix("%")) / (100 if "%" in value else 1)
    except ValueError:
        number = float("nan")
    if not sign or not name.strip() or not abs(number) < float("inf"):
        raise BadInput(
            f"--min-score {text!r} is no benchmark and value.", hint="Write --min-score mmlu=0.7."
        )
    return name.strip(), number
