"""What a model may be used for, use by use: each clause once, with the models it comes through."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from elige.cli.screen import print_hanging
from elige.text import printable

if TYPE_CHECKING:
    from elige.catalog.licence_card import CardLicence

_STYLES = {"yes": "green", "conditions": "yellow", "no": "red", "unknown": "bold"}


def print_uses(console: Console, licence: "CardLicence", *, indent: int = 0) -> None:
    """A use, its answer, and the clauses that decide it along the lineage."""
    from elige.catalog.licence_terms import USES

    for use in USES:
        answer, reasons = licence.decided(use)
        lead = Text(f"{' ' * indent}{use:<14}")
        lead.append(f"{answer:<12}", _STYLES[str(answer)])
        for one in reasons:
            print_hanging(console, lead, Text(printable(one.why)))
            lead = Text(" " * lead.cell_len)
            if one.through:
                print_hanging(console, lead, Text(printable(one.through), "dim"))


def print_doubts(console: Console, licence: "CardLicence", *, indent: int = 0) -> None:
    """Where the lineage contradicts what the model states, and what is not known of it."""
    for name, style, lines in (
        ("Conflict", "red", licence.conflicts),
        ("Not known", "yellow", licence.unsure),
    ):
        for line in lines:
            lead = Text(f"{' ' * indent}{name}: ", style)
            print_hanging(console, lead, Text(f"{printable(line)}.", style))
