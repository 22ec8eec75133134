"""How a run asked and judged, in words that runs of other programs use too."""

from collections.abc import Sequence
from typing import Any  # JSON-like values have no better static type

from elige.evaluate.entrant import Entrant
from elige.records import ScorerSpec, Task
from elige.workbench.measured import model_key

# lm-eval's names for what the choice scorer compares.
_CHOICE = {"plain": "acc", "char": "acc_norm"}


def how_it_was_asked(task: Task, entrants: Sequence[Entrant]) -> dict[str, Any]:
    """The metric, and each candidate's settings by name; kept with the run, part of no hash.

    `models` has under what measurements of each one's weights are kept.
    """
    return {
        "metric": metric_of(task.scorer),
        "candidates": {one.name: _settings(one, task.scorer) for one in entrants},
        "models": {one.name: model_key(one.info) for one in entrants},
    }


def metric_of(scorer: ScorerSpec) -> str:
    """The scorer's name as a metric: `acc` and `acc_norm` where it is the same as lm-eval's."""
    by = dict(scorer.options).get("normalise", "plain")
    if scorer.name == "lm-eval":
        return dict(scorer.options).get("metric", scorer.name).partition(",")[0]
    if scorer.name == "choice":
        return _CHOICE.get(by, f"acc_{by}")
    return scorer.name


def _settings(one: Entrant, scorer: ScorerSpec) -> dict[str, str]:
    candidate, identity = one.candidate, one.info.identity
    # A task of lm-eval has a number of examples of its own; others show none unless asked to.
    own = dict(scorer.options).get("num_fewshot", "")
    usual = own if scorer.name == "lm-eval" else "0"
    known = {
        "shots": usual if candidate.shots is None else str(candidate.shots),
        "precision": identity.precision,
        "engine": f"{identity.engine} {identity.engine_version}".strip(),
        "template": identity.template[:12],
        "prompt": "" if candidate.prompt == "auto" else candidate.prompt,
        "adapter": candidate.adapter,
        "system": candidate.system[:60],
        "temperature": "" if candidate.temperature is None else str(candidate.temperature),
    }
    return {name: value for name, value in known.items() if value}
