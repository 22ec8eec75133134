"""`elige models tree`: a model's family, drawn."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from elige.cli.flags import AsJson
from elige.cli.screen import print_json, stdout_console
from elige.text import printable

if TYPE_CHECKING:
    from elige.catalog.lineage import Kin
    from elige.workbench import FamilyTree

# What a parent is to the model above it in the drawing, and what a group of children is called.
_FROM = {
    "finetune": "a fine-tune of",
    "adapter": "an adapter of",
    "merge": "merged from",
    "quantized": "a quantised copy of",
    "vocabulary-extended": "with a larger vocabulary, from",
    "block-expanded": "with added blocks, from",
    "derived": "derived from",
}
_GROUPS = {
    "finetune": "fine-tunes",
    "adapter": "adapters",
    "merge": "merges",
    "quantized": "quantised copies",
    "vocabulary-extended": "with a larger vocabulary",
    "block-expanded": "with added blocks",
    "derived": "derived in another way",
}
_BRANCH, _LAST, _BAR, _SPACE = "├── ", "└── ", "│   ", "    "


def tree(
    model: Annotated[
        str, typer.Argument(metavar="REF", help="A model of the catalogue: org/name.")
    ],
    up: Annotated[
        bool, typer.Option("--up", metavar="", help="Only what it was made from.")
    ] = False,
    down: Annotated[
        bool, typer.Option("--down", metavar="", help="Only what was made of it.")
    ] = False,
    depth: Annotated[
        int | None,
        typer.Option("--depth", metavar="N", help="So many levels (up: 20, down: 2)."),
    ] = None,
    width: Annotated[
        int,
        typer.Option("--width", metavar="N", help="At most so many children of one kind."),
    ] = 8,
    as_json: AsJson = False,
) -> None:
    """Draw what a model was made from and what was made of it, each with its licence.

    elige models tree TencentARC/LLaMA-Pro-8B

    elige models tree mistralai/Mistral-7B-v0.1 --down --depth 3 --json
    """
    from elige.workbench import TreeOptions, Workbench, family_tree, tree_facts

    options = TreeOptions(up=up or not down, down=down or not up, depth=depth, width=width)
    with Workbench.open() as bench:
        found = family_tree(bench, model, options)
    if as_json:
        print_json(tree_facts(found))
    else:
        _print(stdout_console(), found)


def _print(console: Console, found: "FamilyTree") -> None:
    root = found.up or found.down
    if root is not None:
        _line(console, "", _node(root))
    has_guess = False
    if found.up is not None:
        _heading(console, "made from", "" if found.up.kin else "nothing that is known here")
        _parents(console, found.up, "")
        has_guess = any(one.is_guess for one in found.up.walk())
    if found.down is not None:
        total = sum(number for _, number in found.down.kinds)
        _heading(console, "made of it", f"{total:,}" if total else "nothing that is known here")
        _children(console, found.down, "")
        has_guess = has_guess or any(one.is_guess for one in found.down.walk())
    _notes(console, found, has_guess=has_guess)


def _heading(console: Console, words: str, more: str) -> None:
    console.print()
    console.print(Text.assemble((words, "bold"), "  " if more else "", (more, "dim")))


def _parents(console: Console, kin: "Kin", lead: str) -> None:
    for place, one in enumerate(kin.kin):
        is_last = place == len(kin.kin) - 1 and not kin.cut
        text = Text()
        if one.relation is not None:
            text.append("? " if one.is_guess else "", "yellow")
            text.append(f"{_FROM[str(one.relation.kind)]} ", "dim")
        text.append_text(_node(one, marked=False))
        below = lead + (_SPACE if is_last else _BAR)
        _line(console, lead + (_LAST if is_last else _BRANCH), text)
        _why(console, one, below)
        _parents(console, one, below)
    if kin.cut:
        _line(console, lead + _LAST, Text(f"… {kin.cut:,} more", "dim"))


def _children(console: Console, kin: "Kin", lead: str) -> None:
    """The children in groups of one kind, with how many there are of each."""
    by_kind = groupby(kin.kin, key=lambda one: one.relation and str(one.relation.kind))
    shown = {kind: list(group) for kind, group in by_kind}
    for place, (kind, number) in enumerate(kin.kinds):
        is_last = place == len(kin.kinds) - 1
        group = shown.get(str(kind), [])
        text = Text.assemble((_GROUPS[str(kind)], "cyan"), (f"  {number:,}", "dim"))
        _line(console, lead + (_LAST if is_last else _BRANCH), text)
        _group(console, kin, group, number - len(group), lead + (_SPACE if is_last else _BAR))


def _group(console: Console, parent: "Kin", group: "list[Kin]", more: int, lead: str) -> None:
    from elige.workbench import states_freer

    for place, one in enumerate(group):
        is_last = place == len(group) - 1 and not more
        text = _node(one)
        if states_freer(one, parent):
            text.append("  ! freer than its parent's", "red")
        below = lead + (_SPACE if is_last else _BAR)
        _line(console, lead + (_LAST if is_last else _BRANCH), text)
        _why(console, one, below)
        _children(console, one, below)
    if more and group:
        _line(console, lead + _LAST, Text(f"… {more:,} more", "dim"))


def _node(kin: "Kin", *, marked: bool = True) -> Text:
    from elige.catalog.licence_card import stated_licence

    text = Text("? " if kin.is_guess and marked else "", "yellow")
    text.append(printable(kin.model), "bold" if kin.relation is None else "")
    if kin.is_loop:
        return text.append("  its own ancestor: a loop, which cannot be", "red")
    if kin.is_again:
        return text.append("  (see above)", "dim")
    stated, licence = stated_licence(kin.card)
    if kin.card is None:
        return text.append("  nothing is known here of it", "dim")
    if not stated:
        return text.append("  no licence stated", "yellow")
    name = licence.spdx or licence.name if licence.is_known else f"{stated} (licence not known)"
    return text.append(f"  {printable(name)}", "dim")


def _why(console: Console, kin: "Kin", lead: str) -> None:
    relation = kin.relation
    if relation is not None and relation.why:
        said = printable(f"a guess: {relation.why}" if kin.is_guess else relation.why)
        _line(console, f"{lead}{_SPACE if kin.kin else ''}", Text(said, "dim italic"))


def _notes(console: Console, found: "FamilyTree", *, has_guess: bool) -> None:
    from elige.cli.uses import print_doubts

    licence = found.licence
    if licence is not None and (licence.conflicts or licence.unsure):
        console.print()
        print_doubts(console, licence)
    if has_guess:
        console.print("\n? nobody declared it: a guess, and why", markup=False, style="dim")


def _line(console: Console, lead: str, text: Text) -> None:
    """One line, its continuation under its own beginning where the terminal is narrow."""
    width = max(20, console.width - len(lead))
    rest = lead.replace("├── ", _BAR).replace("└── ", _SPACE)
    for place, part in enumerate(text.wrap(console, width)):
        start = Text(lead if place == 0 else rest, "dim")
        part.rstrip()
        console.print(start.append_text(part), no_wrap=True, crop=False, overflow="ignore")
