"""Which models to race where nobody named any: hard limits first, then an order with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum

from elige.catalog.own_results import by_weight, how_taken
from elige.choose.amounts import money
from elige.choose.limits import KnownFacts, Limits, rejection
from elige.records import Card, Column, Considered, RunResult
from elige.text import human_bytes

MOST = 6
_OF_ONE_FAMILY = 2
_FRESH_DAYS, _RECENT_DAYS = 365, 730
# Tasks of models that answer with text.
_WRITING = frozenset(
    {
        "text-generation",
        "text2text-generation",
        "image-text-to-text",
        "conversational",
        "any-to-any",
    }
)


class Nearness(IntEnum):
    """Where a model can be opened, the nearest first."""

    HERE = 0
    ENDPOINT = 1
    HUB = 2


_PLACES = {
    Nearness.HERE: "it is on this machine",
    Nearness.ENDPOINT: "its endpoint is configured",
    Nearness.HUB: "it can be downloaded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A model that could be raced, with what is known of it.

    `ref` is what `--candidate` takes; `closed` says why it cannot be opened here, '' where it can.
    `licence` is its name and `commercial` yes, conditions, no or unknown, of its lineage too;
    `inherited` says why, where that asks for more than its own licence. `price` is in US dollars
    for a million tokens, three of four of them input; None is unknown.
    """

    ref: str
    model: str
    nearness: Nearness = Nearness.HERE
    closed: str = ""
    card: Card | None = None
    known: KnownFacts = field(default_factory=KnownFacts)
    licence: str = ""
    inherited: str = ""
    commercial: str = "unknown"
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked of a proposal. `today` is an ISO date.

    `ordered` says that the options come in the order wanted (a search's); then nothing is ranked,
    and many of one family are welcome.
    """

    limits: Limits = field(default_factory=Limits)
    count: int = MOST
    today: str = ""
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Whom to race and why, and who was left out and why. `refs` is what `--candidate` takes."""

    refs: tuple[str, ...] = ()
    proposed: tuple[Considered, ...] = ()
    not_raced: tuple[Considered, ...] = ()


def propose(options: Sequence[Option], terms: Terms) -> Proposal:
    """At most `terms.count` of `options`, with a reason for each of all of them."""
    out = [(one, barred(one, terms.limits)) for one in options]
    left = [Considered(name=one.model, why=why) for one, why in out if why]
    able = [one for one, why in out if not why]
    if not terms.ordered:
        able.sort(key=lambda one: _rank(one, terms.today))
    taken: list[Option] = []
    for one in able:
        why = _surplus(one, taken, terms)
        if why:
            left.append(Considered(name=one.model, why=why))
        else:
            taken.append(one)
    return Proposal(
        refs=tuple(one.ref for one in taken),
        proposed=tuple(
            Considered(name=one.ref, why="; ".join(reasons(one, terms.today))) for one in taken
        ),
        not_raced=tuple(left),
    )


def barred(one: Option, limits: Limits) -> str:
    """Why a model cannot be raced here at all, '' when it can. An unknown task bars nobody."""
    if one.closed:
        return one.closed
    if _value(one, Column.DEPRECATED) is True:
        return "its maker or host gave it up (deprecated)"
    task = _value(one, Column.TASK)
    if isinstance(task, str) and task and task not in _WRITING:
        return f"it does not write text; its task is {task}"
    return rejection(one.known, limits)


def reasons(one: Option, today: str) -> tuple[str, ...]:
    """What speaks for a model, or is not known of it, in the order in which models are ranked."""
    return (
        _PLACES[one.nearness],
        _licence_words(one),
        *_fit_words(one.known),
        *_age_words(one, today),
        *_score_words(one),
        *([f"{money(one.price)} for a million tokens"] if one.price is not None else []),
    )


def _surplus(one: Option, taken: Sequence[Option], terms: Terms) -> str:
    if any(other.ref == one.ref for other in taken):
        return f"it is the same as {one.ref}, which is raced"
    if not terms.ordered:
        family = _family(one)
        same = sum(1 for other in taken if family and _family(other) == family)
        if same >= _OF_ONE_FAMILY:
            return f"{same} of its family ({family}) are proposed already"
    if len(taken) >= terms.count:
        how = "stand before it in the search" if terms.ordered else "rank before it"
        return f"{terms.count} models that can be raced {how}"
    return ""


def _rank(one: Option, today: str) -> tuple[int | float | str, ...]:
    """The nearest, the freest, the freshest, measured here, published, the cheapest first."""
    licences = {"yes": 0, "conditions": 1, "unknown": 2, "no": 3}
    age = _age(one, today)
    stage = 2 if age is None else (age > _FRESH_DAYS) + (age > _RECENT_DAYS)
    downloads = _value(one, Column.DOWNLOADS)
    return (
        int(one.nearness),
        licences.get(one.commercial, 2),
        stage,
        _evidence(one),
        float("inf") if one.price is None else float(one.price),
        -downloads if isinstance(downloads, int) else 0,
        one.model.casefold(),
    )


def _evidence(one: Option) -> int:
    """What is known of how good it is: own runs first, then what others published, then nothing.

    Being beaten here by another model speaks for nothing; it is no reason to come first.
    """
    measured = [result for result in own_results(one) if result.place != "beaten"]
    published = bool(one.card and one.card.results)
    return 0 if measured else 1 if published else 2


def own_results(one: Option) -> list[RunResult]:
    """What runs here showed of a model, whole evaluations and the newest first."""
    return by_weight(result for result in one.card.measured) if one.card else []


def _licence_words(one: Option) -> str:
    use = {
        "yes": "allows commercial use",
        "conditions": "allows commercial use under conditions",
        "no": "forbids commercial use",
    }
    if one.inherited:
        says = use.get(one.commercial, "leaves commercial use unknown")
        stated = f"states {one.licence}" if one.licence else "states no licence"
        return f"it {stated}, and its lineage {says} ({one.inherited})"
    if not one.licence:
        return "its licence is unknown"
    return f"{one.licence} {use.get(one.commercial, 'says nothing known of commercial use')}"


def _fit_words(known: KnownFacts) -> tuple[str, ...]:
    if not known.runs_here:
        return ()
    if known.memory is None or known.free is None:
        return ("whether it fits here is unknown",)
    need, free = human_bytes(known.memory), human_bytes(known.free)
    return (f"it needs about {need} of the {free} free here (estimated)",)


def _age_words(one: Option, today: str) -> tuple[str, ...]:
    released = _value(one, Column.RELEASED)
    age = _age(one, today)
    if age is None:
        return ()
    return (f"released {released}{', less than a year ago' if age <= _FRESH_DAYS else ''}",)


def _score_words(one: Option) -> tuple[str, ...]:
    own = tuple(_own_words(result) for result in own_results(one)[:1])
    results = one.card.results if one.card else ()
    if not results:
        return own
    source, first = results[0]
    unit = "" if first.unit == "fraction" else f" {first.unit}"
    more = f", {len(results) - 1} more published" if len(results) > 1 else ""
    return (*own, f"published {first.benchmark} {first.value:g}{unit} ({source}){more}")


def _own_words(one: RunResult) -> str:
    """The newest own result: how good, on what, how it was taken and when."""
    good = one.figure if one.score is None else f"{100 * one.score:.1f}"
    asked = f"{one.samples:,}" if one.is_full else f"{one.samples:,} of {one.planned:,}"
    samples = "sample" if asked == "1" else "samples"
    return (
        f"measured here: {good} on {one.task} ({how_taken(one)}, {asked} {samples}, "
        f"{one.dated[:10]})"
    )


def _age(one: Option, today: str) -> int | None:
    """Days since its release, None where that or today is not known to the day."""
    try:
        released = date.fromisoformat(str(_value(one, Column.RELEASED)))
        return (date.fromisoformat(today) - released).days
    except ValueError:
        return None


def _family(one: Option) -> str:
    return str(_value(one, Column.FAMILY) or "").casefold()


def _value(one: Option, column: Column) -> object:
    return one.card.value(column) if one.card else None
