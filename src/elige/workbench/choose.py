"""`choose`: plan, contest, verdict."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace

from elige.choose.cautions import looks_warning
from elige.choose.contest import Contest, Ground
from elige.choose.judged import judge_lines
from elige.choose.judgement import Outside, compared, judge_contest, within_in
from elige.choose.limits import (
    KnownFacts,
    Limits,
    parse_bytes,
    parse_permission,
    parse_requirement,
    rejection,
)
from elige.choose.plain import verdict_facts
from elige.choose.race import FIRST_BATCH, RaceSettings
from elige.choose.words import sentences
from elige.config import now
from elige.evaluate.budget import Ledger
from elige.evaluate.entrant import Entrant
from elige.evaluate.rotation import turned
from elige.records import (
    Event,
    Finished,
    RefKind,
    RunStarted,
    Scope,
    Settled,
    Status,
    Verdict,
)
from elige.store import RunKind, RunStatus
from elige.text import canonical
from elige.workbench.bench import Workbench
from elige.workbench.judges import judge_report
from elige.workbench.options import ChooseOptions
from elige.workbench.permissions import permissions
from elige.workbench.prepare import Plan
from elige.workbench.session import Session, ended_early, session
from elige.workbench.whole import Whole, places_of, terms_of, whole_verdict, without_places

# A candidate that is no threat any more is still asked until it is shown beaten, if that takes
# at most this part more samples than it has answered: people want to know, and it is cheap.
_PATIENCE = 1.0
_PORTION = 16


def run_race(
    bench: Workbench, plan: Plan, options: ChooseOptions, *, kind: RunKind = "choose"
) -> Generator[Event]:
    """Run a planned race. Ctrl-C ends it with the verdict so far, marked interrupted.

    Raises whatever the engines, the store or the user's scorer cannot go on with; every answer
    that was given is kept.
    """
    limits = limits_of(options)
    rejected = _rejected(bench, plan, limits)
    racing = tuple(one for one in plan.entrants if one.name not in rejected)
    for name, why in rejected.items():
        yield Settled(candidate=name, status=Status.REJECTED, reason=why, samples=0)
    started = replace(plan, entrants=racing)
    with session(bench, started, kind=kind) as open_:
        ground = _ground(started, limits, open_)
        contest = Contest(ground, race_settings(plan, options, racing))
        finish = _Finish(
            bench=bench,
            plan=plan,
            contest=contest,
            ledger=open_.ledger,
            rejected=rejected,
            whole=terms_of(plan, options, open_.judging.scorer),
        )
        yield RunStarted(
            run=plan.run,
            task=plan.task.name,
            samples=len(plan.task.samples),
            candidates=tuple(one.name for one in racing),
        )
        with ended_early(bench, plan, open_) as early:
            yield from contest.run() if finish.whole is None else without_places(contest.run())
        yield from finish.events(interrupted=contest.interrupted or early())


def _ground(plan: Plan, limits: Limits, open_: Session) -> Ground:
    return Ground(
        task=plan.task,
        entrants={one.name: one for one in plan.entrants},
        limits=limits,
        executor=open_.executor,
        work=open_.work,
        stopped=open_.stopped,
        ledger=open_.ledger,
        orders=len(turned(plan.task).origin) // len(plan.task.samples),
        repeats={name: plan.repeats for name in plan.draws},
    )


def limits_of(options: ChooseOptions) -> Limits:
    """The hard limits, read from what the user wrote. Raises `BadInput`."""
    return Limits(
        max_memory=parse_bytes(options.max_memory) if options.max_memory else None,
        min_context=options.min_context,
        may=tuple(parse_permission(text) for text in options.may),
        require=tuple(parse_requirement(text) for text in options.require),
    )


def race_settings(plan: Plan, options: ChooseOptions, racing: tuple[Entrant, ...]) -> RaceSettings:
    """The race's settings; models that wait on other machines are asked side by side.

    Without room for error there is no stopping early: everybody answers everything. So it is
    where the score is a statistic of the whole file.
    """
    apart = {RefKind.ENDPOINT, RefKind.ECHO}
    samples = len(plan.task.samples)
    confidence = options.confidence if plan.task.estimates == "mean" else 1.0
    return RaceSettings(
        samples=samples,
        first_batch=samples if confidence >= 1.0 else FIRST_BATCH,
        tolerance=options.tolerance,
        confidence=confidence,
        scope=options.scope,
        prefer=options.prefer,
        side_by_side=any(one.candidate.ref.kind in apart for one in racing),
        portion=_PORTION,
        patience=_PATIENCE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finish:
    """Ends a run: the verdict in words, kept in the store, the look counted."""

    bench: Workbench
    plan: Plan
    contest: Contest
    ledger: Ledger
    rejected: Mapping[str, str]
    whole: Whole | None

    def events(self, *, interrupted: bool) -> Iterator[Event]:
        """The end of the run; where there was no race, everybody's place before it."""
        verdict = self.verdict(interrupted=interrupted)
        if self.whole is not None:
            yield from places_of(verdict)
        yield Finished(verdict=verdict, interrupted=interrupted)

    def verdict(self, *, interrupted: bool) -> Verdict:
        store, plan = self.bench.store, self.plan
        status: RunStatus = "interrupted" if interrupted else "finished"
        looks = store.looks(plan.task.data_hash)
        seen = any(account.evaluated for account in self.contest.accounts.values())
        if seen and not interrupted:
            looks = store.look(plan.task.data_hash, plan.run)
        found = replace(
            self._judged(interrupted=interrupted, looks=looks),
            proposed=plan.proposed,
            not_raced=plan.not_raced,
        )
        store.finish_run(plan.run, status, canonical(verdict_facts(found)), _moment())
        return found

    def _judged(self, *, interrupted: bool, looks: int) -> Verdict:
        notices = [*self.plan.notices]
        if interrupted:
            notices.append("Interrupted: this is the verdict so far; the same command goes on.")
        if not self.plan.final and (warning := looks_warning(looks)):
            notices.append(warning)
        if self.plan.final:
            notices.append(self._opened())
        plan = self.plan
        if report := judge_report(self.bench, plan.task, plan.judge, run=plan.run):
            notices.extend(judge_lines(report))
        outside = Outside(
            run=self.plan.run,
            rejected=self.rejected,
            asked=self._asked(),
            notices=tuple(notices),
            budget=self.ledger.allowances(),
        )
        if self.whole is not None:
            return whole_verdict(self.contest, outside, self.plan.task, self.whole)
        verdict = judge_contest(self.contest, outside)
        return replace(verdict, sentences=sentences(verdict, self._elsewhere(verdict)))

    def _elsewhere(self, verdict: Verdict) -> Verdict:
        """What the same answers prove in the scope that was not raced for."""
        other: Scope = "list" if verdict.scope == "future" else "future"
        names = compared(self.contest)
        states = within_in(self.contest.race, names, other)
        proven = states.get(verdict.winner) is Status.WITHIN
        standings = tuple(
            replace(one, status=_seen_elsewhere(one.name, states, verdict.winner), more_needed=None)
            if one.name in states
            else one
            for one in verdict.candidates
        )
        return replace(verdict, scope=other, candidates=standings, decided=proven)

    def _asked(self) -> dict[str, int]:
        # An answer that came in after the race had ended is kept, and counts the next time.
        paid = self.bench.store.paid(self.plan.run)
        return {
            name: min(paid.get(name, 0), account.answers)
            for name, account in self.contest.accounts.items()
        }

    def _opened(self) -> str:
        before = self.bench.store.open_locked(
            self.plan.task.data_hash, self.plan.run, opened=_moment()
        )
        if before == 0:
            return "This was the first and final look at the part kept back."
        return (
            f"The part kept back was opened {before} time{'s' if before != 1 else ''} before: "
            "this is no first look, and its scores are optimistic."
        )


def _seen_elsewhere(name: str, states: Mapping[str, Status], winner: str) -> Status:
    if name == winner and states[name] is Status.WITHIN:
        return Status.WINNER
    return states[name]


def _rejected(bench: Workbench, plan: Plan, limits: Limits) -> dict[str, str]:
    found = {one.name: rejection(_known(bench, one, limits), limits) for one in plan.entrants}
    return {name: why for name, why in found.items() if why}


def _known(bench: Workbench, one: Entrant, limits: Limits) -> KnownFacts:
    """What the limits ask about; what they do not ask is not looked up."""
    here = one.candidate.ref.kind not in {RefKind.ENDPOINT, RefKind.ECHO}
    need = bench.loader.memory(one.candidate) if here else None
    return KnownFacts(
        memory=None if need is None else need.total,
        free=bench.loader.free_bytes() if here else None,
        context=one.info.context_length,
        may=permissions(bench, one.candidate) if limits.may else {},
        runs_here=here,
    )


def _moment() -> str:
    return now().isoformat(timespec="seconds")
