"""Answer keys in statements: many at once, in few queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Table, and_

from elige.records import AnswerKey

# Well under SQLite's limit of variables in a statement (32,766; 999 before version 3.32).
_CHUNK = 500


def matches(table: Table, keys: Iterable[AnswerKey]) -> Iterator[ColumnElement[bool]]:
    """Conditions on `table` that together hold for the rows of `keys`, each for a part of them.

    Each names one candidate and one repeat, so that it walks along the primary key.
    """
    grouped: dict[tuple[str, int], set[str]] = defaultdict(set)
    for key in keys:
        grouped[key.candidate, key.repeat].add(key.sent)
    for (candidate, repeat), found in sorted(grouped.items()):
        sent = sorted(found)
        for start in range(0, len(sent), _CHUNK):
            yield and_(
                table.c.candidate == candidate,
                table.c.repeat == repeat,
                table.c.sent.in_(sent[start : start + _CHUNK]),
            )


def columns_of(key: AnswerKey) -> dict[str, object]:
    """`key` as columns."""
    return {"candidate": key.candidate, "sent": key.sent, "repeat": key.repeat}
