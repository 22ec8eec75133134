"""Which column plays which role, by its name and by what stands in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elige.errors import BadInput
from elige.evaluate import role_names
from elige.evaluate.cells import cell_text
from elige.evaluate.options import NO_COLUMN, TaskOptions
from elige.evaluate.role_names import key
from elige.evaluate.rows import Table
from elige.records import Guess
from elige.text import nearest

# Fewer different texts than this are kinds of instruction rather than passages.
_FEW_PASSAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Columns by role.

    `wrong` are the columns of wrong answers beside a right one; `mentioned` are those that a
    template names, whatever their role.
    """

    question: str
    answer: str
    choices: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    context: str = ""
    id: str = ""
    group: str = ""
    cluster: str = ""
    mentioned: tuple[str, ...] = ()


def guess_roles(table: Table, options: TaskOptions) -> tuple[Roles, tuple[Guess, ...]]:
    """The role of each column, with the grounds of every guess.

    Raises `BadInput` when a column that was named is not there, or the question or the answer
    cannot be found.
    """
    return _Guesser(table, options).roles()


def column_named(name: str, table: Table, flag: str) -> str:
    """The column that the user means by `name`, whatever its case, spaces and dashes."""
    if name in table.columns:
        return name
    same = [column for column in table.columns if key(column) == key(name)]
    if len(same) == 1:
        return same[0]
    raise BadInput(
        f"{table.path} has no column {name!r}, which --{flag} names.",
        hint=nearest(name, table.columns) or f"Its columns: {', '.join(table.columns)}.",
    )


