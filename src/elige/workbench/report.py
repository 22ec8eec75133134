"""The report of a run, from what the store kept of it."""

import os
import shlex
from collections import defaultdict
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from elige.choose.report import CandidateFacts, Report, SampleRow, Seen, write_report
from elige.config import now
from elige.errors import BadInput
from elige.evaluate.entrant import Entrant
from elige.evaluate.rotation import folded_answer, folded_score, turned, worst
from elige.machine.facts import machine_facts
from elige.records import Verdict
from elige.text import human_bytes
from elige.workbench.bench import Workbench
from elige.workbench.prepare import Plan


def report_run(
    bench: Workbench, plan: Plan, verdict: Verdict, path: Path, *, command: str = ""
) -> None:
    """Write the report of a race at `path`. Raises `BadInput` when it cannot be written there."""
    write_report(
        Report(
            verdict=verdict,
            task=plan.task,
            candidates=tuple(_facts(one) for one in plan.entrants),
            rows=_rows(bench, plan),
            elige_version=version("elige"),
            created=now().isoformat(timespec="minutes"),
            machine=machine_words(bench),
            looks=max(1, bench.store.looks(plan.task.data_hash)),
            seed=plan.seed,
            command=command,
            kept_back=0 if plan.final else plan.kept_back,
        ),
        path,
    )


def check_report_path(path: Path, flag: str = "--report") -> None:
    """Raise `BadInput` when no report can be written at `path`, before anything is asked."""
    folder = path.expanduser().absolute().parent
    if path.is_dir():
        raise BadInput(
            f"The report cannot be written to {str(path)!r}: that is a folder.",
            hint=f"Give a file in it with {flag} FILE.html.",
        )
    if not folder.is_dir():
        raise BadInput(
            f"The report cannot be written to {str(path)!r}: there is no folder {folder}.",
            hint=f"Make the folder with: mkdir -p {shlex.quote(str(folder))}",
        )
    if path.is_file() and path.stat().st_size and not _is_page(path):
        raise BadInput(
            f"The report would overwrite {str(path)!r}, which is no report.",
            hint=f"Give another file with {flag} FILE.html.",
        )
    if not os.access(folder, os.W_OK):
        raise BadInput(
            f"The report cannot be written to {str(path)!r}: the folder may not be written.",
            hint=f"Give another place with {flag} FILE.html.",
        )


def _is_page(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(64).lstrip().lower().startswith(b"<!doctype html")


def machine_words(bench: Workbench) -> str:
    """The computer in a line."""
    machine = machine_facts(bench.settings.home, bench.settings.environment)
    gpus = "".join(f", {gpu.name}" for gpu in machine.gpus)
    memory = human_bytes(machine.memory_bytes)
    return f"{machine.cpu}, {machine.cores} cores, {memory} of memory{gpus}, {machine.system}"


def _facts(entrant: Entrant) -> CandidateFacts:
    candidate = entrant.candidate
    return CandidateFacts(
        candidate=candidate,
        info=entrant.info,
        digest=entrant.hash,
        prices=candidate.prices,
        prices_source="given with the candidate" if candidate.prices else "",
    )


def _rows(bench: Workbench, plan: Plan) -> list[SampleRow]:
    """The samples that somebody answered, in the race's order."""
    turns = turned(plan.task)
    of = dict(zip((one.id for one in turns.task.samples), turns.origin, strict=True))
    seen: dict[int, dict[str, dict[int, list[Seen]]]] = defaultdict(lambda: defaultdict(dict))
    for found in bench.store.observations(plan.run):
        if found.answer is not None and found.score is not None:
            draws = seen[of[found.entry.sample]][found.entry.candidate]
            draws.setdefault(found.entry.key.repeat, []).append(
                Seen(prompt=found.entry.prompt, answer=found.answer, score=found.score)
            )
    return [
        SampleRow(
            sample=sample,
            position=place,
            seen={
                name: averaged([folded(draws[repeat]) for repeat in sorted(draws)])
                for name, draws in seen[place].items()
            },
        )
        for place, sample in enumerate(plan.task.samples)
        if place in seen
    ]


def folded(orders: list[Seen]) -> Seen:
    """A sample that was asked in several orders: the prompt and the answer of the worst."""
    if len(orders) == 1:
        return orders[0]
    scores = [one.score for one in orders]
    return Seen(
        prompt=orders[worst(scores)].prompt,
        answer=folded_answer([one.answer for one in orders], scores),
        score=folded_score(scores),
    )


def averaged(draws: list[Seen]) -> Seen:
    """A sample that was asked several times: all the answers, one below the other, their mean."""
    if len(draws) == 1:
        return draws[0]
    first, scores = draws[0], [one.score for one in draws]
    right = sum(one.value == 1.0 for one in scores)
    answer = replace(
        first.answer,
        text="\n\n".join(f"[{n}] {one.answer.text}" for n, one in enumerate(draws, start=1)),
        prompt_tokens=sum(one.answer.prompt_tokens for one in draws),
        completion_tokens=sum(one.answer.completion_tokens for one in draws),
        seconds=sum(one.answer.seconds for one in draws),
    )
    score = replace(
        first.score,
        value=sum(one.value for one in scores) / len(scores),
        extracted=", ".join(dict.fromkeys(one.extracted for one in scores)),
        why=f"right in {right} of {len(scores)} draws; the first: {first.score.why}",
    )
    return Seen(prompt=first.prompt, answer=answer, score=score)
