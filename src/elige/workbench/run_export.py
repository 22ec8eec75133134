"""`runs export`: a run's outcome for other programs and for model cards."""

import csv
import io
import json
import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal, get_args  # Any: JSON-like values have no better static type

import yaml

from elige.errors import BadInput, NotFound
from elige.workbench.answered import run_of
from elige.workbench.bench import Workbench
from elige.workbench.runs import ShownRun, show_run

ExportFormat = Literal["json", "csv", "markdown", "eval-results", "model-card"]
_COLUMNS = (
    *("name", "status", "score", "low", "high", "evaluated", "difference", "seconds_each"),
    *("cost_per_1000", "unparsed", "truncated", "refused", "failed", "difference_low"),
    *("difference_high", "p95_seconds", "cost", "prompt_tokens", "completion_tokens", "run"),
)
_DATASET = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """Which run, in what form. `candidate` is for the forms about one model, '' for the winner.

    `dataset` and `task_id` name the benchmark as the hub knows it.
    """

    run: str
    form: ExportFormat = "json"
    candidate: str = ""
    dataset: str = ""
    task_id: str = ""

    def __post_init__(self) -> None:
        """Refuse what makes no sense, with the value and the next step."""
        if self.form not in get_args(ExportFormat):
            raise BadInput(
                f"--format {self.form!r} is not known.",
                hint=f"Known: {', '.join(get_args(ExportFormat))}.",
            )
        if self.dataset and not _DATASET.fullmatch(self.dataset):
            raise BadInput(
                f"--dataset {self.dataset!r} is no dataset of a hub.",
                hint="Write it as the hub does, for example --dataset openai/gsm8k.",
            )


def export_run(bench: Workbench, options: ExportOptions) -> str:
    """The run's outcome as a text of the wanted form.

    Raises `NotFound` for a run or candidate that is unknown, `BadInput` for a run without an
    outcome, and where the form needs what was not said.
    """
    run = run_of(bench, options.run)
    shown = show_run(bench, run.id, samples=False)
    rows = _rows(shown)
    if not rows:
        raise BadInput(
            f"Run {run.id} has no outcome yet.",
            hint="Run the same command again; it goes on where it stopped.",
        )
    if options.form == "json":
        return json.dumps(shown.facts | {"candidates": rows}, ensure_ascii=False, indent=2)
    if options.form == "csv":
        return _csv(rows)
    if options.form == "markdown":
        return _markdown(shown, rows)
    row = _one(shown, rows, options.candidate)
    entry = _entry if options.form == "eval-results" else _card
    return entry(shown, row, options)


def _rows(shown: ShownRun) -> list[dict[str, Any]]:
    """A row for each candidate of the verdict, or for the one that was evaluated."""
    result = shown.facts["verdict"] or {}
    found = result.get("candidates")
    if found is None:
        found = [result | {"name": result["model"]}] if "model" in result else []
    rows = []
    for one in found:
        low, high = one.get("interval") or (None, None)
        evaluated = one.get("evaluated", one.get("samples"))
        facts = one | {"low": low, "high": high, "evaluated": evaluated, "run": shown.facts["run"]}
        ends = one.get("difference_interval") or (None, None)
        facts |= zip(("difference_low", "difference_high"), ends, strict=True)
        rows.append({name: facts.get(name) for name in _COLUMNS})
    return rows


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def _markdown(shown: ShownRun, rows: list[dict[str, Any]]) -> str:
    facts, result = shown.facts, shown.facts["verdict"]
    lines = [f"## {_plain(facts['task'])}", "", _plain(shown.headline or facts["result"]), ""]
    lines += [_plain(sentence) for sentence in result.get("sentences", ())]
    lines += ["", *_table(rows, result)]
    lines += ["", *(f"- {_plain(one)}" for one in result.get("notices", ()))]
    left = result.get("not_raced", ())
    lines += [f"- Not raced: {_plain(one['name'])}: {_plain(one['why'])}." for one in left]
    optimistic = "; the winner's own score is descriptive, a little too good for it was picked"
    chosen = optimistic if result.get("winner") else ""
    lines.append(f"- Scores are out of 100. They, times and counts are measured{chosen}.")
    lines.append(f"- Made by elige {version('elige')}, run {facts['run']}.")
    return "\n".join(lines)


