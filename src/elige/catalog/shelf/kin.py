"""The parents and other names that entries lose and gain when they change."""

import sqlite3
from collections.abc import Iterable, Set
from itertools import groupby
from typing import TypeAlias

from elige.catalog.shelf.codec import kin

# The table, its first column, the name or parent, and whose it is, all of them folded.
Kin: TypeAlias = tuple[str, str, str, str]
# A model and an encoded entry of it, and what takes its place, if anything.
Replaced: TypeAlias = tuple[str, bytes, str | None, bytes | None]

_OF_MODEL = "SELECT payload FROM entries WHERE model = ?"


def moved(rows: Iterable[Replaced]) -> tuple[set[Kin], set[Kin]]:
    """What the entries that change had and do not have any more, and what they have now."""
    lost: set[Kin] = set()
    gained: set[Kin] = set()
    for model, payload, model_now, payload_now in rows:
        before = _kin(model, payload)
        now = set() if model_now is None or payload_now is None else _kin(model_now, payload_now)
        if before != now:
            lost |= before - now
            gained |= now - before
    return lost, gained


def settle(connection: sqlite3.Connection, lost: Set[Kin], gained: Set[Kin]) -> None:
    """Write it down, once the entries are as they shall be; another of the model may say it too."""
    for model, of_model in groupby(sorted(lost, key=_model), key=_model):
        rows = connection.execute(_OF_MODEL, (model,))
        kept = set[Kin]().union(*(_kin(model, payload) for (payload,) in rows))
        for table, column, name, _ in set(of_model) - kept:
            asked = f"DELETE FROM {table} WHERE {column} = ? AND model = ?"
            connection.execute(asked, (name, model))
    for table, _, name, model in sorted(gained):
        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (name, model))


def _kin(model: str, payload: bytes) -> set[Kin]:
    parents, names = kin(payload)
    found = {("parents", "parent", one, model) for one in parents}
    return found.union(("names", "name", one, model) for one in names)


def _model(one: Kin) -> str:
    return one[3]
