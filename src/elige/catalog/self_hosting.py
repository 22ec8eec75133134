"""What tokens cost on a machine of one's own, and from what volume on it is the cheaper way."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from elige.catalog.offers import Workload

HOURS_A_MONTH = 730  # 365 * 24 / 12
_MILLION = Decimal(1_000_000)
SPEED_FORMULA = "(input + output) / (input / read per second + output / written per second)"
PRICE_FORMULA = "price per hour / (3600 * tokens per second) * 1,000,000"
BREAK_EVEN_FORMULA = (
    f"price per hour * {HOURS_A_MONTH} hours / hosted price per million tokens * 1,000,000"
)
CAPACITY_FORMULA = f"tokens per second * 3600 * {HOURS_A_MONTH} hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Tokens a month from which on a rented machine is cheaper than a hosted price, or never.

    `is_reachable` says whether the machine can do so many at all.
    """

    against: str
    price: Decimal
    tokens_a_month: int
    is_reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMachine:
    """A machine at `per_hour` US dollars that does `tokens_per_second` of the user's mix."""

    per_hour: Decimal
    tokens_per_second: Decimal

    @property
    def per_million(self) -> Decimal:
        """US dollars per million tokens of a machine that is never idle."""
        return self.per_hour / (3600 * self.tokens_per_second) * _MILLION

    @property
    def per_month(self) -> Decimal:
        """US dollars for a month, busy or not."""
        return self.per_hour * HOURS_A_MONTH

    @property
    def capacity_a_month(self) -> int:
        """Tokens it can do in a month."""
        return int(self.tokens_per_second * 3600 * HOURS_A_MONTH)

    def hours(self, use: Workload) -> Decimal:
        """Hours that the work takes."""
        return use.tokens / self.tokens_per_second / 3600

    def cost(self, use: Workload) -> Decimal:
        """US dollars for the hours that the work takes."""
        return self.hours(use) * self.per_hour

    def break_even(self, against: str, price: Decimal) -> BreakEven | None:
        """The volume from which on it is cheaper than `price` per million; None for no price."""
        if price <= 0:
            return None
        tokens = ceil(self.per_month / price * _MILLION)
        return BreakEven(
            against=against,
            price=price,
            tokens_a_month=tokens,
            is_reachable=tokens <= self.capacity_a_month,
        )


def mixed_speed(use: Workload, read: float, written: float) -> Decimal | None:
    """Tokens a second of the user's mix, one text after another; None where a speed lacks."""
    if (use.input and read <= 0) or (use.output and written <= 0):
        return None
    seconds = (Decimal(use.input) / Decimal(str(read)) if use.input else Decimal(0)) + (
        Decimal(use.output) / Decimal(str(written)) if use.output else Decimal(0)
    )
    return (use.input + use.output) / seconds
