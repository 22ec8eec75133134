"""How costs are drawn: a table of offers, what does not count, the machine of one's own."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from elige.cli.screen import Column, Row, print_rows, shortened_name
from elige.text import human_seconds

if TYPE_CHECKING:
    from elige.catalog.offers import Market, Priced, Workload
    from elige.records import Broken
    from elige.workbench.cost import Cost, Costs, SelfHosted

_NAME_WIDTH = 34
_FEW = 3


def print_costs(console: Console, found: "Costs") -> None:
    """Each model, the closed ones beside, and what could not be read."""
    for number, one in enumerate(found.models):
        if number:
            console.print()
        _print_cost(console, one, found.use)
    if found.beside:
        _print_beside(console, found)
    if found.rule:
        _tell(console, found.rule, style="dim")
    _tell(console, f"\n{_legend()}", style="dim")


def print_broken(console: Console, broken: "Sequence[Broken]") -> None:
    """What could not be read, the first few of many."""
    for one in broken[:_FEW]:
        _tell(console, f"Not read: {one.where}: {one.why}.")
    if len(broken) > _FEW:
        _tell(console, f"... and {len(broken) - _FEW} more (all of them with --json).")


def _print_cost(console: Console, one: "Cost", use: "Workload") -> None:
    from elige.catalog.offers import Standing

    weights = f", {one.weights} weights" if one.weights else ""
    console.print(f"[bold]{escape(one.model)}[/bold]{escape(weights)}", soft_wrap=True)
    _tell(console, _use(use) + "\n")
    market = one.market
    if market.counted:
        _print_table(console, market.counted, use)
        console.print()
    _print_summary(console, market, use)
    for standing, words in (
        (Standing.FREE, "Free tiers, limited and not counted"),
        (Standing.DEPRECATED, "Deprecated, not counted"),
        (Standing.TOO_SHORT, "Context too short for a request, not counted"),
        (Standing.UNKNOWN, "Price per token unknown, not counted"),
    ):
        _print_apart(console, words, [each for each in market.offers if each.standing is standing])
    _print_batch(console, market)
    if one.self_hosted is not None:
        _print_own(console, one.self_hosted, use)


def _use(use: "Workload") -> str:
    if use.is_assumed:
        return (
            f"Blended at {use.input // 1000} tokens read to {use.output // 1000} written, a mere "
            "default: give --input and --output."
        )
    return (
        f"{use.input:,} tokens read and {use.output:,} written in a request, {use.requests:,} "
        f"request{'' if use.requests == 1 else 's'}: {use.tokens:,} tokens."
    )


def _print_table(console: Console, offers: Sequence["Priced"], use: "Workload") -> None:
    columns = [
        Column("host", right=False),
        Column("called", right=False, optional=True),
        Column("in"),
        Column("out"),
        Column("cached", optional=True),
        Column("blended"),
        *(() if use.is_assumed else (Column("total"),)),
        Column("seen", right=False),
        Column("source", right=False, optional=True),
    ]
    print_rows(console, columns, [_row(one, use) for one in offers])


def _row(one: "Priced", use: "Workload") -> Row:
    offer = one.offer
    cells = [
        shortened_name(offer.provider, 24),
        shortened_name(offer.hosted, _NAME_WIDTH),
        _money(offer.input),
        _money(offer.output),
        _money(offer.cached_input),
        _money(one.blended),
        *(() if use.is_assumed else (_money(one.total),)),
        f"{offer.dated or 'unknown'}{'!' if one.is_stale else ''}",
        one.source,
    ]
    return Row(tuple(cells), style="dim" if one.is_stale else "")


def _print_summary(console: Console, market: "Market", use: "Workload") -> None:
    cheapest, middle = market.cheapest, market.median
    if cheapest is None or middle is None or cheapest.blended is None:
        _tell(console, "No offer with a known price counts here.")
        return
    total = "" if use.is_assumed else f", {_dollars(cheapest.total)} in all"
    _tell(
        console,
        f"Cheapest: {_dollars(cheapest.blended)} per million tokens{total} "
        f"({cheapest.offer.provider}, seen {cheapest.offer.dated or 'at an unknown date'}).",
    )
    total = "" if use.is_assumed else f", {_dollars(middle * use.tokens / 1_000_000)} in all"
    many = len(market.counted)
    _tell(
        console,
        f"Median of {many} offer{'' if many == 1 else 's'}: {_dollars(middle)} per million "
        f"tokens{total}.",
    )


def _print_apart(console: Console, words: str, offers: Sequence["Priced"]) -> None:
    if not offers:
        return
    names = [one.offer.provider for one in offers]
    shown = ", ".join(dict.fromkeys(names))
    _tell(console, f"{words} ({len(offers)}): {shown}.")


def _print_batch(console: Console, market: "Market") -> None:
    offers = [one for one in market.offers if one.batch_total is not None]
    if offers:
        best = min(offers, key=lambda one: one.batch_total or Decimal(0))
        _tell(
            console,
            f"In batches, answered within a day: from {_money(best.offer.batch_input)} in, "
            f"{_money(best.offer.batch_output)} out ({best.offer.provider}, {best.source}).",
        )


def _print_own(console: Console, own: "SelfHosted", use: "Workload") -> None:
    machine, speed = own.machine, own.speed
    console.print("\n[bold]On a machine of your own[/bold]")
    if machine is None or speed is None:
        _tell(console, own.why_not)
        return
    how = {"declared": "as you say"}.get(speed.kind.value, f"{speed.kind.value} here")
    inside = f" in {own.precision}" if own.precision else ""
    _tell(
        console,
        f"{_dollars(machine.per_hour)} an hour, {machine.tokens_per_second:,.0f} tokens a second "
        f"({how}{inside}): {_dollars(machine.per_million)} per million tokens while it is busy.",
    )
    if not use.is_assumed:
        seconds = human_seconds(float(machine.hours(use)) * 3600)
        _tell(console, f"The work takes {seconds}: {_dollars(machine.cost(use))}.")
    for one in own.break_even:
        reach = (
            "" if one.is_reachable else f"; it does {machine.capacity_a_month:,} at most, so never"
        )
        _tell(
            console,
            f"Cheaper than {one.against} ({_dollars(one.price)}) from {one.tokens_a_month:,} "
            f"tokens a month on{reach}.",
        )
    _tell(
        console,
        f"Rented all month: {_dollars(machine.per_month)} (730 hours); break-even tokens = that / "
        "hosted price * a million. Power, people and idle spares are not in it.",
        style="dim",
    )


def _print_beside(console: Console, found: "Costs") -> None:
    console.print("\n[bold]Closed models beside[/bold]")
    columns = [
        Column("model", right=False),
        Column("its maker"),
        Column("cheapest"),
        Column("median"),
        Column("offers", optional=True),
        *(() if found.use.is_assumed else (Column("total"),)),
        Column("seen", right=False),
    ]
    rows = []
    for one in found.beside:
        best, middle = one.market.cheapest, one.market.median
        seen = best.offer.dated if best else ""
        rows.append(
            Row(
                (
                    one.model,
                    _money(one.of_maker.blended if one.of_maker else None),
                    _money(best.blended if best else None),
                    _money(middle),
                    str(len(one.market.counted)),
                    *(() if found.use.is_assumed else (_money(best.total if best else None),)),
                    f"{seen or 'unknown'}{'!' if best and best.is_stale else ''}",
                )
            )
        )
    print_rows(console, columns, rows)


def _legend() -> str:
    from elige.catalog.offers import STALE_DAYS

    return (
        "Prices are US dollars per million tokens; blended = (in * input + out * output) / "
        f"(input + output). ! was seen more than {STALE_DAYS} days ago or nobody knows when. Where "
        "a price goes by the length of the text, it is that of the shortest."
    )


def _money(value: Decimal | None) -> str:
    if value is None:
        return "?"
    if value >= 1000:
        return f"{value:,.0f}"
    places = 2 if value >= 1 or value == 0 else 4
    return f"{value:.{places}f}" if value >= Decimal("0.0001") or value == 0 else f"{value:.1e}"


def _dollars(value: Decimal | None) -> str:
    return "?" if value is None else f"${_money(value)}"


def _tell(console: Console, text: str, *, style: str = "") -> None:
    console.print(text, markup=False, soft_wrap=True, style=style)
