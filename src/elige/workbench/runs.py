"""`runs`: what was run before."""

import json
import time
from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

from elige.choose.plain import verdict_from
from elige.choose.words import headline
from elige.records import Verdict
from elige.store import RunObservation, RunRecord
from elige.workbench.bench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """One run: everything known of it as plain data, and its verdict if it has one."""

    facts: dict[str, Any]
    verdict: Verdict | None = None
    headline: str = ""


def list_runs(bench: Workbench, limit: int) -> list[dict[str, Any]]:
    """The newest runs as plain data, with their result in a line."""
    return [_line(bench, record) for record in bench.store.runs(limit)]


def show_run(bench: Workbench, run: str, *, samples: bool) -> ShownRun:
    """The run of this id or unique beginning; with `samples` every answer too.

    Raises `NotFound` or `BadInput` for an id that is unknown or not unique.
    """
    record = bench.store.run(run)
    facts = _line(bench, record) | {"spec": json.loads(record.spec)}
    result = json.loads(record.verdict) if record.verdict else None
    facts["verdict"] = result
    if samples:
        facts["samples"] = [_sample(found) for found in bench.store.observations(record.id)]
    if result is None or "candidates" not in result:
        return ShownRun(facts=facts)
    verdict = verdict_from(result)
    return ShownRun(facts=facts, verdict=verdict, headline=headline(verdict))


def _line(bench: Workbench, record: RunRecord) -> dict[str, Any]:
    return {
        "run": record.id,
        "kind": record.kind,
        "task": record.task,
        "status": _status(bench, record),
        "reason": record.reason,
        "created": record.created,
        "updated": record.updated,
        "data_hash": record.data_hash,
        "result": _result(record),
    }


def _status(bench: Workbench, record: RunRecord) -> str:
    """How it ended, or that it runs; 'stopped' when whoever ran it is gone without a word."""
    if record.status != "running":
        return record.status
    alive = bench.store.lives(record.holder, now=time.time())
    return "running" if alive else "stopped"


def _result(record: RunRecord) -> str:
    result = json.loads(record.verdict) if record.verdict else None
    if result is None:
        return ""
    if "candidates" in result:
        return headline(verdict_from(result))
    score, origin = result.get("score"), result.get("origin")
    told = "" if score is None else f"{result['model']} scored {100 * score:.1f}"
    if score is None and result.get("figure"):
        told = f"{result['model']}: {result['figure']}"
    return f"{told} ({origin})" if origin else told


def _sample(found: RunObservation) -> dict[str, Any]:
    entry, answer, score = found.entry, found.answer, found.score
    return {
        "candidate": entry.candidate,
        "sample": entry.sample,
        "position": entry.position,
        "repeat": entry.key.repeat,
        "prompt": entry.prompt,
        "answer": None if answer is None else answer.text,
        "reasoning": None if answer is None else answer.reasoning,
        "weighed": None if answer is None else [one.logprob for one in answer.weighed],
        "finish": None if answer is None else answer.finish.value,
        "prompt_tokens": None if answer is None else answer.prompt_tokens,
        "completion_tokens": None if answer is None else answer.completion_tokens,
        "seconds": None if answer is None else answer.seconds,
        "score": None if score is None else score.value,
        "outcome": None if score is None else score.outcome.value,
        "why": None if score is None else score.why,
        "extracted": None if score is None else score.extracted,
        "asked_by": found.asked_by,
    }
