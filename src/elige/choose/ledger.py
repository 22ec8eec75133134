"""What each candidate's answers came to: scores in the race's order, time, tokens, money."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from elige.records import Observation, Outcome, Preference
from elige.stats import percentile


@dataclass(slots=True)
class Account:
    """One candidate's observations by their place in the shuffled order."""

    observations: dict[int, Observation] = field(default_factory=dict)
    failed: int = 0
    _total: float = 0.0

    def add(self, position: int, observation: Observation) -> None:
        """Note the answer to the sample at `position`; the first one counts."""
        if position not in self.observations:
            self.observations[position] = observation
            self._total += observation.score.value

    @property
    def mean(self) -> float:
        """The mean score so far; 0.0 before the first answer."""
        return self._total / len(self.observations) if self.observations else 0.0

    @property
    def evaluated(self) -> int:
        """Samples answered, in this run or an earlier one."""
        return len(self.observations)

    @property
    def asked(self) -> int:
        """Samples this run paid for."""
        return sum(not observation.cached for observation in self.observations.values())

    @property
    def seconds(self) -> float:
        """Time all the answers took when they were asked."""
        return sum(o.answer.seconds for o in self.observations.values())

    @property
    def cost(self) -> Decimal | None:
        """US dollars for all the answers; None as soon as one price is unknown."""
        costs = [observation.answer.cost for observation in self.observations.values()]
        known = [cost for cost in costs if cost is not None]
        return sum(known, Decimal(0)) if costs and len(known) == len(costs) else None

    @property
    def cost_per_1000(self) -> Decimal | None:
        """US dollars for a thousand answers like these; None when a price is unknown."""
        return None if self.cost is None else self.cost / self.evaluated * 1000

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many answers were scored, unparsed, truncated, refused."""
        return Counter(observation.score.outcome for observation in self.observations.values())

    def tokens(self) -> tuple[int, int]:
        """Prompt and completion tokens of all the answers."""
        answers = [observation.answer for observation in self.observations.values()]
        return sum(a.prompt_tokens for a in answers), sum(a.completion_tokens for a in answers)

    def seconds_at(self, percent: float) -> float | None:
        """The time of one answer within which `percent` of them stay; None without answers."""
        times = [observation.answer.seconds for observation in self.observations.values()]
        return percentile(times, percent) if times else None

    def cost_each(self, prefer: Preference) -> float | None:
        """What one sample costs: US dollars when cost is preferred, else seconds."""
        if not self.observations:
            return None
        if prefer == "cost":
            return None if self.cost is None else float(self.cost) / self.evaluated
        return self.seconds / self.evaluated

    def scores(self, start: int, stop: int) -> list[float]:
        """Score values of the samples from `start` to before `stop`; all must be there."""
        return [self.observations[index].score.value for index in range(start, stop)]

    def lacks(self, start: int, stop: int) -> list[int]:
        """Samples from `start` to before `stop` that have no answer."""
        return [index for index in range(start, stop) if index not in self.observations]

    def measured(self) -> dict[str, float | None]:
        """The facts that `--require` can name; shares are of the samples tried."""
        tried = self.evaluated + self.failed
        outcomes = self.outcomes
        cost = self.cost_per_1000
        shares: dict[str, float | None] = {
            outcome.value: outcomes[outcome] / tried if tried else None
            for outcome in (Outcome.UNPARSED, Outcome.TRUNCATED, Outcome.REFUSED)
        }
        return shares | {
            "failed": self.failed / tried if tried else None,
            "p95_seconds": self.seconds_at(95),
            "seconds": self.seconds_at(50),
            "cost_per_1000": None if cost is None else float(cost),
        }
