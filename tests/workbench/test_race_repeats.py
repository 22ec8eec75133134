"""A race between candidates that draw their answers at random: several draws to each sample."""

from pathlib import Path

import pytest
from workbench.races import GOOD, POOR, answers, named, raced, sums

from elige.choose.report.data import Seen
from elige.choose.words import remarks
from elige.config import Settings
from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.records import Answer, Score
from elige.workbench import ChooseOptions, Workbench, plan_race
from elige.workbench.estimate import estimate
from elige.workbench.report import averaged

WARM = "echo,skill=0.7,temperature=1,name=warm"
WARMER = "echo,skill=0.68,temperature=1,seed=3,name=warmer"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return sums(tmp_path / "sums.csv", 60)


def told(home: Path, data: Path, *candidates: str, **options: object) -> str:
    verdict = raced(home, data, *candidates, **options)
    return " ".join((*verdict.sentences, *remarks(verdict), *verdict.notices))


def test_each_sample_of_a_race_is_asked_again_and_its_mean_counts(home: Path, data: Path) -> None:
    verdict = raced(home, data, WARM, WARMER, repeats=4, confidence=1.0)
    kept = answers(home)
    assert {repeat for _, _, repeat in kept} == {0, 1, 2, 3}
    assert len(kept) == verdict.evaluations == verdict.full_evaluations == 2 * 60 * 4
    warm = named(verdict)["warm"]
    assert (warm.evaluated, warm.answers, warm.asked, warm.repeats) == (60, 240, 240, 4)
    right = 240 * (warm.score or 0.0)
    assert right == pytest.approx(round(right))
    assert right % 4, "with this seed the mean is no mean of single draws"


def test_who_answers_greedily_is_asked_once(home: Path, data: Path) -> None:
    verdict = raced(home, data, GOOD, WARM, repeats=3, confidence=1.0)
    found = named(verdict)
    assert (found["good"].answers, found["good"].repeats, found["good"].draws) == (60, 1, False)
    assert (found["warm"].answers, found["warm"].repeats, found["warm"].draws) == (180, 3, True)
    assert verdict.full_evaluations == 240
    assert any(text.startswith("good: Repeats measure nothing here") for text in verdict.notices)


def test_where_nobody_draws_it_is_the_run_that_it_always_was(home: Path, data: Path) -> None:
    plain, wanted = raced(home, data, GOOD, POOR), raced(home, data, GOOD, POOR, repeats=5)
    assert plain.run == wanted.run
    assert "drawn at random" not in told(home, data, GOOD, POOR)


def test_repeats_that_are_known_are_not_paid_for_twice(home: Path, data: Path) -> None:
    raced(home, data, WARM, WARMER, repeats=2, confidence=1.0)
    more = raced(home, data, WARM, WARMER, repeats=3, confidence=1.0)
    assert {one.asked for one in more.candidates} == {60}
    assert {one.answers for one in more.candidates} == {180}


def test_a_race_stops_early_with_whole_samples(home: Path, tmp_path: Path) -> None:
    data = sums(tmp_path / "many.csv", 300)
    verdict = raced(home, data, "echo,skill=0.95,temperature=1,name=up", WARM, repeats=3)
    assert verdict.winner == "up" and verdict.decided
    assert verdict.evaluations < verdict.full_evaluations == 2 * 300 * 3
    assert all(one.answers == 3 * one.evaluated for one in verdict.candidates)


@pytest.mark.parametrize("limit", [1, 5, 31, 64])
def test_a_budget_counts_every_draw(home: Path, data: Path, limit: int) -> None:
    verdict = raced(home, data, WARM, WARMER, repeats=3, budget=(f"evaluations={limit}",))
    assert len(answers(home)) <= limit
    assert verdict.budget[0].spent == len(answers(home))


def test_the_plan_tells_how_many_draws_it_takes(home: Path, data: Path) -> None:
    said = ChooseOptions(candidates=(GOOD, WARM), repeats=3)
    with Workbench.open(Settings(home=home)) as bench:
        plan = plan_race(bench, str(data), said)
        assert {one.name: one.to_ask for one in estimate(bench, plan).candidates} == {
            "good": 60,
            "warm": 180,
        }


def test_the_noise_of_drawing_is_measured_from_repeats(home: Path, data: Path) -> None:
    warm = named(raced(home, data, WARM, WARMER, repeats=4, confidence=1.0))["warm"]
    # An echo is right by luck alone: 0.7 of the draws, so sqrt(0.21 / 240).
    assert warm.draw_stderr == pytest.approx(0.0296, abs=0.004)
    once = named(raced(home, data, WARM, WARMER, confidence=1.0))["warm"]
    assert (once.draws, once.repeats, once.draw_stderr) == (True, 1, None)


def test_it_is_said_what_the_verdict_covers(home: Path, data: Path) -> None:
    future = told(home, data, WARM, WARMER, repeats=2)
    assert "Answers of warm and warmer are drawn at random, 2 to each sample" in future.replace(
        "warmer and warm ", "warm and warmer "
    )
    assert "is of the mean over such draws" in future
    assert "(standard error, measured)" in future
    listed = told(home, data, WARM, GOOD, scope="list")
    assert "What is shown is of these answers; other draws may come out differently." in listed
    assert "--repeats 4 measures it" in listed


def test_a_statistic_of_the_whole_file_takes_one_answer(home: Path, tmp_path: Path) -> None:
    rows = [f"word{n},{'yes' if n % 2 else 'no'}" for n in range(60)]
    (tmp_path / "c.csv").write_text("\n".join(["question,answer", *rows]))
    task = TaskOptions(kind="classification", estimates="corpus")
    verdict = raced(home, tmp_path / "c.csv", WARM, WARMER, repeats=3, task=task)
    assert {one.answers for one in verdict.candidates} == {60}
    assert any("--repeats is left out" in text for text in verdict.notices)


def test_fewer_than_one_repeat_is_refused() -> None:
    with pytest.raises(BadInput, match="--repeats is 0"):
        ChooseOptions(candidates=(GOOD, POOR), repeats=0)


def test_a_report_shows_all_draws_and_their_mean() -> None:
    def seen(text: str, value: float) -> Seen:
        return Seen(prompt="q", answer=Answer(text=text, seconds=1.0), score=Score(value, why=text))

    found = averaged([seen("a", 1.0), seen("b", 0.0), seen("c", 0.0), seen("d", 0.0)])
    assert (found.score.value, found.answer.seconds) == (0.25, 4.0)
    assert [letter for letter in found.answer.text if letter in "abcd"] == ["a", "b", "c", "d"]
    assert found.score.why == "right in 1 of 4 draws; the first: a"
    assert averaged([seen("a", 1.0)]) == seen("a", 1.0)
