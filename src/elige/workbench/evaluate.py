"""`evaluate`: one candidate on every sample, its score with an interval."""

from collections import Counter
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any  # JSON-like values have no better static type

from elige.choose.ledger import Account
from elige.choose.plain import standing_facts
from elige.choose.words import looks_warning
from elige.config import now
from elige.evaluate.entrant import Entrant
from elige.evaluate.judge import JudgeReport
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
    Standing,
    Status,
    Task,
)
from elige.store import RunStatus
from elige.text import canonical
from elige.workbench.bench import Workbench
from elige.workbench.figures import CONFIDENCE, Figures, figures
from elige.workbench.judges import agreement_with, judge_report
from elige.workbench.prepare import Plan
from elige.workbench.session import Session, ended_early, session


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One candidate's score on a task.

    `standing` holds score, interval, times and counts. The intervals are for a number of
    samples fixed beforehand. `figures` says how each was made, and holds those of groups, parts
    and repeats.
    """

    run: str
    task: str
    samples: int
    standing: Standing
    figures: Figures
    answers: int = 0
    confusion: ConfusionMatrix | None = None
    notices: tuple[str, ...] = ()
    interrupted: bool = False
    judge: JudgeReport | None = None

    @property
    def interval_method(self) -> str:
        """How the score's interval was made."""
        return self.figures.overall.method if self.figures.overall else ""

    @property
    def groups(self) -> tuple[tuple[str, float, Interval, int], ...]:
        """Each group with its mean score, interval and number of samples."""
        return self.figures.groups

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
            "confusion": None
            if confusion is None
            else {"labels": list(confusion.labels), "counts": [list(r) for r in confusion.counts]},
            "notices": list(self.notices),
            "interrupted": self.interrupted,
        } | ({} if self.judge is None else {"judge": self.judge.facts()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """The end of an evaluation."""

    evaluation: Evaluation


@dataclass(slots=True)
class _Tally:
    """What is counted as the answers come in: scores, and which class was read as which."""

    task: Task
    account: Account
    named: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, position: int, result: Observation) -> None:
        self.account.add(position, result)
        self.named[self.task.samples[position].target, result.score.predicted] += 1

    def confusion(self) -> ConfusionMatrix | None:
        if self.task.kind != "classification":
            return None
        return confusion_matrix(self.named.elements(), self.task.labels)


def run_evaluation(bench: Workbench, plan: Plan) -> Generator[Event | Evaluated]:
    """Ask the plan's one candidate every sample. Ctrl-C ends it with the score so far."""
    (entrant,) = plan.entrants
    account = Account(repeats=plan.repeats)
    tally = _Tally(plan.task, account)
    with session(bench, plan, kind="evaluate") as open_:
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
            closing(open_.executor.run([job], open_.runner.work)) as results,
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
        yield Evaluated(evaluation=_concluded(bench, plan, tally, status, judge))


def _judge(bench: Workbench, plan: Plan, open_: Session) -> JudgeReport | None:
    """What is to be known of the judge; labelled answers that it has not seen are shown to it."""
    found = agreement_with(bench, plan.labels, open_.judging, run=plan.run)
    report = judge_report(bench, plan.task, plan.judge, run=plan.run, labels=plan.labels)
    return report and replace(report, agreement=found)


def _concluded(
    bench: Workbench,
    plan: Plan,
    tally: _Tally,
    status: RunStatus,
    judge: JudgeReport | None,
) -> Evaluation:
    store, account = bench.store, tally.account
    looks = store.looks(plan.task.data_hash)
    if status == "finished":
        looks = store.look(plan.task.data_hash, plan.run)
    found = figures(plan.task, account)
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
            plan, account, found, paid=store.paid(plan.run).get(plan.entrants[0].name, 0)
        ),
        figures=found,
        answers=account.answers,
        confusion=tally.confusion(),
        notices=tuple(notices),
        interrupted=status == "interrupted",
        judge=judge,
    )
    store.finish_run(plan.run, status, canonical(evaluation.facts()), _moment())
    return evaluation


def _standing(plan: Plan, account: Account, found: Figures, *, paid: int) -> Standing:
    tokens, outcomes = account.tokens(), account.outcomes
    return Standing(
        name=plan.entrants[0].name,
        status=Status.OPEN,
        reason="evaluated alone",
        score=account.mean if account.evaluated else None,
        interval=found.overall.interval if found.overall else None,
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
