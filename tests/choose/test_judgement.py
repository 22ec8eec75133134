"""States, figures and intervals of a verdict agree with each other."""

from collections.abc import Sequence

import pytest
from choose.contests import Answers, contest_of, entrant_of, played, right

from elige.choose.contest import Contest
from elige.choose.judgement import Outside, judge_contest, within_in
from elige.choose.limits import Limits, parse_requirement
from elige.choose.race import RaceSettings
from elige.records import Job, Observation, Scope, Standing, Status, Verdict


def outside(**rejected: str) -> Outside:
    return Outside(run="r", rejected=rejected, asked={"a": 7})


def judged(contest: Contest, **rejected: str) -> Verdict:
    played(contest)
    return judge_contest(contest, outside(**rejected))


def by_name(verdict: Verdict) -> dict[str, Standing]:
    return {one.name: one for one in verdict.candidates}


def scores(*shares: float, count: int = 300) -> Answers:
    return Answers(
        {name: right(share, count, seed=i) for i, (name, share) in enumerate(zip("abcd", shares))}  # noqa: B905
    )


@pytest.mark.parametrize("scope", ["future", "list"])
@pytest.mark.parametrize("tolerance", [0.01, 0.1])
@pytest.mark.parametrize(
    "shares",
    [(0.9, 0.88, 0.5), (0.6, 0.6, 0.6), (1.0, 0.0), (0.0, 0.0), (1.0, 1.0, 0.97, 0.3)],
    ids=str,
)
def test_states_and_intervals_never_disagree(
    scope: Scope, tolerance: float, shares: Sequence[float]
) -> None:
    settings = RaceSettings(samples=300, tolerance=tolerance, scope=scope, patience=0.5)
    verdict = judged(contest_of(scores(*shares), settings))
    for one in verdict.candidates:
        assert one.score is not None
        assert one.interval is not None
        assert 0.0 <= one.interval[0] <= one.score <= one.interval[1] <= 1.0
        assert one.difference is not None
        assert one.difference_interval is not None
        low, high = one.difference_interval
        assert -1.0 <= low <= one.difference <= high <= 1.0
        if one.status is Status.WITHIN:
            assert low >= -tolerance or low == one.difference
        if one.status is Status.BEATEN and verdict.decided:
            assert high <= tolerance or high == one.difference


def test_the_winners_difference_to_itself_is_nothing() -> None:
    verdict = judged(contest_of(scores(0.9, 0.3)))
    winner = by_name(verdict)[verdict.winner]
    assert winner.status is Status.WINNER
    assert (winner.difference, winner.difference_interval) == (0.0, (0.0, 0.0))
    assert verdict.within == ("a",)


def test_everything_answered_makes_the_list_exact() -> None:
    answers = scores(0.75, 0.74, 0.3)
    settings = RaceSettings(
        samples=300, confidence=1.0, scope="list", tolerance=0.0, first_batch=300
    )
    verdict = judged(contest_of(answers, settings))
    assert verdict.decided
    assert verdict.winner == "a"
    assert verdict.evaluations == verdict.full_evaluations == 900
    for one in verdict.candidates:
        assert one.interval == pytest.approx((one.score, one.score))


def test_intervals_of_the_mean_hold_what_the_whole_list_says() -> None:
    answers = scores(0.7, 0.69, 0.4)
    verdict = judged(contest_of(answers, RaceSettings(samples=300, scope="list")))
    for one in verdict.candidates:
        values = [value or 0.0 for value in answers.scores[one.name]]
        assert one.interval is not None
        assert one.interval[0] <= sum(values) / len(values) <= one.interval[1]


def test_who_was_rejected_before_the_race_stands_at_the_end() -> None:
    verdict = judged(contest_of(scores(0.9, 0.3)), z="it needs 40 GB")
    last = verdict.candidates[-1]
    assert (last.name, last.status, last.reason) == ("z", Status.REJECTED, "it needs 40 GB")
    assert (last.score, last.interval, last.difference, last.evaluated) == (None, None, None, 0)


def test_who_was_rejected_in_the_race_shows_its_score_and_no_difference() -> None:
    answers = Answers(
        {"a": right(0.95), "b": right(0.6, seed=1), "c": right(0.2, seed=2)}, seconds={"a": 5.0}
    )
    limits = Limits(require=(parse_requirement("seconds<1"),))
    verdict = judged(contest_of(answers, limits=limits))
    rejected = by_name(verdict)["a"]
    assert rejected.status is Status.REJECTED
    assert "measured 5 s" in rejected.reason
    assert rejected.score is not None
    assert rejected.interval is not None
    assert (rejected.difference, rejected.difference_interval) == (None, None)
    assert (verdict.winner, verdict.decided) == ("b", True)
    assert "a" not in verdict.within


