"""What a run may take, and what it took of it."""

from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that a run may take; None is no bound.

    `evaluations` are answers that the candidates are asked for, `usd` US dollars, `minutes` the
    time of one process. What was answered before costs nothing.
    """

    evaluations: int | None = None
    usd: Decimal | None = None
    minutes: Decimal | None = None

    def limits(self) -> dict[str, Decimal]:
        """The bounds there are, by unit."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {unit: Decimal(limit) for unit, limit in found.items() if limit is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One unit of a budget: its limit, what was spent of it, and whether the run ended by it.

    Spent is never less than what was taken: where a price could not be learnt it is a bound.
    """

    unit: str
    limit: Decimal
    spent: Decimal
    ended: bool = False
