"""`cost`: what models cost where they are hosted, and on a machine of one's own."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from elige.catalog.identity import identify_model, maker_of
from elige.catalog.offers import Market, Priced, Workload, host_of, market_of
from elige.catalog.self_hosting import (
    SPEED_FORMULA,
    BreakEven,
    OwnMachine,
    mixed_speed,
)
from elige.catalog.shipped import shipped
from elige.errors import EligeError, NotFound
from elige.loader.reference import parse_ref
from elige.machine.need import Fits
from elige.records import Broken, Card, Column, Fact, FactKind, RefKind
from elige.text import nearest, one_line
from elige.workbench.bench import Workbench
from elige.workbench.cost_offers import Offered, of_file, with_package

if TYPE_CHECKING:
    from elige.workbench.reckoning import FitRow

_HERE = frozenset({RefKind.FOLDER, RefKind.GGUF, RefKind.PACKAGED, RefKind.LOCAL})
_OF_EACH_MAKER = 2
_LONGEST_SHOWN = 100
_NONE_BESIDE = (
    "No closed models beside: nothing here says which models are closed and when they were "
    "released (models.dev does)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOptions:
    """The use, the date, and the own machine: its price per hour and its speed, if they are said.

    `offers` is a file or folder to take the offers from instead of the catalogue and the installed
    prices, and `dated` the ISO date on which it was fetched, '' for unknown.
    """

    use: Workload
    today: str
    per_hour: Decimal | None = None
    tokens_per_second: Decimal | None = None
    offers: Path | None = None
    dated: str = ""
    beside: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfHosted:
    """A machine of one's own: its speed with its origin, and where it breaks even.

    `why_not` says why there is nothing to tell.
    """

    machine: OwnMachine | None = None
    speed: Fact | None = None
    precision: str = ""
    break_even: tuple[BreakEven, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one model costs."""

    asked: str
    model: str
    market: Market
    weights: str = ""
    self_hosted: SelfHosted | None = None

    @property
    def of_maker(self) -> Priced | None:
        """What its maker asks for it, the cheapest way; None where the maker does not sell it."""
        maker = maker_of(self.model.partition("/")[0])
        return next((one for one in self.market.counted if _sells(one, maker)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was asked for, the closed models beside, and what could not be read."""

    use: Workload
    models: tuple[Cost, ...]
    beside: tuple[Cost, ...] = ()
    broken: tuple[Broken, ...] = ()
    rule: str = ""


def _sells(one: Priced, maker: str) -> bool:
    return bool(maker) and maker_of(one.offer.provider) == maker


def cost_of(bench: Workbench, refs: Sequence[str], options: CostOptions) -> Costs:
    """What each model of `refs` costs for a use.

    Raises `NotFound` with the nearest names for a model that nothing is known of, and `BadInput`.
    """
    broken: list[Broken] = []
    if options.offers is None:
        catalogue = with_package(bench.catalogue, options.today)
    else:
        catalogue = of_file(options.offers, options.dated, broken)
    found = [_cost(bench, catalogue, ref, options) for ref in refs]
    beside: tuple[Cost, ...] = ()
    rule = ""
    if options.beside:
        beside = tuple(_closed(catalogue, found, options))
        rule = _rule() if beside else _NONE_BESIDE
    return Costs(
        use=options.use,
        models=tuple(found),
        beside=beside,
        broken=tuple(broken),
        rule=rule,
    )


def _cost(bench: Workbench, catalogue: Offered, ref: str, options: CostOptions) -> Cost:
    card = _card(catalogue, ref)
    market = market_of(card.offers if card else (), options.use, today=options.today)
    # A name that nothing answers to here may still have a configuration on the hub.
    place = card.model if card and not _lies_here(ref) else ref
    own = _self_hosted(bench, place, market, options) if options.per_hour is not None else None
    weights = card.value(Column.WEIGHTS) if card else None
    return Cost(
        asked=ref,
        model=card.model if card else ref,
        market=market,
        weights=str(weights or ""),
        self_hosted=own,
    )


def _card(catalogue: Offered, ref: str) -> Card | None:
    """The model that `ref` means; None for one that only lies here. Raises `NotFound`."""
    name = ref.strip().partition("@")[0]
    for one in dict.fromkeys((name, identify_model(name))):
        card = catalogue.card(one) if one else None
        if card is not None:
            return card
    if _lies_here(ref):
        return None
    key = identify_model(name) or name
    known = catalogue.near(key) or list(catalogue.names())
    hint = nearest(key.casefold(), known) or nearest(name.casefold(), _lasts(known))
    raise NotFound(
        "model",
        _shortened(ref),
        hint=hint or "Fetch what is known of models, or give a file with --from.",
    )


def _shortened(text: str) -> str:
    """What was typed, for a message of one line."""
    line = one_line(text)
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def _lies_here(ref: str) -> bool:
    with suppress(EligeError):
        return parse_ref(ref).kind in _HERE
    return False


def _lasts(names: Sequence[str]) -> list[str]:
    return [name.rpartition("/")[2] for name in names]


def _self_hosted(
    bench: Workbench, ref: str, market: Market, options: CostOptions
) -> SelfHosted | None:
    if options.tokens_per_second is not None:
        speed = Fact(
            value=float(options.tokens_per_second),
            kind=FactKind.DECLARED,
            source="--tokens-per-second",
        )
        found: tuple[Fact, str] | str = (speed, "")
    else:
        found = _speed(bench, ref, options.use)
    if isinstance(found, str):
        return SelfHosted(why_not=found)
    fact, precision = found
    rate = options.tokens_per_second or Decimal(str(fact.value))
    machine = OwnMachine(per_hour=options.per_hour or Decimal(0), tokens_per_second=rate)
    prices = {"the cheapest offer": market.cheapest.blended if market.cheapest else None}
    prices["the median offer"] = market.median
    told = [machine.break_even(name, price) for name, price in prices.items() if price]
    return SelfHosted(
        machine=machine,
        speed=fact,
        precision=precision,
        break_even=tuple(one for one in told if one is not None),
    )


def _speed(bench: Workbench, ref: str, use: Workload) -> tuple[Fact, str] | str:
    """Tokens a second of the mix on this machine and in which precision, or why they are unknown.

    A measured speed goes before every estimated one; among equals the fastest that fits.
    """
    from elige.workbench.fit import fit_model
    from elige.workbench.reckoning import FitOptions

    hint = "give it with --tokens-per-second"
    try:
        rows = fit_model(bench, ref, FitOptions(context=use.input + use.output)).rows
    except EligeError as error:
        return f"The speed here is unknown ({str(error).rstrip('.')}); {hint}."
    if rows and all(row.verdict is Fits.NOT for row in rows):
        return f"It does not fit here in any precision; for another machine {hint}."
    rated = [(rate_of(row, use), row) for row in rows if row.verdict is not Fits.NOT]
    known = [(rate, row) for rate, row in rated if rate is not None]
    if not known:
        return (
            f"The speed here is unknown; measure this machine (elige doctor --measure) or {hint}."
        )
    fact, row = max(known, key=lambda one: (one[0].kind is FactKind.MEASURED, one[0].value))
    return fact, row.precision.name


def rate_of(row: "FitRow", use: Workload) -> Fact | None:
    """Tokens a second of the mix in one precision; None where a speed that it needs is unknown.

    It is measured where all of its parts are, else estimated.
    """
    read, written = row.prefill, row.decode
    if (use.input and read is None) or (use.output and written is None):
        return None
    parts = [one for one in (read, written) if one is not None]
    speeds = [float(str(one.value)) if one is not None else 0.0 for one in (read, written)]
    mixed = mixed_speed(use, *speeds)
    if mixed is None:
        return None
    measured = all(one.kind is FactKind.MEASURED for one in parts)
    return Fact(
        value=float(mixed),
        kind=FactKind.MEASURED if measured else FactKind.ESTIMATED,
        source="; ".join((SPEED_FORMULA, *(one.source for one in parts))),
        checked=max((one.checked for one in parts), default=""),
    )


def _rule() -> str:
    makers = ", ".join(shipped("names.yaml")["closed_makers"])
    return (
        f"Closed models beside: of each maker ({makers}) the {_OF_EACH_MAKER} text models that "
        "most hosts offer, of those released in the year before its newest."
    )


def _closed(catalogue: Offered, asked: Sequence[Cost], options: CostOptions) -> Iterator[Cost]:
    """The closed models beside, by the rule that is told with them."""
    given = {one.model.casefold() for one in asked}
    for maker in shipped("names.yaml")["closed_makers"]:
        cards = [card for name in catalogue.near(f"{maker}/") if (card := catalogue.card(name))]
        closed = [card for card in cards if _is_closed(card, maker)]
        newest = max((_released(card) for card in closed), default="")
        recent = [card for card in closed if _released(card) >= _year_before(newest)]
        recent.sort(key=lambda card: (-_hosts(card), card.model))
        for card in recent[:_OF_EACH_MAKER]:
            if card.model.casefold() not in given:
                market = market_of(card.offers, options.use, today=options.today)
                yield Cost(asked=card.model, model=card.model, market=market, weights="closed")


def _is_closed(card: Card, maker: str) -> bool:
    writes = card.value(Column.MODALITIES_OUT)
    return (
        card.model.casefold().startswith(f"{maker}/")
        and card.value(Column.WEIGHTS) == "closed"
        and (not isinstance(writes, tuple) or writes == ("text",))
        and any(offer.output is not None and not offer.is_deprecated for _, offer in card.offers)
    )


def _released(card: Card) -> str:
    return str(card.value(Column.RELEASED) or "")


def _hosts(card: Card) -> int:
    return len({host_of(offer.provider) for _, offer in card.offers})


def _year_before(day: str) -> str:
    return f"{int(day[:4]) - 1}{day[4:]}" if day[:4].isdecimal() else ""