def test_who_kept_failing_is_open_with_the_reason() -> None:
    answers = Answers({"a": right(0.9), "b": [None] * 300, "c": right(0.2, seed=2)})
    verdict = judged(contest_of(answers))
    failed = by_name(verdict)["b"]
    assert failed.status is Status.OPEN
    assert failed.reason == "it keeps failing: it is down"
    assert (failed.score, failed.more_needed, failed.failed) == (None, None, 10)
    assert verdict.winner == "a"


def test_nobody_wins_when_all_keep_failing() -> None:
    verdict = judged(contest_of(Answers({"a": [None] * 30, "b": [None] * 30})))
    assert (verdict.winner, verdict.decided, verdict.within) == ("", False, ())
    assert {one.status for one in verdict.candidates} == {Status.OPEN}


def test_before_the_first_answer_nothing_is_said() -> None:
    verdict = judge_contest(contest_of(scores(0.9, 0.3)), outside())
    assert (verdict.winner, verdict.decided, verdict.within) == ("", False, ())
    for one in verdict.candidates:
        assert (one.status, one.score, one.interval, one.difference) == (
            Status.OPEN,
            None,
            None,
            None,
        )


def test_one_candidate_alone_wins() -> None:
    verdict = judged(contest_of(scores(0.4)))
    assert (verdict.winner, verdict.decided) == ("a", True)
    assert verdict.candidates[0].reason.startswith("the only candidate")


def test_an_open_one_says_how_many_more_samples_it_would_take() -> None:
    verdict = judged(contest_of(scores(0.6, 0.59), RaceSettings(samples=300, tolerance=0.005)))
    assert not verdict.decided
    opened = [one for one in verdict.candidates if one.status is Status.OPEN]
    assert opened
    assert all(one.more_needed is None or one.more_needed > 0 for one in opened)


def test_paid_answers_are_told_by_candidate() -> None:
    verdict = judged(contest_of(scores(0.9, 0.3)))
    assert {one.name: one.asked for one in verdict.candidates} == {"a": 7, "b": 0}


def test_the_course_ends_at_the_last_common_sample() -> None:
    contest = contest_of(scores(0.9, 0.3))
    verdict = judged(contest)
    last = [point for point in verdict.course if point.name == "b"][-1]
    both = min(contest.race.evaluated("a"), contest.race.evaluated("b"))
    assert last.samples == both
    assert last.low <= last.difference <= last.high


@pytest.mark.parametrize("scope", ["future", "list"])
def test_the_other_scope_never_says_both(scope: Scope) -> None:
    contest = contest_of(scores(0.9, 0.88, 0.2), RaceSettings(samples=300, tolerance=0.05))
    played(contest)
    states = within_in(contest.race, ["a", "b", "c"], scope)
    assert states["c"] is Status.BEATEN
    assert states["a"] in {Status.WITHIN, Status.OPEN}


def test_answers_of_a_batch_cut_short_do_not_leave_their_interval() -> None:
    """The race has settled 10 samples, all right; 290 more, all wrong, were answered since."""
    answers = Answers({"a": [1.0] * 10 + [0.0] * 290, "b": right(0.5)})
    contest = contest_of(answers)
    events = contest.run()
    while contest.race.evaluated("a") == 0:
        next(events)
    work = answers.work(Job(candidate=entrant_of("a").candidate, samples=range_of(300), lane="a"))
    for place, result in enumerate(work):
        if isinstance(result, Observation):
            contest.accounts["a"].add(place, result)
    one = by_name(judge_contest(contest, outside()))["a"]
    assert one.score is not None
    assert one.interval is not None
    assert one.score == pytest.approx(10 / 300)
    assert one.interval[0] <= one.score <= one.interval[1]


def range_of(count: int) -> tuple[int, ...]:
    return tuple(range(count))


def test_the_reason_of_an_exact_tie_says_that_nobody_is_ahead() -> None:
    """Two that are right on as many samples, but not on the same ones."""
    one, other = [1.0, 0.0] * 30, [0.0, 1.0] * 30
    verdict = judged(contest_of(Answers({"a": one, "b": other}), RaceSettings(samples=60)))
    told = [one.reason for one in verdict.candidates if one.name == verdict.winner]
    rival = next(one.name for one in verdict.candidates if one.name != verdict.winner)
    assert not verdict.decided
    assert told == [f"level with {rival}, nothing proven after 60 samples"]
    assert not any("ahead" in one.reason for one in verdict.candidates)
