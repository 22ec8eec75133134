"""What a continuation weighs, token by token."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Weight:
    """Summed natural-log probability, and whether every token was the likeliest."""

    logprob: float = 0.0
    greedy: bool = True

    def add(self, logprobs: Sequence[float], hits: Sequence[bool]) -> None:
        """Count more tokens of the continuation."""
        self.logprob += sum(logprobs)
        self.greedy = self.greedy and all(hits)
