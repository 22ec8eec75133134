"""Files of conversations, as models are fine-tuned on: the last reply is the answer."""

from collections.abc import Mapping
from dataclasses import replace

from elige.evaluate.cells import cell_text
from elige.evaluate.role_names import key
from elige.evaluate.rows import Row, Table

_COLUMNS = ("messages", "conversations", "conversation", "dialog", "turns")
_ASKS = {"user", "human", "question"}
_ANSWERS = {"assistant", "gpt", "model", "bot", "answer"}


def with_turns_apart(table: Table) -> Table:
    """The table with `question`, `answer` and `context` taken out of a column of conversations.

    Turns are {role, content} or {from, value}. The question is the last one that is answered,
    what came before is the context. A table without such a column comes back as it is.
    """
    column = next((name for name in table.columns if key(name) in _COLUMNS), "")
    if not column or {"question", "answer"} & {*table.columns}:
        return table
    if not any(_turns(row.values.get(column)) for row in table.rows):
        return table
    rows = tuple(_apart(row, column) for row in table.rows)
    others = [name for name in table.columns if name != column]
    names = dict.fromkeys((*others, "question", "answer", "context"))
    return replace(table, columns=tuple(names), rows=rows)


def _apart(row: Row, column: str) -> Row:
    turns = _turns(row.values.get(column))
    rest = {name: value for name, value in row.values.items() if name != column}
    place = next(
        (
            place
            for place in range(len(turns) - 1, 0, -1)
            if turns[place][0] in _ANSWERS and turns[place - 1][0] in _ASKS
        ),
        0,
    )
    if not place:
        return Row(row.number, row.line, rest)
    before = "\n".join(
        text if role == "system" else f"{role.capitalize()}: {text}"
        for role, text in turns[: place - 1]
    )
    taken = {"question": turns[place - 1][1], "answer": turns[place][1], "context": before}
    return Row(row.number, row.line, {**rest, **taken})


def _turns(value: object) -> list[tuple[str, str]]:
    """(role, text) of each turn; nothing for a cell that is no conversation."""
    if not isinstance(value, list):
        return []
    found = []
    for turn in value:
        if not isinstance(turn, Mapping):
            return []
        role = cell_text(turn.get("role", turn.get("from"))).casefold()
        text = cell_text(turn.get("content", turn.get("value")))
        if not role:
            return []
        found.append((role, text))
    return found
