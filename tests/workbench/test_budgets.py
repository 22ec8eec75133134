"""A race within a budget: never more than allowed, an honest verdict, and it goes on."""

import json
import random
import time
from decimal import Decimal
from pathlib import Path

import pytest
from workbench.races import GOOD, POOR, answers, command, followed, named, raced, sums, unmeasured

import elige
from elige.choose.plain import verdict_facts
from elige.choose.words import headline, remarks
from elige.config import Settings
from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.records import Status
from elige.store import Store
from elige.workbench import ChooseOptions, Workbench, plan_race

CLOSE = ("echo,skill=0.8,name=a", "echo,skill=0.78,seed=4,name=b", "echo,skill=0.7,seed=5,name=c")
PRICED = tuple(f"{one},input_price=1000,output_price=5000" for one in CLOSE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return sums(tmp_path / "sums.csv")


@pytest.mark.parametrize("limit", [1, 2, 7, 30, 31, 64])
def test_no_more_is_asked_than_the_budget_holds(home: Path, data: Path, limit: int) -> None:
    verdict = raced(home, data, *CLOSE, budget=(f"evaluations={limit}",))
    assert len(answers(home)) <= limit
    assert verdict.budget[0].spent == len(answers(home))
    assert verdict.budget[0].ended and not verdict.decided


def test_what_everybody_answered_of_the_last_batch_counts(home: Path, data: Path) -> None:
    """Twenty evaluations are six samples of each of three, not ten of two."""
    verdict = raced(home, data, *CLOSE, budget=("evaluations=20",))
    assert {one.evaluated for one in verdict.candidates} == {6}
    assert all(one.difference_interval for one in verdict.candidates)


def test_the_verdict_says_between_whom_it_is_undecided_and_what_is_needed(
    home: Path, data: Path
) -> None:
    verdict = raced(home, data, *CLOSE, budget=("evaluations=60",))
    assert headline(verdict).startswith("Undecided between c, b and a ")
    assert "for the budget ended" in headline(verdict)
    told = " ".join(remarks(verdict))
    assert "of 60 evaluations spent" in told
    assert "would be needed (estimated), that is" in told
    assert "a larger budget goes on" in told


def test_a_larger_budget_goes_on_and_ends_like_one_without(
    home: Path, data: Path, tmp_path: Path
) -> None:
    for limit in (1, 25, 70):
        raced(home, data, GOOD, POOR, budget=(f"evaluations={limit}",))
    last = raced(home, data, GOOD, POOR, budget=("evaluations=5000",))
    free = raced(tmp_path / "other", data, GOOD, POOR)
    assert last.run == free.run
    assert answers(home).keys() == answers(tmp_path / "other").keys()
    facts = [unmeasured(verdict_facts(one)) for one in (last, free)]
    assert all(isinstance(one, dict) and one.pop("budget") is not None for one in facts)
    assert facts[0] == facts[1]


def test_what_other_runs_paid_for_is_free(home: Path, data: Path) -> None:
    raced(home, data, GOOD, POOR, confidence=1.0)
    verdict = raced(home, data, GOOD, POOR, budget=("evaluations=1",))
    assert verdict.decided
    assert verdict.budget[0].spent == 0 and not verdict.budget[0].ended


@pytest.mark.parametrize("usd", ["0", "0.05", "0.5", "2"])
def test_no_more_dollars_are_spent_than_the_budget_holds(home: Path, data: Path, usd: str) -> None:
    verdict = raced(home, data, *PRICED, budget=(f"usd={usd}",))
    paid = sum((one.cost or Decimal(0) for one in verdict.candidates), Decimal(0))
    assert paid == verdict.budget[0].spent <= Decimal(usd)
    assert verdict.budget[0].ended and not verdict.decided


def test_the_estimate_is_corrected_to_the_real_cost(home: Path, data: Path) -> None:
    """Bounds are many times the cost here; the budget is nearly used up all the same."""
    verdict = raced(home, data, *PRICED, budget=("usd=6",))
    assert verdict.budget[0].spent > 4


def test_dollars_a_killed_process_may_owe_stay_spent(home: Path, data: Path) -> None:
    said = ChooseOptions(candidates=PRICED, budget=("usd=2",))
    with Workbench.open(Settings(home=home)) as bench:
        run = plan_race(bench, str(data), said).run
        bench.store.save_measure(run, "a process", "usd_at_risk", 1.99, "")
    verdict = raced(home, data, *PRICED, budget=("usd=2",))
    assert sum(one.evaluated for one in verdict.candidates) == 0
    assert verdict.budget[0].spent >= Decimal("1.99")


def test_a_model_without_a_price_is_refused_before_anything_is_asked(
    home: Path, data: Path
) -> None:
    said = ChooseOptions(candidates=(PRICED[0], CLOSE[1]), budget=("usd=1",))
    with Workbench.open(Settings(home=home)) as bench, pytest.raises(BadInput) as told:
        plan_race(bench, str(data), said)
    assert "b has none" in str(told.value)
    assert "input_price=" in told.value.hint


def test_minutes_end_a_race(home: Path, data: Path) -> None:
    slow = tuple(f"{one},delay=0.02" for one in CLOSE[:2])
    began = time.monotonic()
    verdict = raced(home, data, *slow, tolerance=0.0, budget=("minutes=0.03",))
    assert time.monotonic() - began < 10
    assert verdict.budget[0].ended and not verdict.decided
    assert 0 < sum(one.evaluated for one in verdict.candidates) < 200


def test_a_race_that_ends_within_its_budget_says_what_was_spent(home: Path, data: Path) -> None:
    verdict, _ = followed(home, data, GOOD, POOR, budget=("evaluations=500", "minutes=60"))
    assert verdict.decided
    assert [one.ended for one in verdict.budget] == [False, False]
    assert named(verdict)["good"].status is Status.WINNER


def test_the_command_ends_well_and_strictly_with_three(home: Path, data: Path) -> None:
    said = ["choose", str(data), "-c", CLOSE[0], "-c", CLOSE[1], "--budget", "evaluations=30"]
    for extra, code in (([], 0), (["--strict"], 3)):
        process = command(home, *said, "--json", *extra)
        out, _ = process.communicate()
        facts = json.loads(out)
        assert process.returncode == code
        assert facts["winner"] is None
        assert facts["headline"].startswith("Undecided between ")
        budget = {"unit": "evaluations", "limit": 30, "spent": 30, "ended": True}
        assert facts["budget"] == [budget]


def test_killed_again_and_again_it_stays_within_its_budget(home: Path, data: Path) -> None:
    chance = random.Random(5)
    slow = [f"{one},delay=0.01" for one in CLOSE]
    said = ["choose", str(data), *(part for one in slow for part in ("-c", one))]
    for _ in range(3):
        process = command(home, *said, "--budget", "evaluations=80")
        time.sleep(chance.uniform(0.7, 1.6))
        process.kill()
        process.communicate()
        assert len(answers(home)) <= 80
    verdict = raced(home, data, *slow, budget=("evaluations=80",))
    assert verdict.budget[0].spent == len(answers(home)) <= 80
    assert verdict.budget[0].ended


def test_a_program_says_its_budget_as_a_dict_and_the_report_tells_it(
    data: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    found = elige.choose(data, CLOSE, report=report, budget={"evaluations": 30, "minutes": 60})
    assert [one.unit for one in found.verdict.budget if one.ended] == ["evaluations"]
    page = " ".join(report.read_text("utf-8").split())
    assert "Undecided between" in page
    assert "Budget: 30 of 30 evaluations" in page
    assert found.facts()["budget"][0]["spent"] == 30


def test_a_run_within_a_budget_is_the_same_run(home: Path, data: Path) -> None:
    plans = []
    with Workbench.open(Settings(home=home)) as bench:
        for budget in ((), ("evaluations=5",), ("usd=1", "minutes=2")):
            said = ChooseOptions(candidates=PRICED, budget=budget)
            plans.append(plan_race(bench, str(data), said).run)
    assert len({*plans}) == 1


def test_a_judge_is_paid_from_the_same_dollars(home: Path, data: Path) -> None:
    judge = "echo,skill=0.9,name=judge,input_price=1000,output_price=5000"
    verdict = raced(home, data, *PRICED, budget=("usd=12",), task=judged(judge))
    with Store.open(f"sqlite:///{home / 'elige.db'}") as store:
        bills = store.bills(verdict.run)
    assert sum((one.usd for one in bills.values()), Decimal(0)) <= verdict.budget[0].spent <= 12
    assert len(bills) > len(PRICED)  # the judge has been asked
    assert verdict.budget[0].ended
    assert verdict.budget[0].spent > 6


def judged(judge: str) -> TaskOptions:
    return TaskOptions(scorer="judge", scorer_options=(("judge", judge),))
