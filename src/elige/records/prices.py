"""What a hosted model asks for its tokens."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars per million tokens."""

    input: Decimal
    output: Decimal

    def cost(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """US dollars for so many tokens."""
        million = Decimal(1_000_000)
        return (self.input * prompt_tokens + self.output * completion_tokens) / million
