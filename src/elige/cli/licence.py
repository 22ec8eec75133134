"""`elige licence`: what a licence allows and asks, with the clause that says so."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from elige.cli.flags import AsJson
from elige.cli.screen import print_json, stdout_console
from elige.text import printable

if TYPE_CHECKING:
    from elige.catalog.licence_report import LicenceReport
    from elige.catalog.licence_terms import Term

_STYLES = {
    "yes": "green",
    "none": "green",
    "conditions": "yellow",
    "applies": "yellow",
    "no": "red",
    "unknown": "dim",
}
_HOW = {
    "name": "by its name",
    "text": "by its text",
    "title": "by its title",
    "unknown": "not recognised",
}
_OPEN = {
    True: "open",
    False: "on no list of open licences",
    None: "whether it is open is not known here",
}
_OSI = {True: "OSI-approved", False: "not OSI-approved", None: ""}


def licence(
    asked: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE|REF",
            help="A licence's name, tag or SPDX expression, a file with its text, or a model at "
            "hand or in the catalogue.",
        ),
    ],
    parent: Annotated[
        list[str] | None,
        typer.Option(
            "--parent",
            metavar="NAME|FILE|REF",
            help="The licence of what the model was made from, nearest first; may be repeated.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which licence it is and what it allows and asks, clause by clause; no legal advice.

    elige licence llama2

    elige licence apache-2.0 --parent llama2 --json
    """
    from elige.catalog.licence_report import licence_facts
    from elige.workbench import Workbench, read_licence

    with Workbench.open() as bench:
        report = read_licence(bench, asked, parent or ())
    if as_json:
        print_json(licence_facts(report))
    else:
        _print(stdout_console(), report)


def _print(console: Console, report: "LicenceReport") -> None:
    from elige.catalog.licence_terms import NO_ADVICE

    found = report.recognised
    console.print(
        f"[bold]{escape(found.licence.name)}[/bold], {_HOW[found.how]}"
        + ("" if found.likeness is None else f" ({found.likeness:.0%} alike)"),
        soft_wrap=True,
    )
    words = [found.licence.spdx, _OPEN[report.is_open], _OSI[report.osi_approved]]
    console.print(f"  {', '.join(word for word in words if word)}", markup=False, soft_wrap=True)
    if found.remark:
        console.print(f"  {found.remark}", markup=False, soft_wrap=True)
    console.print()
    if {str(term.answer) for term in report.terms.values()} == {"unknown"}:
        console.print(f"Unknown: {report.terms['commercial'].words}.", markup=False, soft_wrap=True)
    else:
        _print_terms(console, report)
    _print_inherited(console, report)
    _print_lineage(console, report)
    console.print()
    for source in report.sources:
        console.print(source, markup=False, soft_wrap=True, style="dim")
    unread = "The text behind these terms was not read for this table. "
    unread = unread if found.licence.is_known else ""
    checked = f"Read on {report.checked}. " if report.checked else unread
    console.print(f"{checked}{NO_ADVICE}", markup=False, soft_wrap=True)


def _print_terms(console: Console, report: "LicenceReport") -> None:
    for term in report.terms.values():
        if str(term.answer) != "none":
            _print_term(console, term)
    free = [name for name, term in report.terms.items() if str(term.answer) == "none"]
    if free:
        console.print(f"{'no term on':<14}{', '.join(free)}", markup=False, soft_wrap=True)


def _print_term(console: Console, term: "Term", *, by: bool = False) -> None:
    answer = str(term.answer)
    console.print(f"{term.name:<14}[{_STYLES[answer]}]{answer:<11}[/]", end="")
    clause = f" ({term.clause})" if term.clause else ""
    said = f"{term.licence}: {term.words}" if by else term.words
    console.print(f"{said}{clause}", markup=False, soft_wrap=True)


def _print_inherited(console: Console, report: "LicenceReport") -> None:
    inherited = report.inherited
    if inherited is None:
        return
    console.print("\n[bold]With the licences of its parents[/bold]")
    # Of a model in the catalogue the uses follow below, with the ancestor that decides each.
    free = {"none"} if report.lineage is None else {"none", "unknown", "yes", "conditions", "no"}
    for terms in inherited.terms.values():
        for term in terms:
            if str(term.answer) not in free:
                _print_term(console, term, by=True)
    for conflict in inherited.conflicts if report.lineage is None else ():
        console.print(f"Conflict in {conflict}.", markup=False, soft_wrap=True, style="red")


def _print_lineage(console: Console, report: "LicenceReport") -> None:
    from elige.cli.uses import print_doubts, print_uses

    lineage = report.lineage
    if lineage is None:
        return
    console.print(f"\n[bold]{escape(lineage.own.model)} and its ancestors[/bold]", soft_wrap=True)
    for one in lineage.chain:
        mark = "? " if one.is_guess else ""
        named = one.licence.name if one.stated else "no licence stated"
        known = named if one.is_known else "nothing is known here of it"
        console.print(f"  {mark}{printable(f'{one.model}: {known}')}", markup=False, soft_wrap=True)
        if one.is_guess and one.relation is not None:
            console.print(f"    a guess: {one.relation.why}", markup=False, soft_wrap=True)
    if not lineage.chain:
        console.print("  no parent is declared, and its name and shape tell none", soft_wrap=True)
    print_doubts(console, lineage)
    print_uses(console, lineage)