class _Guesser:
    """Takes one column after the other, so that none plays two roles."""

    def __init__(self, table: Table, options: TaskOptions) -> None:
        self._table = table
        self._options = options
        self._taken: set[str] = set()
        self._guesses: list[Guess] = []

    def roles(self) -> tuple[Roles, tuple[Guess, ...]]:
        options = self._options
        given = {"question": options.question, "answer": options.answer, "context": options.context}
        self._taken.update(
            column_named(name, self._table, role)
            for role, name in given.items()
            if name not in {"", NO_COLUMN}
        )
        choices = self._choices()
        wrong = () if choices or options.choices == NO_COLUMN else self._wrong()
        answer = self._one("answer", options.answer, role_names.ANSWER)
        question, context = self._question()
        answer, question = self._last_two(answer, question)
        roles = Roles(
            question=question,
            answer=answer,
            choices=choices,
            wrong=wrong,
            context=context,
            id=self._id(),
            group=self._group(),
            cluster=self._cluster(context),
        )
        return roles, tuple(self._guesses)

    def _free(self) -> list[str]:
        return [column for column in self._table.columns if column not in self._taken]

    def _take(self, role: str, columns: Sequence[str], why: str) -> None:
        self._taken.update(columns)
        self._guesses.append(Guess(role=role, column=", ".join(columns), why=why))

    def _one(self, role: str, given: str, names: Iterable[str]) -> str:
        if given == NO_COLUMN:
            return ""
        if given:
            column = column_named(given, self._table, role)
            self._take(role, [column], "given")
            return column
        keys = {key(column): column for column in reversed(self._free())}
        column = next((keys[name] for name in names if name in keys), "")
        if column:
            self._take(role, [column], f"the name {column!r}")
        return column

    def _choices(self) -> tuple[str, ...]:
        given = self._options.choices
        if given == NO_COLUMN:
            return ()
        if given:
            # A column's own name may hold a comma.
            names = [given] if given in self._table.columns else given.split(",")
            columns = [column_named(name.strip(), self._table, "choices") for name in names]
            self._take("choices", columns, "given")
            return tuple(columns)
        one = self._one("choices", "", role_names.CHOICES)
        return (one,) if one else self._lettered()

    def _lettered(self) -> tuple[str, ...]:
        """Columns A, B, C or option_1, option_2: one prefix, counted without a gap."""
        families: dict[str, dict[str, str]] = {}
        for column in self._free():
            found = role_names.LETTERED.fullmatch(key(column))
            if found:
                families.setdefault(found.group(1), {})[found.group(2)] = column
        for family in sorted(families.values(), key=len, reverse=True):
            marks = sorted(family)
            first = marks[0]
            counted = [chr(ord(first) + place) for place in range(len(marks))]
            if len(marks) >= 2 and first in {"a", "0", "1"} and marks == counted:
                columns = [family[mark] for mark in marks]
                self._take("choices", columns, "one column for each choice")
                return tuple(columns)
        return ()

    def _wrong(self) -> tuple[str, ...]:
        columns = [column for column in self._free() if role_names.WRONG.fullmatch(key(column))]
        if columns:
            self._take("wrong choices", columns, "wrong answers beside the right one")
        return tuple(columns)

    def _question(self) -> tuple[str, str]:
        """The question's column, and that of the text to read before it."""
        given = self._options
        keys = {key(column): column for column in self._free()}
        if not (given.question or given.context) and {"instruction", "input"} <= keys.keys():
            question, context = keys["input"], keys["instruction"]
            self._take("question", [question], "the input of an instruction")
            self._take("context", [context], "the instruction, read before the input")
            return question, context
        question = self._one("question", given.question, role_names.QUESTION)
        return question, self._one("context", given.context, role_names.CONTEXT) if question else ""

    def _last_two(self, answer: str, question: str) -> tuple[str, str]:
        """Two columns of which at most one is known: the first asks, the other answers."""
        given = self._options
        if len(self._table.columns) == 2 and not (given.question or given.answer):
            free = self._free()
            why = "the only other column"
            if not question and free:
                question = free[0]
                self._take("question", [question], why if answer else "the first of two columns")
            free = self._free()
            if not answer and free:
                answer = free[0]
                self._take("answer", [answer], why)
        for role, column in (("question", question), ("answer", answer)):
            if not column and not (role == "answer" and given.answer == NO_COLUMN):
                raise BadInput(
                    f"{self._table.path}: no column looks like the {role}; "
                    f"there are {', '.join(self._table.columns)}.",
                    hint=f"Name it with --{role} COLUMN; the first line of a CSV must name them.",
                )
        return answer, question

    def _id(self) -> str:
        given = self._options.id
        column = self._one("id", given, role_names.ID)
        if column or given:
            return column
        keys = {key(column): column for column in reversed(self._free())}
        for name in role_names.WEAK_ID:
            if name in keys and self._is_unique(keys[name]):
                self._take("id", [keys[name]], f"the name {keys[name]!r}, all different")
                return keys[name]
        return ""

    def _group(self) -> str:
        given = self._options.group
        if given:
            return self._one("group", given, ())
        keys = {key(column): column for column in reversed(self._free())}
        for name in role_names.GROUP:
            if name in keys and self._repeats(keys[name]):
                self._take("group", [keys[name]], f"the name {keys[name]!r}, values repeat")
                return keys[name]
        return ""

    def _cluster(self, context: str) -> str:
        """What several samples share: a column of that name, or the text they ask about."""
        given = self._options.cluster
        if given:
            return self._one("cluster", given, ())
        keys = {key(column): column for column in reversed(self._free())}
        for name in role_names.CLUSTER:
            if name in keys and self._repeats(keys[name]):
                self._take("cluster", [keys[name]], f"the name {keys[name]!r}, values repeat")
                return keys[name]
        # One text before every question is an instruction, not a passage among many.
        texts = self._texts(context) if context else []
        if _FEW_PASSAGES <= len(set(texts)) < len(texts):
            why = "several samples ask about one text"
            self._guesses.append(Guess(role="cluster", column=context, why=why))
            return context
        return ""

    def _texts(self, column: str) -> list[str]:
        return [cell_text(row.values.get(column)) for row in self._table.rows]

    def _is_unique(self, column: str) -> bool:
        texts = self._texts(column)
        return all(texts) and len(set(texts)) == len(texts)

    def _repeats(self, column: str) -> bool:
        texts = self._texts(column)
        return any(texts) and len(set(texts)) <= max(1, len(texts) // 2)
