"""Real candidates in a race: failures, limits, costs, and the one who stops it."""

import pytest
from choose.contests import Answers, contest_of, entrant_of, played, right, task_of

from elige.choose.contest import Contest, Ground, lane
from elige.choose.limits import Limits, parse_requirement
from elige.choose.race import RaceSettings
from elige.evaluate.executor import ThreadExecutor
from elige.records import Answered, Failed, RefKind, Settled, Status


def limits(*texts: str) -> Limits:
    return Limits(require=tuple(parse_requirement(text) for text in texts))


def test_the_best_wins_and_the_worst_is_beaten() -> None:
    answers = Answers({"a": right(0.9), "b": right(0.1, seed=1), "c": right(0.75, seed=2)})
    contest = contest_of(answers)
    events = played(contest)
    assert (contest.race.winner, contest.race.decided) == ("a", True)
    settled = {event.candidate: event.status for event in events if isinstance(event, Settled)}
    assert (settled["a"], settled["b"]) == (Status.WINNER, Status.BEATEN)


def test_no_sample_is_asked_twice() -> None:
    answers = Answers({"a": right(0.8), "b": right(0.78, seed=1), "c": right(0.4, seed=2)})
    contest = contest_of(answers)
    played(contest)
    for name, asked in answers.asked.items():
        assert sorted(asked) == list(range(contest.accounts[name].evaluated))


def test_confidence_one_asks_everybody_everything() -> None:
    answers = Answers({"a": right(0.9), "b": right(0.3, seed=1)})
    contest = contest_of(answers, RaceSettings(samples=300, confidence=1.0, scope="future"))
    played(contest)
    assert [contest.accounts[name].evaluated for name in "ab"] == [300, 300]


def test_the_list_answered_in_full_is_exact() -> None:
    answers = Answers({"a": right(0.75), "b": right(0.74, seed=1)})
    contest = contest_of(answers, RaceSettings(samples=300, tolerance=0.0, scope="list"))
    played(contest)
    assert (contest.race.winner, contest.race.decided) == ("a", True)


@pytest.mark.parametrize("kind", [RefKind.ECHO, RefKind.FOLDER], ids=["side by side", "in turn"])
@pytest.mark.parametrize("at", [0, 13, 150], ids=lambda at: f"from sample {at}")
def test_who_keeps_failing_ends_open_and_the_race_goes_on(kind: RefKind, at: int) -> None:
    down = [*right(0.9)[:at], *[None] * (300 - at)]
    answers = Answers({"down": down, "a": right(0.85, seed=1), "b": right(0.5, seed=2)})
    settings = RaceSettings(
        samples=300,
        tolerance=0.02,
        scope="list",
        portion=4,
        side_by_side=kind is RefKind.ECHO,
    )
    contest = contest_of(answers, settings, kind=kind)
    events = played(contest)
    assert (contest.race.winner, contest.race.decided) == ("a", True)
    assert contest.race.status("down") is Status.OPEN
    assert contest.race.withdrawn == {"down": "it keeps failing: it is down"}
    assert any(isinstance(event, Failed) for event in events)
    assert contest.accounts["down"].evaluated <= at


@pytest.mark.parametrize("bad", [0, 5, 20, 100], ids=str)
def test_one_lost_sample_keeps_the_answers_to_the_others(bad: int) -> None:
    scores = right(0.9)
    scores[bad] = None
    answers = Answers({"a": scores, "b": right(0.88, seed=1), "c": right(0.87, seed=3)})
    contest = contest_of(answers, RaceSettings(samples=300, portion=4, scope="list"))
    played(contest)
    assert set(contest.race.withdrawn) <= {"a"}
    if contest.race.withdrawn:
        assert contest.accounts["a"].failed >= 1
        assert contest.accounts["a"].lacks(0, contest.accounts["a"].evaluated + 1) == [bad]


def test_a_race_without_a_working_candidate_ends() -> None:
    answers = Answers({"a": [None] * 50, "b": [None] * 50})
    contest = contest_of(answers)
    played(contest)
    assert set(contest.race.withdrawn) == {"a", "b"}
    assert not contest.race.decided


