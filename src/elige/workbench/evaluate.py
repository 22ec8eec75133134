"""`evaluate`: one candidate on every sample, its score with an interval."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal  # JSON-like values have no better static type

from elige.choose.ledger import Account
from elige.choose.plain import standing_facts
from elige.choose.words import looks_warning
from elige.config import now
from elige.evaluate.corpus import METHOD
from elige.evaluate.entrant import Entrant
from elige.evaluate.metrics import ConfusionMatrix, confusion_matrix
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
from elige.stats import score_interval
from elige.store import RunStatus
from elige.text import canonical
from elige.workbench.bench import Workbench
from elige.workbench.details import Details, details_of, judged_of
from elige.workbench.prepare import Plan
from elige.workbench.session import ended_early, session

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One candidate's score on a task.

    `standing` holds score, interval, times and counts. `interval_method` names how the interval
    was made; it is for a number of samples fixed beforehand. `estimates` says whether the score
    is a mean over the samples or the corpus score that `details` has. `groups` maps a group to
    its mean score, interval and number of samples.
    """

    run: str
    task: str
    samples: int
    standing: Standing
    interval_method: str
    estimates: Literal["mean", "corpus"] = "mean"
    groups: tuple[tuple[str, float, Interval, int], ...] = ()
    confusion: ConfusionMatrix | None = None
    details: Details = Details()
    notices: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def figure(self) -> str:
        """A task's own figure in words, where that is its result; '' where a score is."""
        if self.standing.score is not None or not self.details.figures:
            return ""
        one = self.details.figures[0]
        spread = f" (95 % interval {one.spread}, {one.method})" if one.spread else ""
        better = f", {one.better} is better" if one.better else ""
        return (
            f"{one.name} {one.shown}{spread}{better}, over {self.standing.evaluated:,} of "
            f"{self.samples:,} samples"
        )

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
            "estimates": self.estimates,
            "figure": self.figure,
            "groups": [
                {"group": name, "score": score, "interval": list(pair), "samples": count}
                for name, score, pair, count in self.groups
            ],
            "confusion": None
            if confusion is None
            else {"labels": list(confusion.labels), "counts": [list(r) for r in confusion.counts]},
            **self.details.facts(),
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
            closing(open_.executor.run([job], open_.work)) as results,
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
        details = details_of(
            plan.task,
            judged_of(plan.task, account),
            open_.judging.scorer,
            confidence=CONFIDENCE,
            seed=plan.seed,
            asks=open_.rotation.asks.get(entrant.name),
        )
        yield Evaluated(evaluation=_concluded(bench, plan, account, details, status))


def _concluded(
    bench: Workbench, plan: Plan, account: Account, details: Details, status: RunStatus
) -> Evaluation:
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
    headline, method = _headline(plan.task, account, details)
    evaluation = Evaluation(
        run=plan.run,
        task=plan.task.name,
        samples=len(plan.task.samples),
        standing=_standing(plan, account, headline, asked=len(store.asked_in(plan.run, keys))),
        interval_method=method,
        estimates=plan.task.estimates,
        groups=_groups(plan.task, account),
        confusion=_confusion(plan.task, account),
        details=details,
        notices=tuple(notices),
        interrupted=status == "interrupted",
    )
    store.finish_run(plan.run, status, canonical(evaluation.facts()), _moment())
    return evaluation


def _headline(
    task: Task, account: Account, details: Details
) -> tuple[tuple[float, Interval | None] | None, str]:
    """The score with its interval, and how that was made; the mean, or what the task estimates."""
    corpus = details.corpus
    if task.estimates == "corpus" and task.examiner is not None:
        return None, ""  # its figures have units of their own, and none is a share of 1
    if task.estimates == "corpus" and corpus is not None:
        return (corpus.value, corpus.interval), METHOD
    values = [observation.score.value for observation in account.observations.values()]
    if not values:
        return None, ""
    interval, method = score_interval(values, confidence=CONFIDENCE)
    return (account.mean, interval), method


def _standing(
    plan: Plan, account: Account, headline: tuple[float, Interval | None] | None, *, asked: int
) -> Standing:
    tokens, outcomes = account.tokens(), account.outcomes
    return Standing(
        name=plan.entrants[0].name,
        status=Status.OPEN,
        reason="evaluated alone",
        score=None if headline is None else headline[0],
        interval=None if headline is None else headline[1],
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


def _groups(task: Task, account: Account) -> tuple[tuple[str, float, Interval, int], ...]:
    members: dict[str, list[float]] = {}
    if task.examiner is not None and task.estimates == "corpus":
        return ()
    for place, observation in sorted(account.observations.items()):
        sample: Sample = task.samples[place]
        if sample.group:
            members.setdefault(sample.group, []).append(observation.score.value)
    return tuple(
        (
            name,
            sum(values) / len(values),
            score_interval(values, confidence=CONFIDENCE)[0],
            len(values),
        )
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
