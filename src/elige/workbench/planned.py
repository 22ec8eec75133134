"""A plan as plain data: what `--dry-run --json` prints."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any  # JSON-like values have no better static type

from elige.records import Considered
from elige.workbench.estimate import Estimate
from elige.workbench.prepare import Plan


def plan_facts(plan: Plan, expected: Estimate) -> dict[str, Any]:
    """The plan as an object of JSON: the task as it was read, the prompts, what is to be asked.

    Seconds and costs are estimated from earlier answers, null when there are none.
    """
    task = plan.task
    return {
        "run": plan.run,
        "task": task.name,
        "source": task.source,
        "kind": task.kind,
        "samples": len(task.samples),
        "repeats": plan.repeats,
        "draws": list(plan.draws),
        "kept_back": plan.kept_back,
        "seed": plan.seed,
        "scorer": {"name": task.scorer.name, "options": dict(task.scorer.options)},
        "guesses": [
            {"role": one.role, "column": one.column, "why": one.why} for one in task.guesses
        ],
        "set_aside": [{"row": one.row, "why": one.why} for one in task.set_aside],
        "notices": list(plan.notices),
        "budget": _budget(plan),
        "to_ask": expected.to_ask,
        "seconds": expected.seconds or None,
        "cost": _money(expected.cost),
        "candidates": _candidates(plan, expected),
        "proposed": considered_facts(plan.proposed),
        "not_raced": considered_facts(plan.not_raced),
    }


def considered_facts(listed: Sequence[Considered]) -> list[dict[str, str]]:
    """Models that were thought of, and why they are raced or left out."""
    return [{"name": one.name, "why": one.why} for one in listed]


def _candidates(plan: Plan, expected: Estimate) -> list[dict[str, Any]]:
    prompts = {one.candidate: one for one in plan.previews()}
    return [
        {
            "name": one.name,
            "to_ask": one.to_ask,
            "seconds": one.seconds,
            "cost": _money(one.cost),
            "style": prompts[one.name].style,
            "prompts": list(prompts[one.name].prompts),
        }
        for one in expected.candidates
    ]


def _budget(plan: Plan) -> dict[str, int | float]:
    limits = plan.budget.limits()
    return {unit: int(n) if unit == "evaluations" else float(n) for unit, n in limits.items()}


def _money(cost: Decimal | None) -> float | None:
    return None if cost is None else float(cost)
