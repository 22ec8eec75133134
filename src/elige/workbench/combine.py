"""`combine`: a cascade, a router or an ensemble out of a run's answers, judged before its use."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

import numpy as np

from elige.choose.amounts import among, count
from elige.choose.combine import LEAST, Aim, Table, Trial, parts_of, sentences, trial
from elige.choose.combine.option import By
from elige.choose.combine.table import Unit
from elige.config import today
from elige.engines.combined import Question
from elige.errors import BadInput
from elige.evaluate.scorers import build_scorer, judge
from elige.loader.combinations import Combination
from elige.loader.reference import parse_ref
from elige.records import Answer, RefKind, Sample
from elige.workbench.answered import RunAnswers, run_of
from elige.workbench.bench import Workbench

# So many candidates at most: their pairs and triples are all tried.
_MOST = 8
# A candidate that answered less than this share of what others did would cost too many samples.
_SHARE = 0.5
_WEIGHING = {"choice", "classification"}
_NUMBERS = {"last_number", "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CombineOptions:
    """What to combine and to what end.

    `candidates` are names of the run's, () for those that answered enough. `save` is None for:
    if it pays. `name` is what the combination will be called, '' for a made-up name.
    """

    run: str
    candidates: tuple[str, ...] = ()
    by: By = "accuracy"
    tolerance: float = 0.01
    name: str = ""
    save: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense, with the value and the next step."""
        if self.by not in {"accuracy", "cost"}:
            raise BadInput(f"--by {self.by!r} is not known.", hint="Known: accuracy, cost.")
        if not 0.0 <= self.tolerance <= 1.0:
            raise BadInput(
                f"--tolerance is {self.tolerance:g}; it lies between 0 and 1.",
                hint="For example --tolerance 0.01.",
            )
        if self.name:
            parse_ref(f"combo:{self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """What came of combining. `saved` is the name to use (`combo:NAME`), '' for none.

    `samples` counts those that all `members` answered.
    """

    run: str
    members: tuple[str, ...]
    samples: int
    trial: Trial
    notices: tuple[str, ...] = ()
    saved: str = ""
    path: Path | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The verdict first, then what it rests on."""
        return sentences(self.trial)

    def facts(self) -> dict[str, Any]:
        """The outcome as an object of JSON."""
        found, gap = self.trial, self.trial.gap
        fit, choose, judge_ = found.sizes
        return {
            "run": self.run,
            "members": list(self.members),
            "samples": self.samples,
            "parts": {"fit": fit, "choose": choose, "judge": judge_},
            "by": found.aim.by,
            "tolerance": found.aim.tolerance,
            "unit": found.unit,
            "pays": found.pays,
            "verdict": self.sentences[0],
            "sentences": list(self.sentences),
            "single": found.single.name,
            "chosen": None if found.chosen is None else found.chosen.facts(),
            "difference": None if gap is None else gap.difference,
            "difference_interval": None if gap is None else list(gap.interval),
            "saving": found.saving,
            "rows": [row.facts() for row in found.rows],
            "notices": list(self.notices),
            "saved": self.saved or None,
        }


@dataclass(slots=True)
class _Answers:
    """One candidate's answers by sample: the first one of each, with score and place."""

    answers: dict[str, tuple[Answer, float]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)


def combine_run(bench: Workbench, options: CombineOptions) -> Combined:
    """Fit, choose and judge combinations of a run's candidates; one that pays is saved.

    Raises `NotFound` for a run or candidate that is unknown, `BadInput` where nothing can be
    combined.
    """
    run = run_of(bench, options.run)
    _check(run)
    found = _read(run, _wanted(run, options))
    members, notices = _members(found, options, run)
    common = _common(found, members)
    table = _table(run, found, members, common)
    tried = trial(table, parts_of(table.labels), Aim(by=options.by, tolerance=options.tolerance))
    outcome = Combined(
        run=run.id,
        members=table.names,
        samples=len(common),
        trial=tried,
        notices=(*notices, *_first_draws(run, table.names)),
    )
    if tried.chosen is None or options.save is False or not (options.save or tried.pays):
        return outcome
    return _saved(bench, run, outcome, options.name)


def _check(run: RunAnswers) -> None:
    if run.record.kind == "import":
        raise BadInput(
            f"Run {run.id} was imported: there is no model here that could be asked again.",
            hint="Combine the candidates of a run of: elige choose",
        )
    if not run.kept.candidates:
        raise BadInput(
            f"Run {run.id} did not keep how its candidates are run.",
            hint="Run the same command again (no answer is asked twice), then combine.",
        )
    if run.kept.rotated:
        raise BadInput(
            f"Run {run.id} asked its choices in several orders; a combination asks in one.",
            hint="Run it again without --rotate.",
        )
    if run.kept.estimates == "corpus":
        raise BadInput(
            f"Run {run.id} is about a statistic of the whole file; combining needs a score of "
            "each sample.",
            hint="Run it again with --estimates mean.",
        )


def _wanted(run: RunAnswers, options: CombineOptions) -> list[str]:
    said = [run.check_name(name) for name in dict.fromkeys(options.candidates)]
    names = said or list(run.names)
    return [name for name in names if run.kept.candidates[name].ref.kind is not RefKind.COMBO]


def _read(run: RunAnswers, names: Sequence[str]) -> dict[str, _Answers]:
    found = {name: _Answers() for name in names}
    for sample, one in run.observations(names):
        side, known = found[one.entry.candidate], run.sample(sample)
        if one.answer is None or one.score is None or known is None or sample in side.answers:
            continue
        side.answers[sample] = (one.answer, one.score.value)
        side.places[sample] = one.entry.position
        side.sent[sample] = known.cluster or one.entry.key.sent
    return found


def _members(
    found: Mapping[str, _Answers], options: CombineOptions, run: RunAnswers
) -> tuple[list[str], tuple[str, ...]]:
    """Who is combined, and what is to be said of the others."""
    counts = {name: len(one.answers) for name, one in found.items()}
    most = max(counts.values(), default=0)
    enough = [name for name in found if options.candidates or counts[name] >= _SHARE * most > 0]
    enough = sorted(enough, key=lambda name: -counts[name])[:_MOST]
    notices = [f"Run {run.id} {run.ended}: only its answers so far count."] if run.ended else []
    out = [name for name in found if name not in enough]
    if out:
        notices.append(
            f"Left out, for they answered too few samples or are too many: {among(out)}. "
            "Name the candidates to combine with --candidate."
        )
    if len(enough) < 2:
        raise BadInput(
            f"Combining takes two candidates that answered the same samples; run {run.id} has "
            f"{len(enough)}.",
            hint="Choose among more candidates, or name them with --candidate.",
        )
    return enough, tuple(notices)


def _first_draws(run: RunAnswers, members: Sequence[str]) -> tuple[str, ...]:
    """Whose answers were drawn at random; a combination is judged on the first of each sample."""
    standings = json.loads(run.record.verdict or "{}").get("candidates", ())
    draw = {str(one.get("name")) for one in standings if one.get("draws")}
    drawn = [name for name in members if name in draw]
    if not drawn:
        return ()
    return (
        f"Answers of {among(drawn)} are drawn at random; the first draw of each sample was taken, "
        "and other draws may come out differently.",
    )


def _common(found: Mapping[str, _Answers], members: Sequence[str]) -> list[str]:
    common = set.intersection(*(set(found[name].answers) for name in members))
    if len(common) < LEAST:
        raise BadInput(
            f"Only {count(len(common), 'sample')} {'was' if len(common) == 1 else 'were'} answered "
            f"by all of {among(list(members))}; combining takes {LEAST} to split in three parts.",
            hint="Give more samples, a smaller --tolerance, or fewer candidates (--candidate).",
        )
    places = found[members[0]].places
    return sorted(common, key=lambda sample: places[sample])


def _table(
    run: RunAnswers, found: Mapping[str, _Answers], members: Sequence[str], common: Sequence[str]
) -> Table:
    rows = {name: [found[name].answers[sample][0] for sample in common] for name in members}
    every = [one for row in rows.values() for one in row]
    priced = all(one.cost is not None for one in every) and any(one.cost for one in every)
    unit: Unit = "usd" if priced else "seconds"
    costs = {name: [_cost(one, unit) for one in rows[name]] for name in members}
    names = sorted(members, key=lambda name: sum(costs[name]))
    samples = [run.kept.samples[sample] for sample in common]
    scorer = run.kept.scorer
    return Table(
        names=tuple(names),
        answers=tuple(tuple(rows[name]) for name in names),
        scores=np.array([[found[name].answers[one][1] for one in common] for name in names]),
        costs=np.array([costs[name] for name in names]),
        unit=unit,
        questions=tuple(Question(text=one.question, group=one.group) for one in samples),
        labels=tuple(found[members[0]].sent[sample] for sample in common),
        reading="number" if scorer.name in _NUMBERS else "text",
        normalise=dict(scorer.options).get("normalise", "plain"),
        judge=_judge(run, samples),
    )


def _cost(answer: Answer, unit: Unit) -> float:
    return float(answer.cost or 0) if unit == "usd" else answer.seconds


def _judge(run: RunAnswers, samples: Sequence[Sample]) -> Callable[[int, Answer], float] | None:
    """Scores choices that were weighed; everything else only as far as a member said it."""
    kept = run.kept
    if kept.scorer.name not in _WEIGHING or kept.examined:
        return None
    scorer = build_scorer(kept.scorer, kept.labels)
    return lambda at, answer: judge(scorer, samples[at], answer).value


def _saved(bench: Workbench, run: RunAnswers, outcome: Combined, name: str) -> Combined:
    chosen = outcome.trial.chosen
    if chosen is None or chosen.option.rule is None:
        return outcome
    names = [outcome.members[at] for at in chosen.option.members]
    combination = Combination(
        name=name or f"{chosen.option.family}-{run.id[:6]}",
        rule=chosen.option.rule,
        members=tuple(run.kept.candidates[one] for one in names),
        hashes=tuple(run.kept.hashes[one] for one in names),
        run=run.id,
        made=today(),
        told=outcome.sentences[0],
    )
    path = bench.loader.combinations.save(combination)
    return replace(outcome, saved=combination.name, path=path)
