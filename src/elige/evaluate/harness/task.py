"""A task of lm-eval as a task of elige."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.harness.asks import SetUp
from elige.evaluate.harness.build import build
from elige.evaluate.harness.data import Hub, Rows, shows_tested
from elige.evaluate.harness.exam import Exam
from elige.evaluate.harness.examiner import HarnessExaminer, Place
from elige.evaluate.harness.files import code_digest, read_source
from elige.evaluate.harness.index import Index
from elige.evaluate.harness.library import library_version
from elige.evaluate.harness.local import local_rows
from elige.evaluate.harness.metrics import Metric
from elige.evaluate.harness.select import Leaf, Selection, select
from elige.evaluate.options import TaskOptions
from elige.records import Guess, PromptForm, Sample, ScorerSpec, Task
from elige.text import digest

HARNESS = "harness:"
_SAYABLE = {
    *("name", "rows_from", "metric", "shots_from", "encoding", "columns", "max_tokens", "stop"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What reading such a task needs of the surroundings.

    `folder` keeps the list of lm-eval's names. `is_allowed` says whether a task file with this
    hash may run its code.
    """

    folder: Path
    hub: Hub
    is_allowed: Callable[[str], bool] = field(repr=False)


def harness_task(
    text: str, options: TaskOptions, access: Access, *, limit: int | None = None
) -> Task:
    """The task, group or task file that `text` names after 'harness:', on its first `limit` rows.

    As in lm-eval, a limit counts for each task of a group. Raises `NotFound` for an unknown
    name, `NotAllowed` for code of the user's, `BadInput` for whatever cannot be used.
    """
    _check_said(options)
    name = text.removeprefix(HARNESS).strip()
    if not name:
        raise BadInput("harness: names no task.", hint="For example harness:gsm8k.")
    selection = select(name, Index(access.folder / "harness"), access.is_allowed)
    rows = local_rows(selection, options)
    metric = options.metric or _group_metric(selection)
    exams = [
        Exam(build(leaf, selection.files, own, access.hub), leaf.name, limit=limit, metric=metric)
        for leaf, own in rows.items()
    ]
    task = _assembled(selection, exams, rows, options)
    return replace(task, source=f"{HARNESS}{name}")


def code_digest_of(path: Path) -> str:
    """The hash under which the code of a task file is allowed; '' when it has none."""
    return code_digest(read_source(path))


def _check_said(options: TaskOptions) -> None:
    refused = [name for name in options.said() if name not in _SAYABLE]
    if refused:
        flag = refused[0].replace("_", "-")
        raise BadInput(
            f"A task of lm-eval says its own {flag}, so it cannot be told another.",
            hint="It can be told --data, --shots-from, --columns, --encoding, --metric, "
            "--max-tokens and --stop.",
        )


def _group_metric(selection: Selection) -> str:
    return selection.weighing[0].metric if selection.weighing else ""


def _assembled(
    selection: Selection, exams: Sequence[Exam], rows: Mapping[Leaf, Rows], options: TaskOptions
) -> Task:
    placed = [(sample, place) for exam in exams for sample, place in _samples(exam, selection)]
    first = exams[0]
    is_score = all(exam.metric.is_score for exam in exams)
    kinds = {exam.task.OUTPUT_TYPE for exam in exams}
    has_votes = any(exam.repeats > 1 and exam.samples_again for exam in exams)
    version = selection.version or first.version
    return Task(
        name=options.name or selection.name,
        kind="choice" if kinds == {"multiple_choice"} else "text",
        samples=tuple(sample for sample, _ in placed),
        form=PromptForm(question="{question}", choice_format="continuation"),
        scorer=ScorerSpec(name="lm-eval", options=_facts(exams, selection, version)),
        estimates="mean" if is_score and not has_votes else "corpus",
        examiner=HarnessExaminer(
            {sample.id: place for sample, place in placed},
            weighing=selection.weighing,
            max_tokens=options.max_tokens,
            stop=options.stop,
        ),
        data_hash=_data_hash(exams, rows),
        guesses=tuple(_guesses(first, exams)),
        notices=tuple(_notices(selection, exams, rows, version)),
    )


