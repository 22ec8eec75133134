"""JSON: one object a line, a list of objects, or columns."""

import json
from collections.abc import Mapping, Sequence

from elige.errors import BadInput
from elige.evaluate.rows.delimited import refuse_huge_lines
from elige.evaluate.rows.table import Row

_SHOWN = 60
_HALF_PAIR = "it holds half of a surrogate pair (a broken emoji)"


class _Twice(ValueError):
    """A key that occurs twice in one object."""


def looks_like_lines(text: str) -> bool:
    """Whether the first line alone is a whole JSON object, and not one that holds all rows."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    if not (first.startswith("{") and first.endswith("}")):
        return False
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        # A broken line among others is told as such; a broken document has a line to show too.
        return bool(rest)
    return bool(rest) or not _holds_rows(value)


def line_rows(path: str, text: str) -> list[Row]:
    """Rows of a JSONL text. Lines are parted by newline alone: U+2028 may stand in a string.

    Raises `BadInput` with the line that is broken or no object.
    """
    refuse_huge_lines(path, text)
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        value = _parsed(path, line.strip(), line=number)
        if not isinstance(value, dict):
            raise BadInput(
                f"{path}, line {number} is {_kind(value)}, not an object: {_start(line)}",
                hint='Each line is one object, like {"question": "...", "answer": "..."}.',
            )
        rows.append(Row(len(rows) + 1, number, value))
    if not rows:
        raise BadInput(f"{path} is empty.", hint="Give one JSON object a line.")
    return rows


def document_rows(path: str, text: str) -> list[Row]:
    """Rows of one JSON document: a list of objects, one under a key, or columns.

    Raises `BadInput` for broken JSON (with line and column) and any other shape.
    """
    value = _parsed(path, text)
    objects = _objects(path, value)
    if not objects:
        raise BadInput(f"{path} holds an empty list.", hint="Give at least one object.")
    for number, item in enumerate(objects, 1):
        if not isinstance(item, dict):
            raise BadInput(
                f"{path}: entry {number} is {_kind(item)}, not an object: {_start(str(item))}",
                hint='Each entry is an object, like {"question": "...", "answer": "..."}.',
            )
    return [Row(number, 0, item) for number, item in enumerate(_unwrapped(objects), 1)]


def broken_text(value: object) -> str:
    """Why `value` cannot be stored as text, or ''."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        return _HALF_PAIR
    return ""


def _parsed(path: str, text: str, line: int = 0) -> object:
    try:
        value: object = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        shown = text.split("\n")[error.lineno - 1]
        raise BadInput(
            f"{path}, line {line or error.lineno}: broken JSON at column {error.colno} "
            f"({error.msg}): {_start(shown)}",
            hint="Mend or remove that line.",
        ) from error
    except RecursionError as error:
        raise BadInput(
            f"{_place(path, line)}: the JSON is nested too deeply.", hint="Flatten it."
        ) from error
    except ValueError as error:
        raise BadInput(f"{_place(path, line)}: {error}.", hint="Mend or remove it.") from error
    return value


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Twice(f"the key {twice!r} occurs twice in one object")
    return found


def _objects(path: str, value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value:
        lists = [item for item in value.values() if _is_list_of_objects(item)]
        if len(lists) == 1:
            return list(lists[0])
        if all(isinstance(item, list) for item in value.values()):
            return _from_columns(path, value)
        if all(isinstance(item, dict) for item in value.values()):
            return _from_indexed_columns(value)
    raise BadInput(
        f"{path} is {_kind(value)}, in which no rows are found.",
        hint='Give a list of objects, {"data": [...]} or one list for each column.',
    )


def _holds_rows(value: object) -> bool:
    """Whether an object is a whole file: one list of objects in it, or nothing but columns."""
    if not isinstance(value, dict) or not value:
        return False
    items = list(value.values())
    return (
        sum(map(_is_list_of_objects, items)) == 1
        or all(isinstance(item, list) for item in items)
        or all(isinstance(item, dict) for item in items)
    )


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)


def _from_columns(path: str, columns: Mapping[str, list[object]]) -> list[object]:
    lengths = {name: len(items) for name, items in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise BadInput(
            f"{path}: the columns are not equally long ({told}).", hint="Give all the same length."
        )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _from_indexed_columns(columns: Mapping[str, Mapping[str, object]]) -> list[object]:
    """Rows of {column: {index: value}}, which is how pandas writes a frame by default."""
    order = dict.fromkeys(index for items in columns.values() for index in items)
    return [{name: items.get(index) for name, items in columns.items()} for index in order]


def _unwrapped(objects: list[object]) -> list[dict[str, object]]:
    """The rows inside, where each stands under `row` (as the hub's rows service gives them)."""
    rows = [item for item in objects if isinstance(item, dict)]
    if all(isinstance(item.get("row"), dict) and "row_idx" in item for item in rows):
        return [item["row"] for item in rows]
    return rows


def _place(path: str, line: int) -> str:
    return f"{path}, line {line}" if line else path


def _start(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "null"
    return names.get(type(value), "a number")
