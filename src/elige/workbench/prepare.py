"""Everything before the first question: the task, the candidates, who is out from the start."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from elige.choose.spending import check_prices, parse_budget
from elige.errors import BadInput
from elige.evaluate.corpus import check_corpus
from elige.evaluate.entrant import Entrant, entrant
from elige.evaluate.harness import HARNESS, Access, Hub, harness_task
from elige.evaluate.judge import Label, read_labels
from elige.evaluate.options import TaskOptions
from elige.evaluate.own_scorer import own_reference
from elige.evaluate.perplexity import PERPLEXITY
from elige.evaluate.prompts import prompt_preview, render
from elige.evaluate.rows import Table
from elige.evaluate.scorers import build_scorer, check_code_task
from elige.evaluate.shots import limit, shuffled, split
from elige.evaluate.task import check_raceable, load_task
from elige.fetch import PUBLIC_HUB, answers
from elige.loader.candidate import parse_candidate, unique_names
from elige.records import Budget, Candidate, Considered, Task
from elige.text import digest, digest_of_many
from elige.workbench.bench import Workbench
from elige.workbench.drawing import drawing
from elige.workbench.how import how_it_was_asked
from elige.workbench.judges import judge_notices, judge_of, judge_scorer
from elige.workbench.kept import kept_facts
from elige.workbench.locking import unlocked
from elige.workbench.options import ChooseOptions, EvaluateOptions

_PREVIEWS = 3
_ONE_FILE = "A statistic of the whole file takes one answer to each sample; --repeats is left out."
_RACEABLE = {PERPLEXITY: "Say --estimates mean to race on the probability of each text's bytes"}
_RUN_ID = 12
# What a run's record says besides what decides the run.
_TOLD = {"source", "how", "kept"}
# A file, a task file, the name of a built-in task, or rows that a program holds.
Source = str | Path | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first samples as one candidate would be asked them, and as what: chat or plain."""

    candidate: str
    style: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be asked of whom.

    `run` is a digest of everything that decides the run, so the same command is the same run.
    Those in `draws` draw their answers at random, `repeats` to each sample; of the others there is
    one. `kept_back` counts the samples locked away; `final` says that these are the ones asked.
    `notices` are worth telling before the start. `judge` is who judges the answers, where a model
    does, and `labels` what people said of them. `budget` is what it may take, and decides nothing
    of what is asked; nor do `proposed` and `not_raced`, the models that were thought of and why.
    """

    task: Task
    entrants: tuple[Entrant, ...]
    seed: int
    run: str
    spec: dict[str, object]
    kept_back: int = 0
    final: bool = False
    notices: tuple[str, ...] = ()
    repeats: int = 1
    draws: tuple[str, ...] = ()
    judge: Entrant | None = None
    labels: tuple[Label, ...] = ()
    budget: Budget = field(default_factory=Budget)
    proposed: tuple[Considered, ...] = ()
    not_raced: tuple[Considered, ...] = ()

    def previews(self) -> list[Preview]:
        """Three rendered prompts of each way in which the candidates are asked."""
        return [_preview(self.task, one) for one in self.entrants]


def plan_race(bench: Workbench, source: Source, options: ChooseOptions) -> Plan:
    """The plan of a race; nothing is asked and no weights are loaded.

    Raises `BadInput` for fewer than two candidates or samples, and whatever the task, the
    candidates or the references have wrong with them.
    """
    candidates = [parse_candidate(text) for text in options.candidates]
    if len(candidates) < 2:
        given = options.candidates[0] if candidates else "none"
        raise BadInput(
            f"Choosing takes at least two candidates; given: {given}.",
            hint="Add --candidate REF, or score one with: elige evaluate.",
        )
    task = _task(bench, source, options.task, options.limit)
    _check_race(task)
    task, kept_back = unlocked(bench, task, options)
    shots = max(map(bench.loader.combinations.shots, candidates))
    task = _sampled(task, shots, limit_=options.limit, seed=options.seed)
    check_raceable(task)
    said = {
        name: getattr(options, name)
        for name in ("tolerance", "confidence", "scope", "prefer", "require", "max_memory")
        + ("min_context", "may", "final")
    }
    repeats = options.repeats
    if task.estimates == "corpus" and repeats > 1:
        repeats, task = 1, replace(task, notices=(*task.notices, _ONE_FILE))
    plan = _plan(bench, task, candidates, said, seed=options.seed, repeats=repeats)
    budget = parse_budget(options.budget)
    check_prices(budget, [one.candidate for one in (*plan.entrants, *filter(None, [plan.judge]))])
    return replace(
        plan,
        kept_back=kept_back,
        final=options.final,
        budget=budget,
        proposed=options.proposed,
        not_raced=options.not_raced,
    )


def plan_evaluation(bench: Workbench, source: Source, options: EvaluateOptions) -> Plan:
    """The plan of an evaluation of one candidate on every sample."""
    candidates = [parse_candidate(options.model)]
    task = _task(bench, source, options.task, options.limit)
    shots = max(map(bench.loader.combinations.shots, candidates))
    task = _sampled(task, shots, limit_=options.limit, seed=options.seed)
    said: dict[str, object] = {"evaluate": True}
    plan = _plan(bench, task, candidates, said, seed=options.seed, repeats=options.repeats)
    return replace(plan, labels=_labels(plan, options.judge_labels))


def _labels(plan: Plan, path: str) -> tuple[Label, ...]:
    """What people say of answers, where a judge is to be compared with them."""
    if not path:
        return ()
    if plan.judge is None:
        raise BadInput(
            f"--judge-labels {path} is for the scorer judge, but the scorer is "
            f"{plan.task.scorer.name}.",
            hint="Add --scorer judge --scorer-option judge=REF.",
        )
    settings = judge_scorer(plan.task).settings
    return read_labels(Path(path).expanduser(), plan.task.samples, settings)


def _plan(
    bench: Workbench,
    task: Task,
    candidates: Sequence[Candidate],
    said: dict[str, object],
    *,
    seed: int,
    repeats: int,
) -> Plan:
    unique_names(candidates)
    _check_scorer(task)
    judge = judge_of(bench, task)
    entrants = tuple(entrant(one, bench.loader.describe(one)) for one in candidates)
    draws = drawing(task, entrants, repeats)  # refuses who cannot be asked
    spec = said | {
        "task": task_digest(task),
        "data": task.data_hash,
        "samples": len(task.samples),
        "source": task.source,
        "seed": seed,
        "candidates": [[one.name, one.hash] for one in entrants],
        "how": how_it_was_asked(task, entrants),
        "kept": kept_facts(task, entrants),
        "prices": [[one.candidate.input_price, one.candidate.output_price] for one in entrants],
    }
    spec |= {"judge": judge.hash} if judge is not None else {}
    spec |= {"repeats": draws.repeats} if draws.repeats > 1 else {}
    decisive = {key: value for key, value in spec.items() if key not in _TOLD}
    return Plan(
        task=task,
        entrants=entrants,
        seed=seed,
        run=digest(decisive)[:_RUN_ID],
        spec=spec,
        notices=(*task.notices, *draws.notices, *judge_notices(judge, entrants)),
        repeats=draws.repeats,
        draws=draws.names,
        judge=judge,
    )


def _check_scorer(task: Task) -> None:
    check_code_task(task)
    if task.estimates == "corpus" and task.examiner is None:
        name = task.scorer.name
        own = own_reference(name)  # a function gives scores of single samples alone
        check_corpus(None if own else build_scorer(task.scorer, task.labels), name)


def _task(bench: Workbench, source: Source, options: TaskOptions, limit_: int | None) -> Task:
    """The task that `source` names; one of lm-eval takes its first `limit_` samples."""
    if not (isinstance(source, str) and source.startswith(HARNESS)):
        return load_task(source, options)
    settings = bench.settings
    hub = Hub(
        address=(settings.hub_endpoint or PUBLIC_HUB).rstrip("/"),
        offline=settings.offline,
        answers=answers,
    )
    access = Access(
        folder=settings.home,
        hub=hub,
        is_allowed=lambda sha256: bench.store.is_allowed("task", sha256),
    )
    bench.say(f"Reading {source} with lm-eval.")
    return harness_task(source, options, access, limit=limit_)


def _check_race(task: Task) -> None:
    if task.examiner is not None and task.estimates == "corpus":
        metric = dict(task.scorer.options).get("metric", task.scorer.name)
        raise BadInput(
            f"{metric} of {task.source} is a figure of the whole file, and a race needs a score "
            "of each sample.",
            hint=f"{_RACEABLE.get(metric, 'Name a metric that is a mean with --metric')}, or score "
            f"each model with: elige evaluate {task.source}",
        )


def task_digest(task: Task) -> str:
    """Hash of everything in a task that decides a run: not where it lay, nor how it was read."""
    bare = replace(task, samples=(), shots=(), source="", guesses=(), notices=(), set_aside=())
    bare = replace(bare, examiner=None)
    return digest_of_many(chain([bare], task.shots, ["tested"], task.samples))


def _sampled(task: Task, shots: int, *, limit_: int | None, seed: int) -> Task:
    """The samples that will be asked, in the one order for all, examples taken out."""
    if task.source.startswith(HARNESS):  # it has taken its first samples and brings its examples
        return shuffled(task, seed)
    if task.examiner is None:
        task = split(task, shots, seed)
    return shuffled(task if limit_ is None else limit(task, limit_, seed), seed)


def _preview(task: Task, one: Entrant) -> Preview:
    ask = render(task, one.candidate, one.info, task.samples[0])
    return Preview(
        candidate=one.name,
        style="chat" if ask.prompt.is_chat else "plain",
        prompts=tuple(prompt_preview(task, one.candidate, one.info, _PREVIEWS)),
    )
