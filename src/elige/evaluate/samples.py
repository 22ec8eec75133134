"""Rows into samples; rows that cannot be one are set aside, each with its reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from elige.errors import BadInput
from elige.evaluate.cells import Choices, Target, cell_text, choices_from, choices_of, target_of
from elige.evaluate.columns import Roles
from elige.evaluate.right import right_choices
from elige.evaluate.rows import Row, Table
from elige.evaluate.rows.objects import broken_text
from elige.records import Guess, Sample, SetAside
from elige.text import digest

WORKING = "working"
_ID_CHARACTERS = 12
_NAME_CHARACTERS = 60


@dataclass(kw_only=True)
class Samples:
    """Samples read out of a table, and what became of the other rows.

    `rows` gives each sample's row by its id, `base` the number of the first choice where the
    answers are numbers.
    """

    samples: list[Sample] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    base: int | None = None

    def add(self, sample: Sample, row: Row) -> None:
        """Take a sample in, and remember its row."""
        self.samples.append(sample)
        self.rows[sample.id] = row.number


def samples_of(table: Table, roles: Roles, base: int | None = None) -> Samples:
    """A sample for each row that has a question and an answer.

    Raises `BadInput` for ids that occur twice, and when no row is left, with an example.
    """
    out = Samples()
    ids = _Ids(table, roles)
    usable = [row for row in table.rows if _usable(row, roles, out)]
    if roles.choices or roles.wrong:
        _choice_samples(usable, roles, base, ids, out)
    else:
        _plain_samples(usable, roles, ids, out)
    out.set_aside.sort(key=lambda one: one.row)
    if not out.samples:
        raise _nothing_left(table, roles, out)
    if ids.repeated:
        out.notices.append(f"{ids.repeated} rows repeat a question that stands further up.")
    return out


def set_aside_notice(set_aside: Sequence[SetAside], rows: int) -> tuple[str, ...]:
    """'12 of 400 rows set aside: 9 without an answer, 3 without a question.', or nothing."""
    if not set_aside:
        return ()
    counts = Counter(one.why.partition(":")[0] for one in set_aside)
    reasons = ", ".join(f"{count} {why}" for why, count in counts.most_common())
    return (f"{len(set_aside)} of {rows} rows set aside: {reasons}.",)


def _usable(row: Row, roles: Roles, out: Samples) -> bool:
    why = ""
    if not question_of(row, roles):
        why = "without a question"
    elif roles.answer and target_of(row.values.get(roles.answer)) is None:
        why = "without an answer"
    elif broken_text(row.values):
        why = "with half of a surrogate pair (a broken emoji)"
    if why:
        out.set_aside.append(SetAside(row=row.number, why=why))
    return not why


def question_of(row: Row, roles: Roles) -> str:
    """The question of a row; the context alone where an instruction has no input."""
    text = cell_text(row.values.get(roles.question))
    return text or cell_text(row.values.get(roles.context))


def _plain_samples(rows: list[Row], roles: Roles, ids: "_Ids", out: Samples) -> None:
    for row in rows:
        target = target_of(row.values.get(roles.answer)) if roles.answer else Target(text="")
        if target is None:  # set aside already; said again for the type checker
            continue
        fields = _fields(row, roles)
        if target.working:
            fields = (*fields, (WORKING, target.working))
        out.targets.append(target)
        sample = Sample(
            id=ids.of(row),
            question=question_of(row, roles),
            target=target.text,
            aliases=target.aliases,
            group=cell_text(row.values.get(roles.group)),
            cluster=_cluster(row, roles),
            fields=fields,
        )
        out.add(sample, row)


def _choice_samples(
    rows: list[Row], roles: Roles, base: int | None, ids: "_Ids", out: Samples
) -> None:
    kept: list[tuple[Row, Choices]] = []
    for row in rows:
        choices = _mixed(row, roles) if roles.wrong else _listed(row, roles)
        if choices is None or not all(choices.texts):
            why = "with fewer than two choices" if choices is None else "with an empty choice"
            out.set_aside.append(SetAside(row=row.number, why=why))
        else:
            kept.append((row, choices))
    rights = right_choices(
        [row.values.get(roles.answer) for row, _ in kept], [listed for _, listed in kept], base
    )
    if kept:
        out.guesses.append(Guess(role="right choice", column=roles.answer, why=rights.why))
    out.base = rights.base
    if rights.notice:
        out.notices.append(rights.notice)
    for (row, choices), right in zip(kept, rights.places, strict=True):
        if right is None:
            shown = cell_text(row.values.get(roles.answer))[:40]
            why = f"with an answer outside the choices: {shown!r}"
            out.set_aside.append(SetAside(row=row.number, why=why))
        else:
            out.add(_choice_sample(row, roles, choices, right, ids), row)


def _choice_sample(row: Row, roles: Roles, choices: Choices, right: int, ids: "_Ids") -> Sample:
    return Sample(
        id=ids.of(row, choices.texts),
        question=question_of(row, roles),
        target=choices.texts[right],
        choices=choices.texts,
        right=right,
        group=cell_text(row.values.get(roles.group)),
        cluster=_cluster(row, roles),
        fields=_fields(row, roles),
    )


def _cluster(row: Row, roles: Roles) -> str:
    """The cluster's name; a whole passage stands for itself by its hash."""
    text = cell_text(row.values.get(roles.cluster))
    return text if len(text) <= _NAME_CHARACTERS else digest(text)[:_ID_CHARACTERS]


