"""The candidates that `choose` proposes: shown, and taken when the user says so."""

import sys
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from elige.cli.exits import EXIT_INTERRUPTED, EXIT_TOLD
from elige.cli.progress import Talk
from elige.cli.screen import print_json, stderr_console
from elige.config import read_settings

if TYPE_CHECKING:
    from elige.choose.proposal import Proposal
    from elige.workbench import ChooseOptions

_SHOWN_LEFT_OUT = 12
_HOW = "Nothing was raced. Add --yes to race them, or name candidates with --candidate."


def proposed(
    options: "ChooseOptions",
    *,
    wanted: str = "",
    top: int | None = None,
    yes: bool = False,
    as_json: bool = False,
) -> "ChooseOptions":
    """The options with candidates proposed; leaves with code 1 where nobody agreed to them."""
    from elige.workbench import Workbench
    from elige.workbench.proposing import openable, propose_candidates, with_proposal

    talk = Talk()
    with Workbench(read_settings(), say=talk.say) as bench, talk.waiting("looking for candidates"):
        found = propose_candidates(bench, options, wanted=wanted, top=top)
    _show(found)
    if yes or _agreed():
        named = len(options.candidates)
        with (
            Workbench(read_settings(), say=talk.say) as bench,
            talk.waiting("opening the candidates"),
        ):
            return with_proposal(options, openable(bench, found, named=named))
    if as_json:
        print_json(proposal_facts(found))
    stderr_console().print(_HOW, soft_wrap=True)
    raise typer.Exit(EXIT_TOLD)


def proposal_facts(found: "Proposal") -> dict[str, object]:
    """The proposal as an object of JSON; nothing was raced."""
    from elige.workbench.planned import considered_facts

    return {
        "raced": False,
        "candidates": list(found.refs),
        "proposed": considered_facts(found.proposed),
        "not_raced": considered_facts(found.not_raced),
    }


def _show(found: "Proposal") -> None:
    console = stderr_console()
    console.print("Proposed candidates:", style="bold")
    for one in found.proposed:
        console.print(f"  [green]{escape(one.name)}[/]: {escape(one.why)}.", soft_wrap=True)
    if found.not_raced:
        console.print("Not raced:", style="bold")
    for one in found.not_raced[:_SHOWN_LEFT_OUT]:
        console.print(f"  {escape(one.name)}: {escape(one.why)}.", style="dim", soft_wrap=True)
    if more := len(found.not_raced[_SHOWN_LEFT_OUT:]):
        console.print(f"  and {more:,} more (--json lists them all)", style="dim", soft_wrap=True)


def _agreed() -> bool:
    """Whether the user, asked on a terminal, wants these raced; False where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    try:
        return typer.confirm("Race these?", default=True, err=True)
    except typer.Abort:  # Ctrl-C, or the end of what is typed
        stderr_console().print(f"\n{_HOW}", soft_wrap=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None
