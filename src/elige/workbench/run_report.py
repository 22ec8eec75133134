"""`runs report`: the report of a race that was run before, from what the run kept."""

from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import get_args

from elige.choose.plain import verdict_from
from elige.choose.report import CandidateFacts, Report, SampleRow, Seen, write_report
from elige.errors import BadInput
from elige.records import EngineInfo, Identity, PromptForm, Task, TaskKind, Verdict
from elige.workbench.answered import RunAnswers, run_of
from elige.workbench.bench import Workbench
from elige.workbench.report import check_report_path, folded
from elige.workbench.runs import show_run


def report_kept_run(bench: Workbench, run: str, path: Path, *, command: str = "") -> str:
    """Write the report of an earlier race at `path`; asks nothing. The run's id.

    Raises `NotFound` for a run that is unknown, `BadInput` for one that was no race or has no
    verdict yet, and when the report cannot be written there.
    """
    found = run_of(bench, run)
    check_report_path(path, "elige runs report RUN")
    facts = show_run(bench, found.id, samples=False).facts
    result = facts["verdict"]
    if result is None:
        raise BadInput(
            f"Run {found.id} has no verdict yet.",
            hint="Run the same command again; it goes on where it stopped.",
        )
    if "candidates" not in result:
        raise BadInput(
            f"Run {found.id} is of the kind {found.record.kind!r}, and a report is of a race.",
            hint="Make one with: elige choose. One model's result: elige runs export.",
        )
    verdict = verdict_from(result)
    write_report(_report(bench, found, verdict, command), path)
    return found.id


def _report(bench: Workbench, run: RunAnswers, verdict: Verdict, command: str) -> Report:
    record = run.record
    return Report(
        verdict=verdict,
        task=_task(run),
        candidates=tuple(_facts(run, name) for name in run.names if name in run.kept.candidates),
        rows=_rows(run, [one.name for one in verdict.candidates]),
        elige_version=version("elige"),
        created=record.updated or record.created,
        looks=max(1, bench.store.looks(record.data_hash)),
        seed=int(run.spec.get("seed", 0)),
        command=command,
    )


def _task(run: RunAnswers) -> Task:
    """As much of the task as the run kept; its form and guesses are not known any more."""
    kept = run.kept
    return Task(
        name=run.record.task,
        kind=_kind(run),
        samples=tuple(kept.samples.values()),
        form=PromptForm(question="", answer=""),
        scorer=kept.scorer,
        labels=kept.labels,
        estimates=kept.estimates,
        data_hash=run.record.data_hash,
        source=str(run.spec.get("source", "")),
        notices=("Made from what the run kept: the words around a sample are in its prompts.",),
    )


def _kind(run: RunAnswers) -> TaskKind:
    known = get_args(TaskKind)
    name = run.kept.scorer.name
    if name in known:
        return known[known.index(name)]  # type: ignore[no-any-return]
    return "choice" if any(one.choices for one in run.kept.samples.values()) else "text"


def _facts(run: RunAnswers, name: str) -> CandidateFacts:
    candidate = run.kept.candidates[name]
    settings = run.spec.get("how", {}).get("candidates", {}).get(name, {})
    identity = Identity(
        weights="", engine=settings.get("engine", ""), precision=settings.get("precision", "")
    )
    return CandidateFacts(
        candidate=candidate,
        info=EngineInfo(identity=identity) if settings.get("engine") else None,
        digest=run.kept.hashes.get(name, ""),
        prices=candidate.prices,
        prices_source="given with the candidate" if candidate.prices else "",
    )


def _rows(run: RunAnswers, names: list[str]) -> list[SampleRow]:
    """The samples that somebody answered, in the race's order."""
    seen: dict[str, dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    places: dict[str, int] = {}
    for sample, one in run.observations(names):
        if one.answer is None or one.score is None or run.sample(sample) is None:
            continue
        places[sample] = min(one.entry.position, places.get(sample, one.entry.position))
        seen[sample][one.entry.candidate].append(
            Seen(prompt=one.entry.prompt, answer=one.answer, score=one.score)
        )
    order = sorted(seen, key=lambda sample: places[sample])
    return [
        SampleRow(
            sample=run.kept.samples[sample],
            position=at,
            seen={name: folded(orders) for name, orders in seen[sample].items()},
        )
        for at, sample in enumerate(order)
    ]
