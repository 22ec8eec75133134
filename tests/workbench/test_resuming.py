"""Nothing is paid for twice: not by the same command, nor by another one on the same samples."""

from pathlib import Path

import pytest
from workbench.races import GOOD, POOR, answers, followed, named, raced, sums

from elige.config import Settings
from elige.evaluate.options import TaskOptions
from elige.records import Answered, Status
from elige.workbench import (
    ChooseOptions,
    EvaluateOptions,
    Workbench,
    plan_evaluation,
    plan_race,
    run_evaluation,
    run_race,
)
from elige.workbench.evaluate import Evaluated, Evaluation

ALL = {"confidence": 1.0}


def evaluated(home: Path, data: Path, model: str) -> Evaluation:
    with Workbench.open(Settings(home=home)) as bench:
        plan = plan_evaluation(bench, str(data), EvaluateOptions(model=model))
        last = list(run_evaluation(bench, plan))[-1]
    assert isinstance(last, Evaluated)
    return last.evaluation


def test_the_same_command_again_asks_nothing_and_says_the_same(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    first = raced(tmp_path, data, GOOD, POOR)
    kept = answers(tmp_path)
    again, events = followed(tmp_path, data, GOOD, POOR)
    assert again == first
    assert all(event.cached for event in events if isinstance(event, Answered))
    assert answers(tmp_path) == kept


def test_confidence_one_evaluates_everything(tmp_path: Path) -> None:
    verdict = raced(tmp_path, sums(tmp_path / "sums.csv", 60), GOOD, POOR, scope="list", **ALL)
    assert verdict.evaluations == verdict.full_evaluations == 120
    assert verdict.decided


def test_another_scorer_scores_again_without_a_question(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    raced(tmp_path, data, GOOD, POOR, task=TaskOptions(scorer="exact"), **ALL)
    kept = answers(tmp_path)
    other = raced(tmp_path, data, GOOD, POOR, task=TaskOptions(scorer="contains"), **ALL)
    assert [one.asked for one in other.candidates] == [0, 0]
    assert {one.evaluated for one in other.candidates} == {200}
    assert answers(tmp_path) == kept


def test_a_mended_label_changes_the_score_without_a_question(tmp_path: Path) -> None:
    """The echo knows the right answer, so the label is mended after it has answered."""
    data = tmp_path / "sums.csv"
    before = raced(tmp_path, sums(data), "echo,skill=1,name=a", POOR, **ALL)
    after = raced(
        tmp_path, sums(data, wrong={5: "77", 9: "78"}), "echo,skill=1,name=a", POOR, **ALL
    )
    assert [one.asked for one in after.candidates] == [0, 0]
    assert named(before)["a"].score == 1.0
    assert named(after)["a"].score == pytest.approx(198 / 200)


def test_two_commands_over_the_same_samples_share_their_answers(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    first = evaluated(tmp_path, data, GOOD)
    second = raced(tmp_path, data, GOOD, POOR, tolerance=0.05)
    third = raced(tmp_path, data, GOOD, POOR, **ALL)
    assert (first.standing.asked, first.standing.evaluated) == (200, 200)
    assert named(second)["good"].asked == 0
    poor = named(second)["poor"].asked + named(third)["poor"].asked
    assert (named(third)["good"].asked, poor) == (0, 200)
    assert len(answers(tmp_path)) == 400


def test_a_candidate_added_later_costs_only_its_own_samples(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    first = raced(tmp_path, data, GOOD, POOR, **ALL)
    later = raced(tmp_path, data, GOOD, POOR, "echo,skill=0.6,seed=5,name=new", **ALL)
    assert {one.name: one.asked for one in first.candidates} == {"good": 200, "poor": 200}
    assert {one.name: one.asked for one in later.candidates} == {"good": 0, "poor": 0, "new": 200}


def test_another_name_or_delay_is_the_same_candidate(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 40)
    raced(tmp_path, data, GOOD, POOR, **ALL)
    again = raced(tmp_path, data, "echo,skill=0.9,delay=0.001", POOR, **ALL)
    assert [one.asked for one in again.candidates] == [0, 0]


def test_two_seeds_of_one_model_are_two_candidates(tmp_path: Path) -> None:
    """They share no engine in which the one would be answered by the other."""
    data = sums(tmp_path / "sums.csv")
    one, other = "echo,skill=0.5,seed=1,name=one", "echo,skill=0.5,seed=2,name=other"
    together = named(raced(tmp_path / "a", data, one, other, **ALL))
    alone = named(raced(tmp_path / "b", data, other, POOR, **ALL))
    assert together["other"].score == alone["other"].score
    assert len(answers(tmp_path / "a")) == 400


def test_a_limit_makes_the_list(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    verdict = raced(tmp_path, data, GOOD, POOR, limit=50, scope="list", **ALL)
    assert (verdict.samples, verdict.full_evaluations) == (50, 100)
    assert len(answers(tmp_path)) == 100


def test_all_rejected_leaves_nobody_to_ask(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 20)
    verdict = raced(tmp_path, data, GOOD, POOR, may=("commercial",))
    assert (verdict.winner, verdict.decided, verdict.within) == ("", False, ())
    assert {one.status for one in verdict.candidates} == {Status.REJECTED}
    assert answers(tmp_path) == {}


def test_a_run_that_nobody_reads_to_its_end_is_interrupted(tmp_path: Path) -> None:
    said = ChooseOptions(candidates=(GOOD, POOR))
    with Workbench.open(Settings(home=tmp_path)) as bench:
        plan = plan_race(bench, str(sums(tmp_path / "sums.csv")), said)
        events = run_race(bench, plan, said)
        while not isinstance(next(events), Answered):
            pass
        events.close()
        assert bench.store.run(plan.run).status == "interrupted"
    assert raced(tmp_path, tmp_path / "sums.csv", GOOD, POOR).decided