def test_a_broken_limit_rejects_with_the_measured_figure_and_the_race_goes_on() -> None:
    answers = Answers(
        {"slow": right(0.95), "a": right(0.8, seed=1), "b": right(0.5, seed=2)},
        seconds={"slow": 3.0, "a": 0.5, "b": 0.5},
    )
    contest = contest_of(answers, limits=limits("p95_seconds<2"))
    events = played(contest)
    count = contest.accounts["slow"].evaluated
    why = f"p95_seconds<2 is required, measured 3 s on {count} answers"
    assert contest.rejected == {"slow": why}
    assert 20 <= count < 60
    assert (contest.race.winner, contest.race.decided) == ("a", True)
    assert Status.REJECTED in {e.status for e in events if isinstance(e, Settled)}


def test_limits_are_not_judged_on_a_handful_of_answers() -> None:
    """One of the first ten answers is late: that is 10 %, but says nothing yet."""
    scores = right(1.0, 300)
    scores[3] = 0.0
    answers = Answers({"a": scores, "b": right(0.9, seed=2)}, unparsed=frozenset({"a"}))
    contest = contest_of(answers, limits=limits("unparsed<6%"))
    played(contest)
    assert contest.rejected == {}


def test_a_limit_on_an_unknown_cost_rejects() -> None:
    answers = Answers({"a": right(0.9), "b": right(0.5, seed=1)}, costs={"a": "0.001"})
    contest = contest_of(answers, limits=limits("cost_per_1000<2usd"))
    played(contest)
    assert set(contest.rejected) == {"b"}
    assert "unknown" in contest.rejected["b"]


@pytest.mark.parametrize("prefer", ["cost", "speed"])
def test_of_equals_the_cheaper_or_faster_is_preferred(prefer: str) -> None:
    answers = Answers(
        {"dear": right(0.905, 1000), "cheap": right(0.9, 1000), "poor": right(0.3, 1000, seed=2)},
        costs={"dear": "0.01", "cheap": "0.0001", "poor": "0.00001"},
        seconds={"dear": 2.0, "cheap": 0.1, "poor": 0.01},
    )
    settings = RaceSettings(
        samples=1000,
        tolerance=0.05,
        scope="list",
        prefer="cost" if prefer == "cost" else "speed",
    )
    contest = contest_of(answers, settings)
    played(contest)
    assert (contest.race.winner, contest.race.decided) == ("cheap", True)


def test_answers_are_told_as_they_come() -> None:
    answers = Answers({"a": right(0.9), "b": right(0.5, seed=1)})
    contest = contest_of(answers)
    told = [event for event in played(contest) if isinstance(event, Answered)]
    assert len(told) == sum(len(asked) for asked in answers.asked.values())
    assert [e.done for e in told if e.candidate == "a"] == list(
        range(1, len(answers.asked["a"]) + 1)
    )


def test_a_stopped_contest_settles_nothing_from_half_a_batch() -> None:
    answers = Answers({"a": right(0.9), "b": right(0.5, seed=1)})
    executor = ThreadExecutor()
    stop: list[bool] = []
    ground = Ground(
        task=task_of(300),
        entrants={name: entrant_of(name) for name in answers.scores},
        limits=Limits(),
        executor=executor,
        work=answers.work,
        stopped=lambda: bool(stop),
    )
    contest = Contest(ground, RaceSettings(samples=300))
    settled = -1
    for event in contest.run():
        if isinstance(event, Answered) and event.done == 13:
            settled = contest.race.evaluations
            stop.append(True)
            executor.halt()
    executor.close()
    assert contest.interrupted
    assert contest.race.evaluations == settled < sum(map(len, answers.asked.values()))


def test_local_models_take_turns_and_others_do_not() -> None:
    lanes = [lane(entrant_of(name, kind)) for name, kind in zip("abcd", _KINDS, strict=True)]
    assert lanes == ["local", "local", "c", "d"]


_KINDS = (RefKind.PACKAGED, RefKind.FOLDER, RefKind.ENDPOINT, RefKind.ECHO)


def test_nobody_wins_whose_limits_were_not_looked_at() -> None:
    rows = {"a": right(1.0), "b": right(0.0, seed=1)}
    contest = contest_of(Answers(rows), limits=limits("cost_per_1000<2usd"))
    played(contest)
    assert set(contest.rejected) == {"a", "b"}
    assert all("unknown" in why for why in contest.rejected.values())
