"""`evaluate`: one candidate on every sample, its score with an interval."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any  # JSON-like values have no better static type

from elige.choose.cautions import looks_warning
from elige.choose.ledger import Account
from elige.choose.plain import standing_facts
from elige.config import now
from elige.evaluate.corpus import METHOD
from elige.evaluate.entrant import Entrant
from elige.evaluate.judge import JudgeReport
from elige.evaluate.metrics import ConfusionMatrix
from elige.records import (
    Answered,
    Estimates,
    Event,
    Failed,
    Interval,
    Job,
    Observation,
    Outcome,
    RunStarted,
    Standing,
    Status,
    Task,
)
from elige.store import RunStatus
from elige.text import canonical
from elige.workbench.bench import Workbench
from elige.workbench.details import Details
from elige.workbench.figures import CONFIDENCE, Figures
from elige.workbench.judges import agreement_with, judge_report
from elige.workbench.prepare import Plan
from elige.workbench.session import Session, ended_early, session
from elige.workbench.tally import Tally, tally_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One candidate's score on a task.

    `standing` holds score, interval, times and counts. The intervals are for a number of
    samples fixed beforehand. `figures` says how each was made, and holds those of the mean, of
    groups, parts and repeats; `estimates` says whether the score is that mean or the corpus
    score that `details` has.
    """

    run: str
    task: str
    samples: int
    standing: Standing
    figures: Figures
    answers: int = 0
    estimates: Estimates = "mean"
    details: Details = Details()
    confusion: ConfusionMatrix | None = None
    notices: tuple[str, ...] = ()
    interrupted: bool = False
    judge: JudgeReport | None = None

    @property
    def interval_method(self) -> str:
        """How the score's interval was made."""
        if self.estimates == "corpus" and self.details.corpus is not None:
            return METHOD
        return self.figures.overall.method if self.figures.overall else ""

    @property
    def groups(self) -> tuple[tuple[str, float, Interval, int], ...]:
        """Each group with its mean score, interval and number of samples."""
        return self.figures.groups

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
            "answers": self.answers,
            **standing,
            "confidence": CONFIDENCE,
            **self.figures.facts(),
            "interval_method": self.interval_method,
            "estimates": self.estimates,
            "figure": self.figure,
            "confusion": None
            if confusion is None
            else {"labels": list(confusion.labels), "counts": [list(r) for r in confusion.counts]},
            **self.details.facts(),
            "notices": list(self.notices),
            "interrupted": self.interrupted,
        } | ({} if self.judge is None else {"judge": self.judge.facts()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """The end of an evaluation."""

    evaluation: Evaluation


def run_evaluation(bench: Workbench, plan: Plan) -> Generator[Event | Evaluated]:
    """Ask the plan's one candidate every sample. Ctrl-C ends it with the score so far."""
    (entrant,) = plan.entrants
    with session(bench, plan, kind="evaluate") as open_:
        tally = tally_for(plan.task, open_, candidate=entrant.name, repeats=plan.repeats)
        account = tally.account
        yield RunStarted(
            run=plan.run,
            task=plan.task.name,
            samples=len(plan.task.samples),
            candidates=(entrant.name,),
        )
        places = {sample.id: at for at, sample in enumerate(plan.task.samples)}
        planned = len(places) * plan.repeats
        job = Job(
            candidate=entrant.candidate,
            samples=range(len(places)),
            lane=entrant.name,
            repeats=plan.repeats,
        )
        with (
            ended_early(bench, plan, open_) as early,
            closing(open_.executor.run([job], open_.work)) as results,
        ):
            for _, result in results:
                if isinstance(result, Observation):
                    tally.add(places[result.sample], result)
                    yield _answered(entrant, account, result, planned)
                else:
                    account.failed += 1
                    yield Failed(candidate=entrant.name, why=result.why)
        lacking = account.answers + account.failed < planned
        interrupted = early() or (open_.stopped() and lacking)
        status: RunStatus = "interrupted" if interrupted else "finished"
        judge = None if interrupted else _judge(bench, plan, open_)
        details = tally.details(open_, seed=plan.seed)
        yield Evaluated(evaluation=_concluded(bench, plan, tally, details, status, judge))


def _judge(bench: Workbench, plan: Plan, open_: Session) -> JudgeReport | None:
    """What is to be known of the judge; labelled answers that it has not seen are shown to it."""
    found = agreement_with(bench, plan.labels, open_.judging, run=plan.run)
    report = judge_report(bench, plan.task, plan.judge, run=plan.run, labels=plan.labels)
    return report and replace(report, agreement=found)


def _concluded(
    bench: Workbench,
    plan: Plan,
    tally: Tally,
    details: Details,
    status: RunStatus,
    judge: JudgeReport | None,
) -> Evaluation:
    store, account = bench.store, tally.account
    looks = store.looks(plan.task.data_hash)
    if status == "finished":
        looks = store.look(plan.task.data_hash, plan.run)
    found = tally.figures()
    notices = [*plan.notices, *found.notices()]
    if status == "interrupted":
        notices.append("Interrupted: this is the score so far; the same command goes on.")
    if warning := looks_warning(looks):
        notices.append(warning)
    evaluation = Evaluation(
        run=plan.run,
        task=plan.task.name,
        samples=len(plan.task.samples),
        standing=_standing(
            plan,
            account,
            _headline(plan.task, account, found, details),
            paid=store.paid(plan.run).get(plan.entrants[0].name, 0),
        ),
        figures=found,
        answers=account.answers,
        estimates=plan.task.estimates,
        details=details,
        confusion=tally.confusion(),
        notices=tuple(notices),
        interrupted=status == "interrupted",
        judge=judge,
    )
    store.finish_run(plan.run, status, canonical(evaluation.facts()), _moment())
    return evaluation


def _headline(
    task: Task, account: Account, found: Figures, details: Details
) -> tuple[float, Interval | None] | None:
    """The score with its interval: the mean, or what the task estimates."""
    if task.estimates == "corpus" and details.corpus is not None:
        return details.corpus.value, details.corpus.interval
    return None if found.overall is None else (account.mean, found.overall.interval)


def _standing(
    plan: Plan, account: Account, headline: tuple[float, Interval | None] | None, *, paid: int
) -> Standing:
    tokens, outcomes = account.tokens(), account.outcomes
    return Standing(
        name=plan.entrants[0].name,
        status=Status.OPEN,
        reason="evaluated alone",
        score=None if headline is None else headline[0],
        interval=None if headline is None else headline[1],
        evaluated=account.evaluated,
        asked=min(paid, account.answers),
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


def _answered(entrant: Entrant, account: Account, result: Observation, planned: int) -> Answered:
    return Answered(
        candidate=entrant.name,
        done=account.answers,
        planned=planned,
        seconds=result.answer.seconds,
        value=account.mean,
        cached=result.cached,
    )


def _moment() -> str:
    return now().isoformat(timespec="seconds")
