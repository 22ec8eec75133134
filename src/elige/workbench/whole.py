"""`choose` where the score is a statistic of the whole file: evaluated in full, no race."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from elige.choose.contest import Contest
from elige.choose.judgement import Outside
from elige.choose.whole import LEAST, Terms, judge_whole
from elige.choose.words import sentences
from elige.evaluate.corpus import CorpusScorer
from elige.records import Event, Scorer, Settled, Status, Task, Verdict
from elige.workbench.options import ChooseOptions
from elige.workbench.prepare import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The scorer with its statistic, and what is asked of the comparison."""

    scorer: CorpusScorer
    terms: Terms


def terms_of(plan: Plan, options: ChooseOptions, scorer: Scorer) -> Whole | None:
    """What a comparison of whole files needs; None where means are raced."""
    if plan.task.estimates == "mean" or not isinstance(scorer, CorpusScorer):
        return None
    terms = Terms(
        tolerance=options.tolerance,
        confidence=options.confidence,
        scope=options.scope,
        prefer=options.prefer,
        seed=options.seed,
    )
    return Whole(scorer=scorer, terms=terms)


def without_places(events: Iterable[Event]) -> Iterator[Event]:
    """The events of a contest, less the places that the means of the samples would give."""
    for event in events:
        if not isinstance(event, Settled) or event.status in {Status.REJECTED, Status.OPEN}:
            yield event


def places_of(verdict: Verdict) -> Iterator[Settled]:
    """An event for each candidate whose place the whole file has shown."""
    for one in verdict.candidates:
        if one.status not in {Status.REJECTED, Status.OPEN}:
            yield Settled(
                candidate=one.name, status=one.status, reason=one.reason, samples=one.evaluated
            )


def whole_verdict(contest: Contest, outside: Outside, task: Task, whole: Whole) -> Verdict:
    """The verdict with its sentences: on new samples like these, and on this list."""
    terms = whole.terms
    noted = replace(outside, notices=(*outside.notices, *_notices(task, terms)))
    found = judge_whole(contest, noted, task, whole.scorer, terms)
    other = replace(terms, scope="list" if terms.scope == "future" else "future")
    elsewhere = judge_whole(contest, noted, task, whole.scorer, other)
    return replace(found, sentences=sentences(found, elsewhere, estimates="corpus"))


def _notices(task: Task, terms: Terms) -> tuple[str, ...]:
    told = (
        "The score is a statistic of the whole file, not a mean: there was no race, everybody was "
        "asked everything, and differences were compared by paired bootstrap (an approximation)."
    )
    if len(task.samples) >= LEAST or terms.is_counted:
        return (told,)
    return told, f"With fewer than {LEAST} samples the bootstrap shows nothing."
