"""The shape of the starter set's files."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from elige.records import Column, FactKind, RelationKind


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(_Strict):
    """What one page says: `source` is where it was read, `checked` when."""

    source: str
    checked: date
    kind: FactKind
    values: dict[Column, str | int | float | bool | list[str]]


class Parent(_Strict):
    """A model that this one was made from, and where that was read."""

    kind: RelationKind
    model: str
    source: str


class Price(_Strict):
    """What the maker asks, in US dollars per million tokens, and when that was seen."""

    host: str
    hosted: str
    input: Decimal
    output: Decimal
    seen: date
    source: str


class StarterModel(_Strict):
    """One model: its name on the hub, or its maker's and its own."""

    model: str
    said: list[Said]
    parents: list[Parent] = []
    prices: list[Price] = []
