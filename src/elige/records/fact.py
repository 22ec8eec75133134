"""A value with its origin."""

from dataclasses import dataclass
from enum import StrEnum


class FactKind(StrEnum):
    """How a value came to be known, the most trustworthy first."""

    MEASURED = "measured"
    PUBLISHED = "published"
    DECLARED = "declared"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value, how it is known, from where, and when that was checked (ISO date)."""

    value: object
    kind: FactKind
    source: str
    checked: str = ""
