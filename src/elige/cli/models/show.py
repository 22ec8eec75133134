"""`elige models show`: one card, every value with its origin."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from elige.cli.flags import AsJson
from elige.cli.models.own_table import print_measured
from elige.cli.screen import (
    Column,
    Row,
    print_hanging,
    print_json,
    print_rows,
    shortened_name,
    stderr_console,
    stdout_console,
)
from elige.text import human_bytes, printable

if TYPE_CHECKING:
    from elige.catalog.published import Published
    from elige.records import Fact
    from elige.workbench.models_show import Shown

_ANSWERS = (
    *("training_data", "full_weights", "evaluation_code", "fine_tuning_code"),
    "metrics_and_checkpoints",
)
_ELSEWHERE = {"name", "tags", *_ANSWERS}
_COUNTS = {"parameters", "active_parameters", "context", "max_output", "vocabulary", "layers"}
_COUNTS |= {"downloads", "likes", "hidden", "heads", "kv_heads", "head_dim"}
_LONG = 8
_MOST_SCORES = 20
# Between five columns; of a source so much is shown at most, of it and of a value at least.
_GAPS, _SOURCE, _LEAST = 8, 33, 14


def show(
    model: Annotated[str, typer.Argument(metavar="REF", help="A model, such as allenai/OLMo-7B.")],
    as_json: AsJson = False,
) -> None:
    """Show what is known of a model: every value with how it is known, from where and when.

    elige models show mistralai/Mistral-7B-v0.1
    """
    from elige.config import read_settings
    from elige.workbench import Workbench
    from elige.workbench.models_show import show_model, shown_facts

    talk = stderr_console()
    with Workbench(read_settings(), say=lambda line: talk.print(line, markup=False)) as bench:
        shown = show_model(bench, model)
    if as_json:
        print_json(shown_facts(shown))
        return
    console = stdout_console()
    console.print(f"[bold]{escape(printable(shown.card.model))}[/]", soft_wrap=True)
    print_measured(console, shown.card)
    _print_facts(console, shown)
    _print_openness(console, shown)
    _print_licence(console, shown)
    _print_family(console, shown)
    _print_market(console, shown)
    _print_scores(console, shown.published)
    console.print(f"\nSources: {', '.join(shown.card.sources)}", style="dim", soft_wrap=True)


def _print_facts(console: Console, shown: "Shown") -> None:
    from elige.catalog.named_size import size_doubt

    rows, doubts = [], {"parameters": size_doubt(shown.card)}
    for column, facts in shown.card.facts.items():
        if column in _ELSEWHERE:
            continue
        first = facts[0]
        cells = (_said(str(column)), _value(str(column), first), *_origin(first))
        notes = (_others(str(column), facts), doubts.get(str(column), ""))
        rows.append(Row(cells, below=". ".join(filter(None, notes))))
    rows = _fitted(rows, console.width)
    columns = [Column(name, right=False) for name in ("what", "value", "how", "source", "checked")]
    if rows:
        print_rows(console, columns, rows)


def _fitted(rows: list[Row], width: int) -> list[Row]:
    """Values and sources shortened so that a row is a line; a value that was stands below whole.

    Where the terminal is too narrow for that, only long sources are.
    """
    widest = [max((cell_len(row.cells[place]) for row in rows), default=0) for place in range(5)]
    left = width - widest[0] - widest[2] - max(widest[4], len("checked")) - _GAPS
    value = min(widest[1], left - _LEAST) if left >= 2 * _LEAST else widest[1]
    source = max(_LEAST, min(_SOURCE, left - value)) if left >= 2 * _LEAST else _SOURCE
    return [_shortened(row, value, source) for row in rows]


def _shortened(row: Row, value: int, source: int) -> Row:
    what, text, how, place, checked = row.cells
    below = row.below
    if cell_len(text) > value:
        below = ". ".join(filter(None, [text, below]))
        text = shortened_name(text, value)
    place = place if cell_len(place) <= source else f"{place[: source - 1]}…"
    return replace(row, cells=(what, text, how, place, checked), below=below)


def _origin(fact: "Fact") -> tuple[str, str, str]:
    return str(fact.kind), fact.source.removeprefix("https://"), fact.checked


def _others(column: str, facts: "tuple[Fact, ...]") -> str:
    """What other sources say, where they differ from the first."""
    other = {
        f"{_value(column, one)} ({one.kind}, {one.source})": None
        for one in facts[1:]
        if str(one.value).casefold() != str(facts[0].value).casefold()
    }
    return f"Sources differ: {'; '.join(other)}" if other else ""


def _value(column: str, fact: "Fact") -> str:
    value = fact.value
    if isinstance(value, tuple):
        more = f" and {len(value) - _LONG} more" if len(value) > _LONG else ""
        text = ", ".join(str(one) for one in value[:_LONG]) + more
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif column == "size_bytes" and isinstance(value, int):
        text = human_bytes(value)
    elif column in _COUNTS and isinstance(value, int):
        text = f"{value:,}"
    else:
        text = str(value)
    return printable(text)


def _said(column: str) -> str:
    return column.replace("_", " ")


def _print_openness(console: Console, shown: "Shown") -> None:
    from elige.cli.openness import LEVELS, grades

    found = shown.openness
    said = {(str(one.level), one.evidence) for one in found.answers}
    if len(said) == 1:  # nobody says anything, mostly
        ((level, why),) = said
        console.print(f"\n[bold]How open[/]  {level}: {escape(printable(why))}", soft_wrap=True)
        return
    console.print("\n[bold]How open[/]")
    for one in found.answers:
        lead = Text.assemble(f"  {one.question.label:<33}", (f"{one.level:<9}", LEVELS[one.level]))
        print_hanging(console, lead, Text(printable(one.evidence), "dim"))
    told = [(name, value) for name, value in grades(found) if name]
    for name, value in told if found.mof or found.osai else ():
        print_hanging(console, Text(f"  {name:<33}"), Text(printable(value)))
    asked = f"elige openness {printable(shown.card.model)}"
    console.print(f"  why, and links: {asked}", style="dim", markup=False, soft_wrap=True)


def _print_licence(console: Console, shown: "Shown") -> None:
    from elige.cli.uses import print_doubts, print_uses

    licence = shown.licence
    stated = licence.own.stated or "none stated"
    above = len(licence.chain)
    more = f", and those of {above} ancestor{'s' if above > 1 else ''}" if above else ""
    console.print(f"\n[bold]Licence[/]  {escape(printable(stated))}[dim]{more}[/]", soft_wrap=True)
    print_uses(console, licence, indent=2)
    print_doubts(console, licence, indent=2)
    if above:
        asked = f"elige licence {printable(shown.card.model)}"
        console.print(f"  each one's own: {asked}", style="dim", markup=False, soft_wrap=True)
    console.print("  [dim]It helps reading licences; it is no legal advice.[/]", soft_wrap=True)


def _print_family(console: Console, shown: "Shown") -> None:
    if not shown.parents and not shown.children:
        return
    console.print("\n[bold]Family[/]")
    for one in shown.parents:
        guess = f" (a guess: {one.why})" if one.why else ""
        line = f"{one.kind} of {one.parent}{guess}"
        print_hanging(console, Text("  "), Text(printable(line)))
    if shown.children:
        console.print(
            f"  {shown.children:,} known children: elige models tree {escape(shown.card.model)}",
            soft_wrap=True,
        )


def _print_market(console: Console, shown: "Shown") -> None:
    cheapest, median = shown.market.cheapest, shown.market.median
    if not shown.card.offers:
        console.print("\n[bold]Hosted[/]  no offer is known", soft_wrap=True)
        return
    console.print(f"\n[bold]Hosted[/]  {len(shown.market.offers)} offer(s) known", soft_wrap=True)
    if cheapest is not None and cheapest.blended is not None:
        seen = f", seen {cheapest.offer.dated}" if cheapest.offer.dated else ", date unknown"
        console.print(
            f"  cheapest ${cheapest.blended:.4g} per million tokens (three read for each written) "
            f"at {escape(cheapest.offer.provider)}{seen}; median ${median:.4g}",
            soft_wrap=True,
        )
    console.print(f"  all of them: elige cost {escape(shown.card.model)}", style="dim")


def _print_scores(console: Console, published: "tuple[Published, ...]") -> None:
    if not published:
        return
    console.print("\n[bold]Published scores[/]  (never mixed across versions and settings)")
    for one in published[:_MOST_SCORES]:
        console.print("  " + "; ".join(_lines(one)), markup=False, soft_wrap=True)
    if len(published) > _MOST_SCORES:
        console.print(f"  and {len(published) - _MOST_SCORES} more: --json", style="dim")


def _lines(one: "Published") -> Iterator[str]:
    best = one.best
    value = f"{best.value:.1%}" if one.key.scale == "share" else f"{best.value:g}"
    who = {True: "self-reported", False: "independent", None: "by whom is not said"}
    yield (
        f"{one.key.benchmark} ({one.key.said}): {value}, {who[best.score.self_reported]}, "
        f"{best.source}{f', {best.score.dated}' if best.score.dated else ''}"
    )
    if one.differ:
        yield f"sources differ by {one.spread:.3g}"