def _samples(exam: Exam, selection: Selection) -> Iterator[tuple[Sample, Place]]:
    """The documents as samples; one that is answered with chance once for each repeat."""
    again = exam.repeats if exam.samples_again else 1
    for document in range(len(exam.docs)):
        ask = exam.asks.ask(SetUp(shots=0), document)
        place, target = exam.right(document, ask)
        weighed = exam.task.OUTPUT_TYPE == "multiple_choice"
        own = f"{exam.name}:{document}" if selection.is_group else str(document)
        sample = Sample(
            id=own,
            question=exam.question(document),
            target=target,
            choices=tuple(text.strip() for text in _choices(ask.continuations)) if weighed else (),
            right=place,
            group=exam.name if selection.is_group else "",
            fields=(("row", exam.doc_hash(document)),),
        )
        for repeat in range(again):
            name = own if repeat == 0 else f"{own}#{repeat + 1}"
            yield replace(sample, id=name), Place(exam, document, repeat)


def _choices(continuations: Sequence[str]) -> Sequence[str]:
    """The choices, without their second copies that are weighed alone (acc_mutual_info)."""
    half = len(continuations) // 2
    doubled = half > 0 and continuations[:half] == continuations[half:]
    return continuations[:half] if doubled else continuations


def _facts(
    exams: Sequence[Exam], selection: Selection, version: str
) -> tuple[tuple[str, str], ...]:
    """What decides the scores: the metric, the version, the hash of every configuration."""
    said = {
        "config": digest([exam.config_hash for exam in exams])[:16],
        "lm-eval": library_version(),
        "metric": ", ".join(dict.fromkeys(exam.metric.key for exam in exams)),
        "num_fewshot": ", ".join(map(str, sorted({exam.asks.shots(None) for exam in exams}))),
        "task": selection.name,
        "version": version,
    }
    return tuple(sorted(said.items()))


def _data_hash(exams: Sequence[Exam], rows: Mapping[Leaf, Rows]) -> str:
    """Hash of the rows: the file's own where there is one file, as for any other task."""
    tables = [own.tested.data_hash for own in rows.values() if own.tested]
    if tables:
        return tables[0] if len(tables) == 1 else digest(["files of lm-eval tasks", tables])
    hashes = [[exam.doc_hash(place) for place in range(len(exam.docs))] for exam in exams]
    return digest(["rows of lm-eval tasks", hashes])


def _guesses(first: Exam, exams: Sequence[Exam]) -> Iterator[Guess]:
    others = [one.key for one in first.metrics if one != first.metric]
    rest = f"; others for --metric: {', '.join(others)}" if others else ""
    yield Guess(role="metric", column=first.metric.key, why=_why(first.metric) + rest)
    shots = sorted({exam.asks.shots(None) for exam in exams})
    counts = " to ".join(str(one) for one in dict.fromkeys((shots[0], shots[-1])))
    yield Guess(role="examples", column=counts, why="the task file says so; shots=N says another")


def _why(metric: Metric) -> str:
    if metric.is_score:
        return "a mean over the samples, so it can race"
    if metric.higher_is_better is None:
        return "a figure of the whole file"
    better = "higher" if metric.higher_is_better else "lower"
    return f"a figure of the whole file, {better} is better"


def _notices(
    selection: Selection, exams: Sequence[Exam], rows: Mapping[Leaf, Rows], version: str
) -> Iterator[str]:
    yield f"{selection.name} version {version}, run by the code of lm-eval {library_version()}."
    if len(exams) < len(selection.leaves):
        yield f"Only {len(exams)} of its {len(selection.leaves)} tasks have a file and are run."
    if any(shows_tested(leaf.values, own) for leaf, own in rows.items()):
        yield (
            "Examples, where shots are asked for, are drawn from the tested rows but never the "
            "one that is asked; name others with --shots-from."
        )
    unknown = sorted({key for exam in exams for key in exam.unknown_sampling})
    if unknown:
        yield f"The task file's {', '.join(unknown)} mean nothing to these engines."
    if selection.is_group and not selection.weighing:
        yield "lm-eval has no figure for this group; the score is the mean over all rows."
    for exam in exams:
        if exam.repeats > 1 and exam.samples_again:
            yield (
                f"{exam.name} asks each of its {len(exam.docs)} rows {exam.repeats} times; "
                "every answer counts as a sample here, the figures are of the rows."
            )
