"""The judge of a task, where a model judges it: looked up, opened, and reported on."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from elige.errors import BadInput
from elige.evaluate.budget import Ledger
from elige.evaluate.entrant import Entrant, entrant
from elige.evaluate.judge import WORDS_VERSION, Clerk, Desk, JudgeReport, JudgeScorer, Label
from elige.evaluate.judge import agreement_with as agreed
from elige.evaluate.judge.desk import sampling_of
from elige.evaluate.marking import Judging
from elige.evaluate.pool import EnginePool
from elige.evaluate.scorers import build_scorer, scorer_digest
from elige.loader.candidate import parse_candidate
from elige.records import Answer, RefKind, Task
from elige.stats import Agreement
from elige.text import digest
from elige.workbench.bench import Workbench

NAME = "judge"
_FAMILIES = re.compile(
    r"llama|mistral|mixtral|ministral|qwen|qwq|gemma|gemini|gpt|claude|phi|falcon|olmo|deepseek|"
    r"command|smollm|granite|nemotron|grok|yi(?=-)|internlm|glm|kimi|exaone|pythia|bloom|apertus",
    re.IGNORECASE,
)
_KIN = {"mixtral": "mistral", "ministral": "mistral", "qwq": "qwen", "gemini": "gemma"}


def judge_of(bench: Workbench, task: Task) -> Entrant | None:
    """Who judges the task; None where no model does. No weights are loaded.

    Raises `BadInput` for a judge that cannot judge, and what its reference has wrong with it.
    """
    if task.scorer.name != NAME:
        return None
    scorer = judge_scorer(task)
    for sample in task.samples if scorer.settings.baseline else ():
        scorer.baseline(sample)
    candidate = parse_candidate(scorer.settings.reference)
    if candidate.shots:
        raise BadInput(
            f"The judge {candidate.name} has shots={candidate.shots}; a judge is shown none.",
            hint="Leave shots out, and say what counts with --scorer-option rubric=TEXT.",
        )
    return entrant(candidate, bench.loader.describe(candidate))


def judge_scorer(task: Task) -> JudgeScorer:
    """The task's scorer, whose judge is not opened yet."""
    return cast(JudgeScorer, build_scorer(task.scorer, task.labels))


def judge_notices(judge: Entrant | None, entrants: Sequence[Entrant]) -> tuple[str, ...]:
    """What to know before a judge's scores are trusted."""
    if judge is None:
        return ()
    kin = [one.name for one in entrants if _are_kin(one, judge)]
    notices = [
        f"The scores are what {judge.name} thinks of the answers. How sure a figure is covers the "
        "choice of samples, not a judge that is wrong or biased: compare it with people "
        "(--judge-labels)."
    ]
    if not sampling_of(judge).is_greedy:
        notices.append(
            f"{judge.name} draws its judgements at random, one for each answer: what is shown of "
            "new samples is of the mean over them, what is said of this list is of these."
        )
    if kin:
        notices.append(
            f"{judge.name} judges its own family ({', '.join(kin)}): models tend to prefer "
            "answers like their own."
        )
    return tuple(notices)


def opened_judge(
    bench: Workbench,
    task: Task,
    judge: Entrant | None,
    *,
    run: str,
    pool: EnginePool,
    ledger: Ledger,
) -> Judging | None:
    """The task's judge, opened when it is first asked; None where no model judges."""
    if judge is None:
        return None
    desk = Desk(judge, run=run, store=bench.store, pool=pool, ledger=ledger)
    scorer = _talking(judge_scorer(task), judge, desk)
    # Two ways to write the same judge are one judge: its hash stands for it.
    options = tuple(pair for pair in task.scorer.options if pair[0] != "judge")
    rules = scorer_digest(replace(task.scorer, options=options), task.labels)
    told = [rules, judge.hash, sampling_of(judge), WORDS_VERSION]
    return Judging(scorer=scorer, digest=digest(told), ahead=scorer.ahead)


def _talking(scorer: JudgeScorer, judge: Entrant, desk: Desk | None = None) -> JudgeScorer:
    """The scorer with its judge, asked as the judge's model wants to be asked."""
    info, candidate = judge.info, judge.candidate
    chat = candidate.prompt != "plain" and (info.has_template or candidate.ref.is_remote)
    return scorer.asked_by(None if desk is None else desk.ask, chat=chat, rehearses=info.rehearses)


def _are_kin(one: Entrant, judge: Entrant) -> bool:
    if RefKind.ECHO in {one.candidate.ref.kind, judge.candidate.ref.kind}:
        return False
    same = one.info.identity.weights == judge.info.identity.weights
    return same or bool(_families(one) & _families(judge))


def _families(one: Entrant) -> set[str]:
    words = _FAMILIES.findall(f"{one.candidate.ref.text} {one.name}")
    return {_KIN.get(word.lower(), word.lower()) for word in words}


def judge_report(
    bench: Workbench,
    task: Task,
    judge: Entrant | None,
    *,
    run: str,
    labels: Sequence[Label] = (),
) -> JudgeReport | None:
    """What there is to know of the judge after a run; None where no model judges."""
    if judge is None:
        return None
    samples = {sample.id: sample for sample in task.samples}
    scorer = _talking(judge_scorer(task), judge)
    judged = (
        (samples[found.entry.sample], found.answer)
        for found in bench.store.observations(run)
        if found.answer is not None and found.entry.sample in samples
    )
    besides = [(one.sample, Answer(text=one.answer)) for one in labels if one.answer]
    return Clerk(judge, scorer, bench.store).report(judged, run=run, besides=besides)


def agreement_with(
    bench: Workbench, labels: Sequence[Label], judging: Judging, *, run: str
) -> Agreement | None:
    """How far the judge of `run` agrees with people; None without labels that can be compared."""
    if not labels:
        return None
    answers: dict[str, Answer] = {}
    for found in bench.store.observations(run):
        if found.answer is not None and found.entry.key.repeat == 0:
            answers[found.entry.sample] = found.answer
    return agreed(labels, cast(JudgeScorer, judging.scorer), answers)
