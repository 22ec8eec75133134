"""`elige fit`: does a model fit here, and how fast would it be."""

from typing import TYPE_CHECKING, Annotated, Any  # JSON-like values have no better static type

import typer
from rich.markup import escape

from elige.cli.flags import AsJson
from elige.cli.screen import Column, Row, print_json, print_rows, stderr_console, stdout_console
from elige.text import human_bytes

if TYPE_CHECKING:
    from elige.records import Fact
    from elige.workbench.fit import Fit
    from elige.workbench.reckoning import FitRow


def fit(
    model: Annotated[
        str,
        typer.Argument(
            metavar="REF|CONFIG.json|FOLDER|FILE.gguf",
            help="Any model: a name, a config.json, a model folder, a GGUF file.",
        ),
    ],
    context: Annotated[
        int | None, typer.Option(metavar="N", help="Tokens of context for each user.")
    ] = None,
    users: Annotated[int, typer.Option(metavar="N", help="How many texts at once.")] = 1,
    memory: Annotated[
        str,
        typer.Option(metavar="SIZE", help="Memory to fit into, such as 24GB; else what is free."),
    ] = "",
    precision: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="fp32, bf16, fp8, Q8_0, Q4_K_M, ...; may be repeated."),
    ] = None,
    cache_dtype: Annotated[
        str, typer.Option(metavar="NAME", help="What keys and values are kept in: bf16, fp8, Q8_0.")
    ] = "",
    measure: Annotated[
        bool, typer.Option("--measure", help="Run it once and keep what it took.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how much memory a model needs, whether that fits here, and how fast it would be.

    elige fit smollm2-135m-instruct --context 8192 --users 4

    elige fit config.json --memory 24GB --precision Q4_K_M --json
    """
    from elige.choose.limits import parse_bytes
    from elige.config import read_settings
    from elige.errors import BadInput
    from elige.workbench import Workbench
    from elige.workbench.fit import fit_model
    from elige.workbench.reckoning import FitOptions

    if context is not None and context < 1:
        raise BadInput(f"A context of {context} tokens makes no sense.", hint="Give at least 1.")
    options = FitOptions(
        context=context or 0,
        users=users,
        memory=parse_bytes(memory) if memory else 0,
        precisions=tuple(precision or ()),
        cache=cache_dtype,
        measure=measure,
    )
    talk = stderr_console()
    with Workbench(
        read_settings(), say=lambda text: talk.print(escape(text), style="dim")
    ) as bench:
        found = fit_model(bench, model, options)
    if as_json:
        from elige.workbench.fit_facts import fit_facts

        print_json(fit_facts(found))
        raise typer.Exit
    _print(found)


def _print(found: "Fit") -> None:
    console = stdout_console()
    console.print(f"[bold]{escape(found.model)}[/bold]: {escape(_about(found))}")
    console.print(escape(_cache(found)))
    console.print(
        f"{human_bytes(found.memory)} of memory, {found.context:,} tokens of context, "
        f"{found.users:,} at once\n"
    )
    columns = [
        Column("precision", right=False),
        *(Column(name, optional=True) for name in ("weights", "cache", "rest")),
        *(Column(name) for name in ("needs", "verdict", "longest", "read/s", "written/s")),
        Column("peak", optional=True),
    ]
    print_rows(console, columns, [_row(row) for row in found.rows])
    console.print()
    for note in (*found.notes, _legend(found)):
        console.print(escape(note))


def _about(found: "Fit") -> str:
    one = found.architecture
    weights = _weights(one.parameters, one.active_parameters)
    parts = [one.name, f"more than {weights}" if one.partial else weights]
    parts.append(f"{len(one.layers)} layers of {one.attention.value}")
    windowed = sum(window > 0 for window in one.windows)
    if windowed:
        parts.append(f"{windowed} of them with a window of {max(one.windows):,} tokens")
    if one.experts:
        parts.append(f"{one.experts_active} of {one.experts} experts at work")
    parts.append("context unknown" if one.context is None else f"context {one.context:,}")
    return ", ".join(parts)


def _weights(total: int | None, active: int | None) -> str:
    if total is None:
        return "number of weights unknown"
    shown = f"{_short(total)} weights"
    return shown if active in {None, total} else f"{shown}, {_short(active or 0)} active"


def _short(count: int) -> str:
    for size, unit in ((10**12, "T"), (10**9, "B"), (10**6, "M")):
        if count >= size:
            return f"{count / size:.3g}{unit}"
    return str(count)


def _cache(found: "Fit") -> str:
    each = found.kv_bytes_per_token
    if each is None:
        return "What it keeps of a token is unknown."
    kind = found.cache.name if found.cache else "bf16"
    return f"It keeps {each:,} bytes of a token ({kind}, every layer counted)."


def _row(row: "FitRow") -> Row:
    need = row.need
    if need is None:
        verdict = row.verdict.value
        return Row((row.precision.name, "?", "?", "?", "?", verdict, "?", "?", "?", "?"))
    rest = need.activations + need.logits + need.runtime
    return Row(
        (
            row.precision.name,
            human_bytes(need.weights),
            human_bytes(need.cache),
            human_bytes(rest),
            f"~{human_bytes(need.total)}",
            row.verdict.value,
            f"{row.longest:,}" if row.longest else "-",
            _fact(row.prefill, _rate),
            _fact(row.decode, _rate),
            _fact(row.peak, human_bytes),
        )
    )


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _fact(fact: "Fact | None", shown: Any) -> str:  # noqa: ANN401 - a function of a number
    if fact is None or not isinstance(fact.value, (int, float)):
        return "?"
    return ("" if fact.kind.value == "measured" else "~") + str(shown(fact.value))


def _legend(found: "Fit") -> str:
    return (
        "~ is estimated (--json shows the formulas), numbers without it were measured here. "
        "Precisions other than fp32 and bf16 are those of other engines. The peak counts the files "
        "of the weights while they are open; the system takes that back when memory is short."
    )
