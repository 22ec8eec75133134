"""`evaluate`: one candidate on every sample, its score with an interval."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

from elige.choose.ledger import Account
from elige.choose.plain import standing_facts
from elige.choose.words import looks_warning
from elige.config import now
from elige.evaluate.entrant import Entrant
from elige.evaluate.metrics import ConfusionMatrix, confusion_matrix, parts_mean
from elige.records import (
    Answered,
    Event,
    Failed,
    Interval,
    Job,
    Observation,
    Outcome,
    RunStarted,
    Sample,
    Standing,
    Status,
    Task,
)
from elige.stats import mean_interval, wilson_interval
from elige.store import RunStatus
from elige.text import canonical
from elige.workbench.bench import Workbench
from elige.workbench.prepare import Plan
from elige.workbench.session import ended_early, session

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One candidate's score on a task.

    `standing` holds score, interval, times and counts. `interval_method` names how the interval
    was made; it is for a number of samples fixed beforehand. `groups` maps a group to its mean
    score, interval and number of samples.
    """

    run: str
    task: str
    samples: int
    standing: Standing
    interval_method: str
    groups: tuple[tuple[str, float, Interval, int], ...] = ()
    confusion: ConfusionMatrix | None = None
    fields: tuple[tuple[str, float], ...] = ()
    notices: tuple[str, ...] = ()
    interrupted: bool = False

    def facts(self) -> dict[str, Any]:
        """The evaluation as an object of JSON."""
        standing = standing_facts(self.standing)
        for key in ("status", "reason", "difference", "difference_interval", "more_needed"):
            standing.pop(key)
        confusion = self.confusion
        return {
            "run": self.run,
            "task": self.task,
            "model": standing.pop("name"),
            "samples": self.samples,
            **standing,
            "confidence": CONFIDENCE,
            "interval_method": self.interval_method,
            "groups": [
                {"group": name, "score": score, "interval": list(pair), "samples": count}
                for name, score, pair, count in self.groups
            ],
            "confusion": None
            if confusion is None
            else {"labels": list(confusion.labels), "counts": [list(r) for r in confusion.counts]},
            "fields": dict(self.fields),
            "notices": list(self.notices),
            "interrupted": self.interrupted,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """The end of an evaluation."""

    evaluation: Evaluation


def run_evaluation(bench: Workbench, plan: Plan) -> Generator[Event | Evaluated]:
    """Ask the plan's one candidate every sample. Ctrl-C ends it with the score so far."""
    (entrant,) = plan.entrants
    account = Account()
    with session(bench, plan, kind="evaluate") as open_:
        yield RunStarted(
            run=plan.run,
            task=plan.task.name,
            samples=len(plan.task.samples),
            candidates=(entrant.name,),
        )
        places = {sample.id: at for at, sample in enumerate(plan.task.samples)}
        job = Job(candidate=entrant.candidate, samples=tuple(range(len(places))), lane=entrant.name)
        with (
            ended_early(bench, plan, open_) as early,
            closing(open_.executor.run([job], open_.runner.work)) as results,
        ):
            for _, result in results:
                if isinstance(result, Observation):
                    account.add(places[result.sample], result)
                    yield _answered(entrant, account, result, len(places))
                else:
                    account.failed += 1
                    yield Failed(candidate=entrant.name, why=result.why)
        lacking = account.evaluated + account.failed < len(places)
        interrupted = early() or (open_.stopped() and lacking)
        status: RunStatus = "interrupted" if interrupted else "finished"
        yield Evaluated(evaluation=_concluded(bench, plan, account, status))


def _concluded(bench: Workbench, plan: Plan, account: Account, status: RunStatus) -> Evaluation:
    store = bench.store
    looks = store.looks(plan.task.data_hash)
    if status == "finished":
        looks = store.look(plan.task.data_hash, plan.run)
    notices = [*plan.notices]
    if status == "interrupted":
        notices.append("Interrupted: this is the score so far; the same command goes on.")
    if warning := looks_warning(looks):
        notices.append(warning)
    keys = [observation.key for observation in account.observations.values()]
    interval, method = _interval(account)
    evaluation = Evaluation(
        run=plan.run,
        task=plan.task.name,
        samples=len(plan.task.samples),
        standing=_standing(plan, account, interval, asked=len(store.asked_in(plan.run, keys))),
        interval_method=method,
        groups=_groups(plan.task, account),
        confusion=_confusion(plan.task, account),
        fields=tuple(parts_mean(o.score for o in account.observations.values()).items()),
        notices=tuple(notices),
        interrupted=status == "interrupted",
    )
    store.finish_run(plan.run, status, canonical(evaluation.facts()), _moment())
    return evaluation


def _standing(plan: Plan, account: Account, interval: Interval | None, *, asked: int) -> Standing:
    tokens, outcomes = account.tokens(), account.outcomes
    return Standing(
        name=plan.entrants[0].name,
        status=Status.OPEN,
        reason="evaluated alone",
        score=account.mean if account.evaluated else None,
        interval=interval,
        evaluated=account.evaluated,
        asked=asked,
        seconds=account.seconds,
        seconds_each=account.seconds_at(50),
        p95_seconds=account.seconds_at(95),
        cost=account.cost,
        cost_per_1000=account.cost_per_1000,
        prompt_tokens=tokens[0],
        completion_tokens=tokens[1],
        unparsed=outcomes[Outcome.UNPARSED],
        truncated=outcomes[Outcome.TRUNCATED],
        refused=outcomes[Outcome.REFUSED],
        failed=account.failed,
    )


def _interval(account: Account) -> tuple[Interval | None, str]:
    values = [observation.score.value for observation in account.observations.values()]
    return _interval_of(values) if values else (None, "")


def _interval_of(values: list[float]) -> tuple[Interval, str]:
    """Wilson's for right and wrong; for scores in between one that needs no assumption."""
    if all(value in {0.0, 1.0} for value in values):
        hits = sum(value == 1.0 for value in values)
        return wilson_interval(hits, len(values), confidence=CONFIDENCE), "Wilson"
    return mean_interval(values, alpha=1 - CONFIDENCE), "betting confidence sequence"


def _groups(task: Task, account: Account) -> tuple[tuple[str, float, Interval, int], ...]:
    members: dict[str, list[float]] = {}
    for place, observation in sorted(account.observations.items()):
        sample: Sample = task.samples[place]
        if sample.group:
            members.setdefault(sample.group, []).append(observation.score.value)
    return tuple(
        (name, sum(values) / len(values), _interval_of(values)[0], len(values))
        for name, values in sorted(members.items())
    )


def _confusion(task: Task, account: Account) -> ConfusionMatrix | None:
    if task.kind != "classification":
        return None
    pairs = [
        (task.samples[place].target, observation.score.predicted)
        for place, observation in account.observations.items()
    ]
    return confusion_matrix(pairs, task.labels)


def _answered(entrant: Entrant, account: Account, result: Observation, planned: int) -> Answered:
    return Answered(
        candidate=entrant.name,
        done=account.evaluated,
        planned=planned,
        seconds=result.answer.seconds,
        value=account.mean,
        cached=result.cached,
    )


def _moment() -> str:
    return now().isoformat(timespec="seconds")
