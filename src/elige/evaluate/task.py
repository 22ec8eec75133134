"""A task out of a file: guess what is not said, and show every guess."""

from dataclasses import dataclass, replace
from pathlib import Path

from elige import plugins
from elige.errors import BadInput, NotFound
from elige.evaluate.columns import Roles, guess_roles
from elige.evaluate.conversations import with_turns_apart
from elige.evaluate.forms import FOLLOWS, code_form, default_form, default_instruction
from elige.evaluate.judging import scorer_spec
from elige.evaluate.kinds import Kind, choice_format, kind_of_targets
from elige.evaluate.options import NO_COLUMN, TaskOptions
from elige.evaluate.perplexity import PERPLEXITY, perplexity_task, prose
from elige.evaluate.rotation import check_rotations
from elige.evaluate.rows import Table, read_table
from elige.evaluate.samples import Samples, samples_of, set_aside_notice
from elige.evaluate.sifting import sifted
from elige.evaluate.taskfile import is_task_file, read_task_file
from elige.evaluate.template import check_template, names_in
from elige.records import Guess, PromptForm, ScorerSpec, Task

BUILTIN = "builtin:"
_DEFAULTS = TaskOptions()
_ADJUSTABLE = {
    "name",
    "instruction",
    "scorer",
    "scorer_options",
    "normalise",
    "max_tokens",
    "stop",
    "estimates",
    "rotations",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A table read as a kind of task."""

    table: Table
    roles: Roles
    samples: Samples
    kind: Kind
    guesses: tuple[Guess, ...]


def load_task(source: str | Path | Table, options: TaskOptions = _DEFAULTS) -> Task:
    """The task in a data file, in a task file, in rows, or built in under that name.

    What `options` say goes before what a task file says, and that before a guess. Raises
    `BadInput`, in one line with the next step, for everything that cannot be used.
    """
    for flag, said in (("--data", options.rows_from), ("--metric", options.metric)):
        if said:
            raise BadInput(
                f"{flag} is for tasks of lm-eval, and this is none.",
                hint="Name one like harness:gsm8k, or leave it out.",
            )
    if isinstance(source, Table):
        return _from_table(source, options, source.path)
    text = str(source)
    if text.startswith(BUILTIN) or _is_builtin(text):
        return _builtin(text.removeprefix(BUILTIN), options)
    return _from_path(Path(text).expanduser(), options, text)


def task_from(table: Table, options: TaskOptions = _DEFAULTS) -> Task:
    """The task in a table that was read."""
    return _assembled(_read(table, options), options)


def _assembled(read: _Read, options: TaskOptions) -> Task:
    table = read.table
    form, form_guess = _form(read, options)
    scorer = scorer_spec(read.kind, form.choice_format, options)
    samples, kind = read.samples, read.kind
    aside = set_aside_notice(samples.set_aside, len(table.rows))
    task = Task(
        name=options.name or Path(table.path).name.partition(".")[0],
        kind=kind.kind,
        samples=tuple(samples.samples),
        form=_instructed(form, read, scorer, options),
        scorer=scorer,
        labels=kind.labels,
        max_tokens=options.max_tokens,
        stop=options.stop or (),
        estimates=options.estimates or "mean",
        rotations=options.rotations or 1,
        data_hash=table.data_hash,
        source=table.path,
        set_aside=tuple(samples.set_aside),
        guesses=(*read.guesses, *samples.guesses, *form_guess),
        notices=(*table.notices, *aside, *samples.notices),
    )
    return check_rotations(task)


def check_raceable(task: Task) -> None:
    """Raise `BadInput` when there are too few samples to compare anything."""
    if len(task.samples) < 2:
        raise BadInput(
            f"{task.source or task.name} holds {len(task.samples)} usable sample; "
            "a race needs at least 2 samples.",
            hint="Add examples: a few hundred tell most models apart.",
        )


def _is_builtin(text: str) -> bool:
    return text in plugins.names("tasks") and not Path(text).exists()


def _builtin(name: str, options: TaskOptions) -> Task:
    known = plugins.names("tasks")
    if name not in known:
        raise NotFound("task", name, known)
    found = plugins.load("tasks", name)()
    if isinstance(found, (str, Path)):
        return _from_path(Path(found), options, f"{BUILTIN}{name}")
    if not isinstance(found, Task):
        raise BadInput(
            f"The plugin {name!r} gives no task.", hint="Its entry point must return a Task."
        )
    return _adjusted(found, options)


def _adjusted(task: Task, options: TaskOptions) -> Task:
    """A finished task with what can still be said about it."""
    refused = [name for name in options.said() if name not in _ADJUSTABLE]
    if refused:
        raise BadInput(
            f"The built-in task {task.name!r} cannot be told {refused[0]!r}.",
            hint=f"It can be told: {', '.join(sorted(_ADJUSTABLE))}.",
        )
    form, scorer = task.form, task.scorer
    if options.instruction is not None:
        form = replace(form, instruction=options.instruction)
    if {"scorer", "scorer_options", "normalise"} & {*options.said()}:
        kind = Kind(kind=task.kind, scorer=scorer.name, labels=task.labels, why="built in")
        scorer = scorer_spec(kind, form.choice_format, options)
    told = replace(
        task,
        name=options.name or task.name,
        form=form,
        scorer=scorer,
        max_tokens=options.max_tokens or task.max_tokens,
        stop=task.stop if options.stop is None else options.stop,
        estimates=options.estimates or task.estimates,
        rotations=options.rotations or task.rotations,
    )
    return check_rotations(told)


def _from_path(path: Path, options: TaskOptions, source: str) -> Task:
    if not is_task_file(path):
        return _from_table(_table(path, options), options, source)
    data, said = read_task_file(path)
    told = options.over(said)
    return _from_table(_table(data, told), told, source)


def _table(path: Path, options: TaskOptions) -> Table:
    text = prose(path) if options.scorer == PERPLEXITY else None
    return text or read_table(path, options.encoding, options.columns)


def _from_table(table: Table, options: TaskOptions, source: str) -> Task:
    if options.scorer == PERPLEXITY:
        return perplexity_task(table, options, source)
    read = _read(table, options)
    task = replace(_assembled(read, options), source=source)
    if not options.shots_from:
        return task
    # A short file of examples may not tell where its numbers begin; the long one does.
    base = read.samples.base if options.index_base is None else options.index_base
    return _with_shots(task, replace(options, index_base=base))


def _with_shots(task: Task, options: TaskOptions) -> Task:
    """The task with the examples of the named file, less those that are tested."""
    table = read_table(Path(options.shots_from).expanduser(), options.encoding, options.columns)
    told = replace(options, shots_from="", labels=task.labels, kind=task.kind)
    found = task_from(table, told).samples
    tested = {_asked(sample.question) for sample in task.samples}
    shots = tuple(sample for sample in found if _asked(sample.question) not in tested)
    if not shots:
        raise BadInput(
            f"Every example in {options.shots_from} is also a tested sample.",
            hint="Name another file with --shots-from, or leave it out to split some off.",
        )
    gone = len(found) - len(shots)
    notice = (f"{gone} examples of {options.shots_from} are tested and so not shown.",)
    return replace(task, shots=shots, notices=task.notices + (notice if gone else ()))


def _asked(question: str) -> str:
    return " ".join(question.casefold().split())


def _read(table: Table, options: TaskOptions) -> _Read:
    if options.kind not in {None, "choice"} and not options.choices:
        options = replace(options, choices=NO_COLUMN)
    table = with_turns_apart(table)
    roles, guesses = guess_roles(table, options)
    roles = replace(roles, mentioned=_mentioned(table, roles, options))
    samples = samples_of(table, roles, options.index_base)
    kind = _kind(table, roles, samples, options)
    sifted(samples, kind, table, guessed=not options.scorer)
    shown = Guess(role="kind", column=kind.kind, why=kind.why)
    return _Read(table=table, roles=roles, samples=samples, kind=kind, guesses=(*guesses, shown))


def _mentioned(table: Table, roles: Roles, options: TaskOptions) -> tuple[str, ...]:
    """Columns that the templates name; the question may not give the answer away."""
    known = ("question", "answer", "choices", *table.columns)
    for template in (options.question_template, options.answer_template):
        check_template(template, known)
    names = names_in(options.question_template)
    for name in sorted({"answer", roles.answer} & {*names}):
        raise BadInput(
            f"The question's template has {{{name}}}, which gives the answer away.",
            hint="Take it out, or put it into the answer's template.",
        )
    return (*names, *names_in(options.answer_template))


def _kind(table: Table, roles: Roles, samples: Samples, options: TaskOptions) -> Kind:
    if roles.choices or roles.wrong:
        return Kind(kind="choice", scorer="choice", why="there are choices")
    if options.kind == "choice":
        raise BadInput(
            f"{table.path}: a choice was asked for, but no column looks like the choices.",
            hint=f"Name it with --choices; there are {', '.join(table.columns)}.",
        )
    return kind_of_targets(
        samples.targets, roles.answer, wanted=options.kind, labels=options.labels
    )


def _form(read: _Read, options: TaskOptions) -> tuple[PromptForm, tuple[Guess, ...]]:
    roles = read.roles
    guesses: tuple[Guess, ...] = ()
    format_, why = choice_format(roles)
    if options.choice_format:
        format_, why = options.choice_format, "given"
    form = default_form(read.kind.kind, format_, roles.context)
    form = code_form(options.scorer, read.samples.samples[0].question) or form
    if read.kind.kind == "choice":
        guesses = (Guess(role="choice format", column=format_, why=why),)
    if options.question_template:
        form = replace(form, question=options.question_template, chat="")
    if options.answer_template:
        form = replace(form, answer=options.answer_template)
    if options.separator is not None:
        form = replace(form, separator=options.separator)
    return form, guesses


def _instructed(
    form: PromptForm, read: _Read, scorer: ScorerSpec, options: TaskOptions
) -> PromptForm:
    if options.instruction is not None:
        return replace(form, instruction=options.instruction)
    targets = [sample.target for sample in read.samples.samples]
    labels = read.kind.labels
    kind, schema = read.kind.kind, dict(scorer.options).get("schema", "")
    if scorer.name == "json_schema" and schema:
        return replace(form, instruction=f"{FOLLOWS}\n{schema}")
    text = default_instruction(kind, scorer.name, form, labels=labels, targets=targets)
    return replace(form, instruction=text)