def _listed(row: Row, roles: Roles) -> Choices | None:
    if len(roles.choices) == 1:
        return choices_of(row.values.get(roles.choices[0]))
    return choices_from([cell_text(row.values.get(column)) for column in roles.choices])


def _mixed(row: Row, roles: Roles) -> Choices | None:
    """The right answer among the wrong ones, at a place that the question's hash decides."""
    wrong: list[str] = []
    for column in roles.wrong:
        value = row.values.get(column)
        many = choices_of(value) if len(roles.wrong) == 1 else None
        wrong.extend(many.texts if many else [cell_text(value)])
    wrong = [text for text in wrong if text]
    if not wrong:
        return None
    place = int(digest(question_of(row, roles))[:8], 16) % (len(wrong) + 1)
    wrong.insert(place, cell_text(row.values.get(roles.answer)))
    return Choices(texts=tuple(wrong))


def _fields(row: Row, roles: Roles) -> tuple[tuple[str, str], ...]:
    used = {roles.question, roles.answer, *roles.choices, *roles.wrong} - {*roles.mentioned}
    return tuple((name, cell_text(v)) for name, v in row.values.items() if name not in used)


def sample_name(question: str, choices: Sequence[str] = (), context: str = "") -> str:
    """The id of a sample without one of its own: the same question has it wherever it stands."""
    # Sorted, so that a choice moved to another place is the same question still.
    return digest([context, question, sorted(choices)])[:_ID_CHARACTERS]


class _Ids:
    """Ids from the file, or from what a row asks: these stay when rows are added or moved."""

    def __init__(self, table: Table, roles: Roles) -> None:
        self._roles = roles
        self._seen: Counter[str] = Counter()
        self.repeated = 0
        if roles.id:
            _refuse_twice(table, roles.id)

    def of(self, row: Row, choices: tuple[str, ...] = ()) -> str:
        given = cell_text(row.values.get(self._roles.id)) if self._roles.id else ""
        if given:
            return given
        context = cell_text(row.values.get(self._roles.context))
        name = sample_name(question_of(row, self._roles), choices, context)
        self._seen[name] += 1
        if self._seen[name] == 1:
            return name
        self.repeated += 1
        return f"{name}-{self._seen[name]}"


def _refuse_twice(table: Table, column: str) -> None:
    seen: dict[str, Row] = {}
    for row in table.rows:
        name = cell_text(row.values.get(column))
        if name and name in seen:
            raise BadInput(
                f"{table.path}: the id {name!r} is on {seen[name].place} and on {row.place}.",
                hint="Make the ids unique, or say --id - to go without them.",
            )
        seen[name] = row


def _nothing_left(table: Table, roles: Roles, out: Samples) -> BadInput:
    first = out.set_aside[0]
    counts = Counter(one.why.partition(":")[0] for one in out.set_aside)
    why = counts.most_common(1)[0][0]
    example = next((one for one in out.set_aside if one.why.startswith(why)), first)
    value = example.why.partition(": ")[2]
    shown = f" (row {example.row}: {value})" if value else ""
    return BadInput(
        f"{table.path}: none of the {len(table.rows)} rows can be used; "
        f"{counts[why]} are {why}{shown}.",
        hint=f"The question is read from {roles.question!r}, the answer from {roles.answer!r}; "
        "name others with --question, --answer and --choices.",
    )