def _table(rows: list[dict[str, Any]], result: dict[str, Any]) -> list[str]:
    """The rows of the table; the difference stands there for races, the cost where it is known."""
    raced = any(row["difference"] is not None for row in rows)
    priced = any(row["cost_per_1000"] is not None for row in rows)
    to = "to the winner" if result.get("winner") else "to the leader"
    heads = {
        "candidate": "---",
        "is": "---",
        "score": "---:",
        f"{100 * (result.get('confidence') or 0.95):g} % interval": "---",
        **({to: "---:"} if raced else {}),
        "samples": "---:",
        "s each": "---:",
        **({"$ for 1,000": "---:"} if priced else {}),
    }
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join(heads.values())} |"]
    first = result.get("winner") or result.get("leader")
    for row in rows:
        cells = [row["name"], row["status"] or "evaluated", _points(row["score"]), _span(row)]
        cells += [_signed(row["difference"] if row["name"] != first else None)] * raced
        cells += [str(row["evaluated"]), _seconds(row["seconds_each"])]
        cells += [_dollars(row["cost_per_1000"])] * priced
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return lines


def _one(shown: ShownRun, rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The row of the candidate that is meant: named, the only one, or the winner."""
    names = [str(row["name"]) for row in rows]
    result = shown.facts["verdict"]
    wanted = name or (names[0] if len(names) == 1 else result.get("winner") or "")
    if not wanted:
        raise BadInput(
            f"Run {shown.facts['run']} has no winner; which candidate is meant?",
            hint=f"Say --candidate: {', '.join(names)}.",
        )
    if wanted not in names:
        raise NotFound("candidate", wanted, names)
    row = rows[names.index(wanted)]
    if row["score"] is None:
        raise BadInput(f"{wanted} has no score in this run.", hint="Name another candidate.")
    return row


def _entry(shown: ShownRun, row: dict[str, Any], options: ExportOptions) -> str:
    """A list for a file in a model repository's folder `.eval_results`.

    The form is that of the hub's documentation (hub-docs, docs/hub/eval-results.md at 064c754).
    """
    if not options.dataset or not options.task_id:
        raise BadInput(
            "A results file names the benchmark on the hub, and your own file is none.",
            hint="Say --dataset ORG/NAME --task-id ID, the id being one of its eval.yaml.",
        )
    entry = {
        "dataset": {"id": options.dataset, "task_id": options.task_id},
        "value": row["score"],
        "date": _date(shown),
        "notes": _notes(shown, row),
    }
    return _yaml([entry])


def _card(shown: ShownRun, row: dict[str, Any], options: ExportOptions) -> str:
    """The lines of a model card's head: `model-index` with this one result."""
    task = str(shown.facts["task"])
    metric = str(shown.facts["spec"].get("how", {}).get("metric", "score"))
    dataset = {"name": task, "type": options.dataset or task}
    result = {
        "task": {"type": "text-generation"},
        "dataset": dataset,
        "metrics": [{"type": metric, "value": row["score"], "name": _notes(shown, row)}],
    }
    return _yaml({"model-index": [{"name": str(row["name"]), "results": [result]}]})


def _notes(shown: ShownRun, row: dict[str, Any]) -> str:
    """How the number was made, and what it is not."""
    facts = shown.facts
    confidence = 100 * (facts["verdict"].get("confidence") or 0.95)
    parts = ["from 0 to 1, no interval"]
    if row["low"] is not None:
        parts = [f"from 0 to 1, {confidence:g} % interval {row['low']:.4f} to {row['high']:.4f}"]
    total = facts["spec"].get("samples") or row["evaluated"]
    parts.append(f"{row['evaluated']} of {total} samples")
    if facts["kind"] in {"choose", "demo"}:
        parts.append("a race, which stops early" if row["evaluated"] < total else "a race")
        if facts["verdict"].get("winner") == row["name"]:
            parts.append("the winner's own score is a little too good")
    if facts["status"] != "finished":
        parts.append(f"the run was {facts['status']}")
    parts.append(f"elige {version('elige')}, candidate {row['name']}")
    return "; ".join(parts)


def _date(shown: ShownRun) -> str:
    return str(shown.facts["updated"] or shown.facts["created"])[:10]


def _yaml(value: object) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    return text.rstrip("\n")


def _plain(text: object) -> str:
    return " ".join(str(text).split())


def _cell(text: object) -> str:
    return _plain(text).replace("|", "\\|")


def _points(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{100 * value:+.1f}"


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3g}"


def _span(row: dict[str, Any]) -> str:
    return "" if row["low"] is None else f"{_points(row['low'])} to {_points(row['high'])}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
