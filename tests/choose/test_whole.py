"""Verdicts on a statistic of the whole file: everybody answers everything, then the bootstrap."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from choose.contests import Answers, contest_of, played, right, task_of

from elige.choose.contest import Contest
from elige.choose.judgement import Outside
from elige.choose.race import RaceSettings
from elige.choose.whole import LEAST, Comparison, Terms, judge_whole
from elige.evaluate.corpus import Corpus, Judged
from elige.records import Answer, Sample, Score, Standing, Status, Verdict
from elige.stats import Indexes

TERMS = Terms(tolerance=0.02, confidence=0.95, scope="future", prefer="quality", seed=0)
OUTSIDE = Outside(run="r", rejected={}, asked={})


class Squared:
    """A scorer whose statistic is the square of the mean, which no mean of scores is."""

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        return Score(1.0)

    def corpus(self, judged: Sequence[Judged]) -> Corpus:
        values = np.asarray([one.score.value for one in judged])
        return Corpus(name="squared", signature="s", at=lambda at: float(values[at].mean() ** 2))


def contested(answers: Answers) -> Contest:
    count = len(next(iter(answers.scores.values())))
    settings = RaceSettings(samples=count, first_batch=count, confidence=1.0)
    contest = contest_of(answers, settings, estimates="corpus")
    played(contest)
    return contest


def judged(answers: Answers, terms: Terms = TERMS) -> dict[str, Standing]:
    return named(verdict_of(answers, terms))


def verdict_of(answers: Answers, terms: Terms = TERMS) -> Verdict:
    contest = contested(answers)
    task = task_of(contest.race.settings.samples, "corpus")
    return judge_whole(contest, OUTSIDE, task, Squared(), terms)


def named(verdict: Verdict) -> dict[str, Standing]:
    return {one.name: one for one in verdict.candidates}


def test_scores_are_the_statistic_of_the_whole_file() -> None:
    found = judged(Answers({"good": right(0.9), "poor": right(0.5, seed=1)}))
    assert found["good"].score == pytest.approx(0.81)
    assert found["poor"].score == pytest.approx(0.25)
    assert found["poor"].difference == pytest.approx(-0.56)


def test_a_clear_difference_is_shown_and_a_small_one_left_open() -> None:
    scores = {"good": right(0.9), "near": right(0.89, seed=2), "poor": right(0.5, seed=1)}
    found = judged(Answers(scores))
    assert found["poor"].status is Status.BEATEN
    assert (found["good"].status, found["near"].status) == (Status.OPEN, Status.OPEN)
    low, high = found["near"].difference_interval or (0.0, 0.0)
    assert low < 0.0 < high


def test_everybody_answers_everything_however_clear_it_is() -> None:
    answers = Answers({"good": right(1.0), "poor": right(0.0)})
    contested(answers)
    assert {name: len(asked) for name, asked in answers.asked.items()} == {"good": 300, "poor": 300}


def test_equals_are_within_and_the_first_wins() -> None:
    same = right(0.7)
    verdict = verdict_of(Answers({"a": same, "b": same}))
    assert (verdict.winner, verdict.decided, verdict.within) == ("a", True, ("a", "b"))


def test_candidates_that_never_differed_on_few_samples_are_not_within() -> None:
    same = right(1.0, 60)
    verdict = verdict_of(Answers({"a": same, "b": same}))
    assert not verdict.decided
    low, high = named(verdict)["b"].difference_interval or (0.0, 0.0)
    assert -0.1 < low < -0.05
    assert 0.05 < high < 0.1


def test_cost_chooses_among_those_within() -> None:
    same = right(0.7)
    answers = Answers({"dear": same, "cheap": same}, costs={"dear": "2", "cheap": "1"})
    assert verdict_of(answers, replace(TERMS, prefer="cost")).winner == "cheap"


def test_on_this_list_the_statistic_is_counted() -> None:
    scores = {"good": right(0.9), "near": right(0.89, seed=2)}
    verdict = verdict_of(Answers(scores), replace(TERMS, scope="list", tolerance=0.0))
    assert (verdict.winner, verdict.decided) == ("good", True)
    near = named(verdict)["near"]
    assert near.status is Status.BEATEN
    assert near.interval == (near.score, near.score)


def test_a_handful_of_samples_shows_nothing() -> None:
    few = LEAST - 1
    found = judged(Answers({"good": right(1.0, few), "poor": right(0.0, few)}))
    assert {one.status for one in found.values()} == {Status.OPEN}


def test_of_equals_of_whom_nothing_is_shown_none_is_ahead() -> None:
    few = LEAST - 1
    tied = judged(Answers({"a": right(1.0, few), "b": right(1.0, few)}))
    assert [one.reason for one in tied.values()] == ["level with b, nothing proven", "not settled"]
    apart = judged(Answers({"a": right(1.0, few), "b": right(0.0, few)}))
    assert [one.reason for one in apart.values()] == ["ahead, but not proven", "not settled"]


def test_a_candidate_that_keeps_failing_is_open_and_the_others_are_compared() -> None:
    down: list[float | None] = [None] * 300
    found = judged(Answers({"good": right(0.9), "poor": right(0.4, seed=1), "down": down}))
    assert "keeps failing" in found["down"].reason
    assert (found["good"].status, found["poor"].status) == (Status.WINNER, Status.BEATEN)


def test_nobody_left_is_no_verdict() -> None:
    verdict = verdict_of(Answers({"a": [None] * 40, "b": [None] * 40}))
    assert (verdict.winner, verdict.decided, verdict.within) == ("", False, ())


def test_equally_good_candidates_are_seldom_called_beaten() -> None:
    generator = np.random.default_rng(11)
    wrong = 0
    for seed in range(60):
        rows = generator.random((3, 200)) < 0.6
        corpora = {name: means(row.astype(float)) for name, row in zip("abc", rows, strict=True)}
        found = Comparison(corpora, 200, replace(TERMS, seed=seed))
        wrong += any(found.status(name) is Status.BEATEN for name in "abc")
    assert wrong <= 8  # 5 % of 60 is 3


def means(row: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Corpus:
    def at(chosen: Indexes) -> float:
        return float(row[chosen].mean())

    return Corpus(name="mean", signature="", at=at)
