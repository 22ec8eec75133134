"""`elige openness`: how open a model is, with the evidence."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any  # JSON-like values have no better static type

import typer
from rich.console import Console
from rich.markup import escape

from elige.cli.exits import EXIT_TOLD
from elige.cli.flags import AsJson
from elige.cli.screen import (
    Column,
    Row,
    print_json,
    print_rows,
    shortened_name,
    stderr_console,
    stdout_console,
)

if TYPE_CHECKING:
    from elige.catalog.openness import Openness
    from elige.workbench.openness import Graded

_MARKS = {"open": "●", "partial": "◐", "closed": "○", "unknown": "?"}
LEVELS = {"open": "green", "partial": "yellow", "closed": "red", "unknown": "dim"}
_MET = {"yes": "met", "no": "not met", "unknown": "unknown"}
_NAME_WIDTH = 20


def openness(
    things: Annotated[
        list[str],
        typer.Argument(
            metavar="REF|FILE...",
            help="Files of the Model Openness Framework (.yml) or of the European OSAI index "
            "(.yaml), models at hand, or names that are known (allenai/OLMo-7B).",
        ),
    ],
    strict_mof: Annotated[
        bool,
        typer.Option(
            "--strict-mof",
            metavar="",
            help="Grade as the framework's own tool does: licence ids to the letter.",
        ),
    ] = False,
    wheel: Annotated[
        Path | None,
        typer.Option("--wheel", metavar="FILE", help="Also draw the answers, as SVG; for one."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how open a model is: five questions, the licence, and what the frameworks make of it.

    elige openness allenai/OLMo-7B

    elige openness OLMo-7B.yml llama-4.yaml --strict-mof --json
    """
    from elige.workbench import Workbench, grade_openness, write_wheel

    with Workbench.open() as bench:
        graded = list(grade_openness(bench, things, strict=strict_mof))
    found = [one.found for one in graded if one.found is not None]
    for one in graded:
        _tell_error(one)
    if as_json:
        told = [_facts(one) for one in graded]
        print_json(told[0] if len(told) == 1 else told)
    elif len(found) == 1:
        _print_one(stdout_console(), found[0])
    elif found:
        _print_several(stdout_console(), found)
    if wheel is not None and found:
        write_wheel(found, wheel.expanduser())
        stderr_console().print(f"Written: {wheel}", markup=False)
    if len(found) < len(graded):
        raise typer.Exit(EXIT_TOLD)


def _tell_error(one: "Graded") -> None:
    if one.error is not None:
        line = " ".join(f"elige: {one.error} {one.error.hint}".split())
        stderr_console().print(line, markup=False, soft_wrap=True)


def _facts(one: "Graded") -> dict[str, Any]:
    from elige.catalog.openness import openness_facts

    if one.found is None:
        hint = "" if one.error is None else one.error.hint
        return {"file": one.asked, "error": str(one.error), "hint": hint}
    return openness_facts(one.found) | {"file": one.asked, "source": one.found.source}


def _print_one(console: Console, found: "Openness") -> None:
    by = f", {escape(found.producer)}" if found.producer else ""
    console.print(f"[bold]{escape(found.name)}[/bold]{by}", soft_wrap=True)
    for name, value in grades(found):
        console.print(f"  {name:<27}{escape(value)}", soft_wrap=True)
    console.print()
    for one in found.answers:
        level = str(one.level)
        mark = f"[{LEVELS[level]}]{_MARKS[level]} {level:<8}[/]"
        console.print(f"{mark} [bold]{one.question.label}[/bold]", soft_wrap=True)
        console.print(f"    {one.evidence}", markup=False, soft_wrap=True)
        for link in one.links:
            console.print(f"    {link}", markup=False, soft_wrap=True, style="dim")
    if found.mof is not None and (wanted := _wanted(found)):
        console.print(f"\n{wanted}", markup=False, soft_wrap=True)
    for notice in found.notices:
        console.print(notice, markup=False, soft_wrap=True)
    if found.framework != "model":
        console.print(f"\nGraded by {found.source}", markup=False, soft_wrap=True, style="dim")


def grades(found: "Openness") -> Iterator[tuple[str, str]]:
    """The frameworks' grades, the licence, and the definition with its parts: names and words."""
    from elige.catalog.openness.classes import NUMERALS, class_in_full

    if found.mof is not None:
        shares = ", ".join(
            f"{numeral} {found.mof.progress[of_class]:.0f} %"
            for of_class, numeral in NUMERALS.items()
        )
        strict = ", licence ids to the letter" if found.strict else ""
        yield "Model Openness Framework", f"{class_in_full(found.mof.of_class)}: {shares}{strict}"
    if found.osai is not None:
        parts = ", ".join(f"{name} {100 * v:.0f}" for name, v in found.osai.categories.items())
        yield "European OSAI index", f"{100 * found.osai.score:.2f} of 100: {parts}"
    yield "Licence of the weights", _licence(found)
    yield "Open Source AI Definition", _MET[str(found.definition)]
    for part in found.parts:
        yield "", f"{part.name}: {_MET[str(part.met)]} ({part.why})"


def _licence(found: "Openness") -> str:
    if not found.licence.stated:
        return "none stated"
    approved = {True: "OSI-approved", False: "not OSI-approved", None: "not known here"}
    return f"{found.licence.name}, {approved[found.licence.osi_approved]}"


def _wanted(found: "Openness") -> str:
    """What the next class still asks for; '' when there is none."""
    from elige.catalog.openness.classes import class_name

    grade = found.mof
    if grade is None or grade.of_class == 1:
        return ""
    aim = class_name(grade.of_class - 1 if grade.of_class else 3)
    lacks = [f"not there: {', '.join(grade.missing)}"] if grade.missing else []
    lacks += [f"under no open licence: {', '.join(grade.closed)}"] if grade.closed else []
    return f"For {aim}: {'; '.join(lacks)}."


def _print_several(console: Console, found: list["Openness"]) -> None:
    heads = ("data", "weights", "eval", "tune", "metrics")
    columns = [Column("", right=False), Column("MOF", right=False), Column("OSAI")]
    columns += [Column(name, right=False) for name in heads]
    columns += [Column("OSI", right=False), Column("OSAID", right=False)]
    print_rows(console, columns, [_row(one) for one in found])
    legend = "  ".join(f"{mark} {level}" for level, mark in _MARKS.items())
    console.print(f"\n{legend}", markup=False, soft_wrap=True)
    console.print(
        "MOF: Model Openness Framework class. OSAI: European index, of 100. OSI: the licence is "
        "OSI-approved. OSAID: the Open Source AI Definition is met. Ask for one to see why.",
        style="dim",
    )


def _row(found: "Openness") -> Row:
    from elige.catalog.openness.classes import NUMERALS

    mof = "" if found.mof is None else NUMERALS.get(found.mof.of_class, "-")
    osai = "" if found.osai is None else f"{100 * found.osai.score:.1f}"
    marks = [_MARKS[str(one.level)] for one in found.answers]
    approved = {True: "yes", False: "no", None: "?"}[found.licence.osi_approved]
    name = shortened_name(found.name, _NAME_WIDTH)
    definition = {"unknown": "?"}.get(str(found.definition), str(found.definition))
    return Row((name, mof, osai, *marks, approved, definition))
