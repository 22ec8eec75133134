"""The page: records in, one HTML text out."""

import base64
import hashlib
import os
from contextlib import suppress
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any  # what a template is handed

from elige.choose import words
from elige.choose.amounts import money, points
from elige.choose.cautions import looks_warning
from elige.choose.report.data import Report
from elige.choose.report.ended import ended, next_commands
from elige.choose.report.facts import form_facts, identity, run_facts
from elige.choose.report.method import method_words
from elige.choose.report.power import power_words
from elige.choose.report.samples import MAX_BYTES, differing, samples_json
from elige.choose.report.tables import confusions, field_means, group_means, measured
from elige.choose.report.view import colour_of, table
from elige.errors import BadInput
from elige.records import Status

_HERE = "elige.choose.report"
_SHOWN_SET_ASIDE = 50
_SHOWN_NOT_RACED = 12
_INSTALL = (
    "The charts are left out, for they need packages that are not installed. "
    "Install them with: pip install 'elige[report]'"
)


def write_report(report: Report, path: Path) -> None:
    """Write the page to `path`, whole or not at all.

    Raises `BadInput` when the file cannot be written there.
    """
    text = render_report(report)
    try:
        write_whole(path, text)
    except OSError as error:
        raise BadInput(
            f"The report cannot be written to {str(path)!r}: {error.strerror or error}.",
            hint="Give another file with --report FILE.html.",
        ) from error


def render_report(report: Report, *, max_sample_bytes: int = MAX_BYTES) -> str:
    """The whole page as HTML; without Altair or vl-convert the charts are left out.

    Samples beyond `max_sample_bytes` are left out too, and the page says how many.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(_read("page.html")).render(
        _verdict(report) | _evidence(report) | _assets(report, max_sample_bytes)
    )
    # A lone half of a surrogate pair in somebody's answer has no place in UTF-8.
    return page.encode("utf-8", "replace").decode("utf-8")


def write_whole(path: Path, text: str) -> None:
    """Put `text` in place of the file in one step."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as stream:
        unfinished = Path(stream.name)
        try:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
            unfinished.chmod(0o644)
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise


def _verdict(report: Report) -> dict[str, Any]:
    """What was found, in words and in the table."""
    verdict, estimates = report.verdict, report.task.estimates
    return {
        "report": report,
        "verdict": verdict,
        "headline": words.headline(verdict),
        "sentences": verdict.sentences or words.sentences(verdict, estimates=estimates),
        "remarks": words.remarks(verdict),
        "warning": looks_warning(report.looks),
        "ranges": words.intervals_in_words(verdict, estimates=estimates),
        "ended": ended(report),
        "method": method_words(verdict, estimates=estimates),
        "promised": words.promised(verdict, estimates=estimates),
        "not_promised": words.not_promised(verdict),
        "figures": _figures(report),
        "power": power_words(verdict),
        "table": table(report),
        "tolerance": points(verdict.tolerance),
        "first": "winner" if verdict.decided else "leader",
    }


def _evidence(report: Report) -> dict[str, Any]:
    """Everything the verdict stands on, apart from the samples."""
    charts, why_not = _charts(report)
    groups, more_groups = group_means(report)
    letters = report.letters
    return {
        "charts": charts,
        "why_no_charts": why_not,
        "groups": groups,
        "more_groups": more_groups,
        "parts": field_means(report),
        "confusions": confusions(report),
        "measured": measured(report),
        "letters": letters,
        "colours": {name: colour_of(report, name) for name in letters},
        "run_facts": run_facts(report),
        "form_facts": form_facts(report),
        "identity": identity(report),
        "next": next_commands(report),
        "differing": differing(report.rows),
        "shown_set_aside": _SHOWN_SET_ASIDE,
        "shown_not_raced": _SHOWN_NOT_RACED,
    }


def _assets(report: Report, max_sample_bytes: int) -> dict[str, Any]:
    """What stands in the page as it is: style, script and the samples."""
    from markupsafe import Markup

    script = _read("report.js")
    samples, left_out = samples_json(report, max_bytes=max_sample_bytes)
    sealed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {
        "style": Markup(_read("report.css")),
        "script": Markup(script),
        "script_hash": sealed,
        "samples": Markup(samples),
        "left_out": left_out,
    }


def _charts(report: Report) -> tuple[dict[str, Any], str]:
    """The charts by name, or why there are none."""
    from markupsafe import Markup

    nothing: dict[str, Any] = {"frontiers": (), "panels": ()}
    try:
        from elige.choose.report import charts
    except ImportError:
        return nothing, _INSTALL
    try:
        drawn = {"frontiers": charts.frontiers(report), "panels": charts.race_panels(report)}
    except ValueError as error:
        # A finished race is worth more than its pictures.
        return nothing, f"The charts are left out, for they cannot be drawn: {error}."
    return drawn | {"safe": Markup}, ""


def _figures(report: Report) -> list[tuple[str, str]]:
    """The few numbers beside the verdict: what it is and how much."""
    verdict = report.verdict
    compared = [one for one in verdict.candidates if one.status is not Status.REJECTED]
    listed = [
        (f"{len(compared):,}", "candidates compared" if len(compared) != 1 else "candidate"),
        (f"{verdict.samples:,}", "samples in the list"),
        (f"{verdict.evaluations:,}", f"answers looked at{_saved(report)}"),
    ]
    costs = [one.cost for one in verdict.candidates if one.cost is not None]
    if costs:
        listed.append((money(sum(costs, Decimal(0))), "for the answers with a known price"))
    return listed


def _saved(report: Report) -> str:
    full, used = report.verdict.full_evaluations, report.verdict.evaluations
    if not 0 < used < full:
        return ""
    return f" of {full:,}: {100 * (1 - used / full):.0f} % saved"


def _read(name: str) -> str:
    return files(_HERE).joinpath(name).read_text("utf-8")
