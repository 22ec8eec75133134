"""`elige cost`: what models cost where they are hosted, and on a machine of one's own."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from elige.cli.flags import AsJson
from elige.cli.screen import print_json, stderr_console, stdout_console
from elige.errors import BadInput

if TYPE_CHECKING:
    from elige.catalog.offers import Workload

_MOST = 10**12
_OWN, _FROM = "A machine of your own", "Where the offers come from"


def cost(
    refs: Annotated[
        list[str],
        typer.Argument(metavar="REF...", help="Models: their hub id, or any name of theirs."),
    ],
    input_tokens: Annotated[
        int | None, typer.Option("--input", metavar="N", help="Tokens read in a request.")
    ] = None,
    output_tokens: Annotated[
        int | None, typer.Option("--output", metavar="N", help="Tokens written in a request.")
    ] = None,
    requests: Annotated[int, typer.Option(metavar="N", help="How many requests.")] = 1,
    per_hour: Annotated[
        str,
        typer.Option(metavar="USD", help="What a machine costs an hour.", rich_help_panel=_OWN),
    ] = "",
    tokens_per_second: Annotated[
        str,
        typer.Option(
            metavar="S",
            help="How many tokens it does, read and written; else what was measured or estimated.",
            rich_help_panel=_OWN,
        ),
    ] = "",
    offers_from: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="OpenRouter's list, models.dev's api.json or its repository.",
            rich_help_panel=_FROM,
        ),
    ] = None,
    dated: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="When that file was fetched: 2026-11-26.", rich_help_panel=_FROM
        ),
    ] = "",
    alone: Annotated[
        bool, typer.Option("--alone", metavar="", help="Show no closed models beside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what a model costs: every hosted offer, the cheapest, the median, your own machine.

    elige cost meta-llama/Llama-3.3-70B-Instruct --input 1500 --output 300 --requests 100000

    elige cost qwen3-32b --from api.json --per-hour 2.50 --tokens-per-second 900 --json
    """
    from elige.cli.cost_table import print_broken, print_costs
    from elige.config import today
    from elige.workbench import Workbench
    from elige.workbench.cost import CostOptions, cost_of
    from elige.workbench.cost_facts import cost_facts

    if tokens_per_second and not per_hour:
        raise BadInput(
            "--tokens-per-second says how fast a machine is, but not what it costs.",
            hint="Add --per-hour, for example --per-hour 2.50.",
        )
    options = CostOptions(
        use=_workload(input_tokens, output_tokens, requests),
        today=today(),
        per_hour=_positive(per_hour, "--per-hour"),
        tokens_per_second=_positive(tokens_per_second, "--tokens-per-second"),
        offers=offers_from.expanduser() if offers_from else None,
        dated=_date(dated),
        beside=not alone,
    )
    with Workbench.open() as bench:
        found = cost_of(bench, refs, options)
    if as_json:
        print_json(cost_facts(found))
    else:
        print_costs(stdout_console(), found)
        print_broken(stderr_console(), found.broken)


def _workload(read: int | None, written: int | None, requests: int) -> "Workload":
    from elige.catalog.offers import USUAL_RATIO, Workload, usual_workload

    told = ((read, "--input", 0), (written, "--output", 0), (requests, "--requests", 1))
    for value, flag, least in told:
        if value is not None and not least <= value <= _MOST:
            raise BadInput(
                f"{flag} is {value}; it is a number from {least} to {_MOST:,}.",
                hint="For example --input 1500 --output 300 --requests 100000.",
            )
    if read is None and written is None:
        return usual_workload(requests)
    many, one = USUAL_RATIO
    if read == 0 and not written or written == 0 and not read:
        raise BadInput("Nothing is read and nothing written.", hint="Give --input and --output.")
    if read is None:
        read = (written or 0) * many // one
    if written is None:
        written = max(1, read * one // many)
    return Workload(input=read, output=written, requests=requests)


def _positive(text: str, flag: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text.strip().lstrip("$"))
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not 0 < value <= _MOST:
        raise BadInput(f"{flag} is {text!r}, no number above 0.", hint=f"Write {flag} 2.50.")
    return value


def _date(text: str) -> str:
    from datetime import date

    if not text:
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise BadInput(
            f"--dated is {text!r}, no date.", hint="Write --dated 2026-11-26."
        ) from error
