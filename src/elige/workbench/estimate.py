"""What a plan will take at most, told by earlier answers of the same candidates."""

from dataclasses import dataclass
from decimal import Decimal

from elige.choose.contest import lane
from elige.evaluate.entrant import Entrant
from elige.evaluate.prompts import asking
from elige.evaluate.rotation import turned
from elige.records import AnswerKey
from elige.workbench.bench import Workbench
from elige.workbench.prepare import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One candidate: how many samples it has not answered yet, and what they take at most.

    `seconds` is None when it never answered anything, `cost` (US dollars) when no price is known.
    """

    name: str
    lane: str
    to_ask: int
    seconds: float | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What asking everybody everything takes; a race may well stop earlier."""

    candidates: tuple[Expected, ...]

    @property
    def to_ask(self) -> int:
        """Answers that are not known yet."""
        return sum(one.to_ask for one in self.candidates)

    @property
    def seconds(self) -> float:
        """Time of those whose pace is known: lanes run side by side, a lane's members in turn."""
        lanes: dict[str, float] = {}
        for one in self.candidates:
            lanes[one.lane] = lanes.get(one.lane, 0.0) + (one.seconds or 0.0)
        return max(lanes.values(), default=0.0)

    @property
    def cost(self) -> Decimal | None:
        """US dollars of those whose price is known; None when that is nobody."""
        costs = [one.cost for one in self.candidates if one.cost is not None]
        return sum(costs, Decimal(0)) if costs else None


def estimate(bench: Workbench, plan: Plan) -> Estimate:
    """What the answers that `plan` still lacks will take at most."""
    return Estimate(candidates=tuple(_expected(bench, plan, one) for one in plan.entrants))


def _expected(bench: Workbench, plan: Plan, one: Entrant) -> Expected:
    samples = turned(plan.task).task.samples
    ask = asking(plan.task, one.candidate, one.info)
    sent = {ask(sample).key for sample in samples}
    repeats = plan.repeats if one.name in plan.draws else 1
    lacking = len(sent) * repeats
    for repeat in range(repeats):
        keys = (AnswerKey(candidate=one.hash, sent=key, repeat=repeat) for key in sent)
        lacking -= bench.store.count_answers(keys)
    pace = bench.store.pace(one.hash, weighed=ask(samples[0]).is_choice)
    return Expected(
        name=one.name,
        lane=lane(one),
        to_ask=lacking,
        seconds=None if pace.seconds is None else pace.seconds * lacking,
        cost=None if pace.cost is None else pace.cost * lacking,
    )
