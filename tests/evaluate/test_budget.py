"""A ledger never lets more be spent than its budget holds, whoever crashes when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from evaluate.asking_engines import Troubled, echo, entered, sums

from elige.errors import EngineDown, EngineRefused
from elige.evaluate.budget import BudgetSpent, Charge, Ledger, Spent
from elige.evaluate.charges import Hold, charge_of, most_tokens
from elige.evaluate.executor import ThreadExecutor
from elige.evaluate.marking import Judging
from elige.evaluate.pool import EnginePool
from elige.evaluate.runner import Runner
from elige.evaluate.scorers import build_scorer, scorer_digest
from elige.records import Ask, Budget, Candidate, Job, Message, Observation, Prompt, Sampling
from elige.store import RunRecord, Store

WORKERS = 8
SCHEDULES = 10_000


@dataclass(slots=True)
class World:
    """What really happened: answers kept with their costs, and money owed, kept or not."""

    kept: list[Decimal] = field(default_factory=list)
    owed: Decimal = Decimal(0)
    at_risk: Decimal = Decimal(0)
    time: float = 0.0

    def process(self, budget: Budget, earlier: Decimal) -> Ledger:
        """A ledger as a new process opens it after others, of which any may have been killed."""
        before = Spent(
            evaluations=len(self.kept), usd=sum(self.kept, Decimal(0)), usd_at_risk=earlier
        )
        self.at_risk = earlier
        return Ledger(budget, before=before, keep=lambda owed: self.note(earlier + owed))

    def note(self, owed: Decimal) -> None:
        self.at_risk = owed


def worker(world: World, ledger: Ledger, name: str, chance: random.Random) -> Iterator[None]:
    """Ask a chunk of questions step by step; it may be stopped for good between any two."""
    bounds = [Decimal(chance.randint(0, 9)) for _ in range(chance.randint(1, 6))]
    charges = [Charge(usd=bound) for bound in bounds]
    granted = ledger.reserve(name, charges)
    yield
    for charge in charges[:granted]:
        what = chance.random()
        if what < 0.1:  # refused: nothing is owed
            ledger.release(charge)
        elif what < 0.2:  # billed, and no answer came
            world.owed += charge.usd
            yield
            ledger.lose(charge)
        else:
            cost = Decimal(chance.randint(0, int(charge.usd)))
            world.owed += cost
            yield
            world.kept.append(cost)
            yield
            ledger.settle(charge, cost if what < 0.9 else None)
        yield
    if granted:
        ledger.close(name, 0.0)


def crashing_schedule(seed: int) -> tuple[World, Budget]:
    """Eight workers in a random order of steps, crashes and killed processes."""
    chance = random.Random(seed)
    budget = Budget(
        evaluations=chance.choice([None, chance.randint(0, 40)]),
        usd=chance.choice([None, Decimal(chance.randint(0, 150))]),
    )
    world = World()
    ledger = world.process(budget, Decimal(0))
    working: dict[str, Iterator[None]] = {}
    for _ in range(60):
        name = f"worker{chance.randrange(WORKERS)}"
        what = chance.random()
        if what < 0.01:  # the process is killed, and all that work in it
            working.clear()
            ledger = world.process(budget, world.at_risk)
        elif what < 0.03:
            ledger.deal({f"worker{n}": chance.randint(1, 9) for n in range(WORKERS)})
        elif what < 0.06:  # this worker is gone without a word
            working.pop(name, None)
        elif name not in working:
            working[name] = worker(world, ledger, name, chance)
        elif next(working[name], "ended") == "ended":
            del working[name]
        assert budget.evaluations is None or len(world.kept) <= budget.evaluations, seed
        assert budget.usd is None or world.owed <= budget.usd, seed
    return world, budget


def test_ten_thousand_crashing_schedules_spend_no_more_than_the_budget() -> None:
    full = 0
    for seed in range(SCHEDULES):
        world, budget = crashing_schedule(seed)
        full += budget.evaluations is not None and len(world.kept) == budget.evaluations > 0
    assert full > SCHEDULES / 100  # budgets were reached, so that passing them was possible


@pytest.mark.parametrize("limit", [0, 37, 100, 200])
@pytest.mark.parametrize("raises", [False, True], ids=["questions fail", "calls fail"])
def test_eight_lanes_on_failing_engines_ask_no_more_than_the_budget(
    tmp_path: Path, limit: int, raises: bool
) -> None:
    task = sums(tmp_path, 40)
    entrants = {f"e{n}": entered(echo(f"e{n}", seed=str(n), skill="0.5")) for n in range(WORKERS)}
    engines = {
        one.hash: Troubled(one.candidate, bad=["<7>", "<33>"], times=2, raises=raises)
        for one in entrants.values()
    }
    by_name = {name: engines[one.hash] for name, one in entrants.items()}
    ledger = Ledger(Budget(evaluations=limit))
    executor = ThreadExecutor()
    judging = Judging(
        scorer=build_scorer(task.scorer, task.labels),
        digest=scorer_digest(task.scorer, task.labels),
    )
    with Store.open(f"sqlite:///{tmp_path / 'elige.db'}") as store:
        store.start_run(
            RunRecord(id="r", kind="choose", task="t", data_hash="d", spec="{}", created="2026")
        )
        runner = Runner(
            run="r",
            task=task,
            entrants=entrants,
            judging=judging,
            store=store,
            pool=EnginePool(lambda one: by_name[one.name]),
            ledger=ledger,
        )
        jobs = [
            Job(candidate=one.candidate, samples=range(40), lane=name)
            for name, one in entrants.items()
        ]
        answered = [one for _, one in executor.run(jobs, runner.work) if type(one) is Observation]
        kept = sum(bill.count for bill in store.bills("r").values())
    executor.close()
    (allowance,) = ledger.allowances()
    assert kept == len(answered) == allowance.spent <= limit
    assert raises or (kept == limit and allowance.ended)  # an engine that went down stays closed


def test_what_is_reserved_counts_until_its_real_cost_is_known() -> None:
    ledger = Ledger(Budget(usd=Decimal(10)))
    dear = Charge(usd=Decimal(6))
    assert ledger.reserve("a", [dear]) == 1
    assert ledger.reserve("b", [dear]) == 0
    ledger.settle(dear, Decimal(1))
    assert ledger.reserve("b", [dear]) == 1


def test_a_cost_that_is_never_learnt_stays_at_its_bound() -> None:
    ledger = Ledger(Budget(usd=Decimal(10)))
    dear = Charge(usd=Decimal(6))
    ledger.reserve("a", [dear])
    ledger.settle(dear, None)
    assert ledger.reserve("a", [dear]) == 0


@pytest.mark.parametrize(
    ("error", "room"),
    [
        pytest.param(EngineRefused("no"), 1, id="refused is not owed"),
        pytest.param(EngineDown("gone"), 0, id="broken off may be owed"),
    ],
)
def test_a_call_that_failed_is_owed_unless_it_was_refused(error: Exception, room: int) -> None:
    ledger = Ledger(Budget(usd=Decimal(10)))
    charges = {"q": Charge(usd=Decimal(6))}
    with pytest.raises(type(error)), Hold(ledger, "a", charges):
        raise error
    assert ledger.reserve("a", [charges["q"]]) == room


def test_too_little_for_all_is_dealt_out_evenly() -> None:
    ledger = Ledger(Budget(evaluations=10))
    ledger.deal({"a": 10, "b": 10, "c": 10})
    assert [ledger.reserve(name, [Charge()] * 10) for name in "abc"] == [3, 3, 3]
    assert ledger.refused() == {"a", "b", "c"}


def test_no_chunk_is_begun_that_would_end_too_late() -> None:
    now = [0.0]
    ledger = Ledger(Budget(minutes=Decimal(1)), clock=lambda: now[0])
    with Hold(ledger, "slow", {n: Charge() for n in range(10)}):
        pass
    ledger.close("slow", 5.0)  # seconds for each
    now[0] = 30.0
    assert ledger.reserve("slow", [Charge()] * 6) == 6
    assert ledger.reserve("slow", [Charge()] * 7) == 0
    assert ledger.reserve("new", [Charge()] * 7) == 7
    now[0] = 60.0
    assert ledger.reserve("new", [Charge()]) == 0
    with pytest.raises(BudgetSpent):
        ledger.check("new")


def test_the_first_chunk_is_always_begun() -> None:
    now = [0.0]
    ledger = Ledger(Budget(minutes=Decimal(1)), clock=lambda: now[0])
    now[0] = 600.0  # loading took longer than all of it
    ledger.check("a", Charge())
    assert ledger.reserve("a", [Charge()]) == 1
    assert ledger.reserve("b", [Charge()]) == 0


def priced(question: str) -> tuple[Candidate, Ask]:
    one = replace(echo(), input_price=Decimal(1_000_000), output_price=Decimal(2_000_000))
    prompt = Prompt(messages=(Message("user", question),))
    return one, Ask(prompt=prompt, sampling=Sampling(max_tokens=5))


def test_a_charge_is_no_less_than_every_byte_a_token_and_the_longest_answer() -> None:
    one, ask = priced("日本語で答えて")
    assert most_tokens(ask) >= 21
    assert charge_of(one, ask).usd == most_tokens(ask) + 10
