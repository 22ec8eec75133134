from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from elige.choose.race import Race, RaceSettings
from elige.records import Preference, Scope, Status

Scores = Mapping[str, Sequence[float]]


def run(race: Race, scores: Scores, *, batches: int = 10**9) -> Race:
    """The race after so many batches, answered from known scores."""
    while batches and (batch := race.draw()) is not None:
        race.settle({name: scores[name][batch.start : batch.stop] for name in batch.candidates})
        batches -= 1
    return race


def made(
    shares: Mapping[str, float], *, samples: int = 600, seed: int = 0
) -> dict[str, list[float]]:
    """Right and wrong answers, independent, exactly these shares of them right."""
    generator = np.random.default_rng(seed)
    return {
        name: list(generator.permutation(np.arange(samples) < round(share * samples)) * 1.0)
        for name, share in shares.items()
    }


def raced(
    scores: Scores,
    *,
    scope: Scope = "list",
    prefer: Preference = "quality",
    tolerance: float = 0.02,
    confidence: float = 0.95,
    costs: Mapping[str, float] | None = None,
) -> Race:
    settings = RaceSettings(
        samples=len(next(iter(scores.values()))),
        tolerance=tolerance,
        confidence=confidence,
        scope=scope,
        prefer=prefer,
        costs=costs or {},
    )
    return run(Race(list(scores), settings), scores)


def test_a_clear_winner_is_found_early() -> None:
    race = raced(made({"a": 0.9, "b": 0.5, "c": 0.3}))
    assert (race.winner, race.decided, race.finished) == ("a", True, True)
    assert race.evaluations < 0.3 * 3 * 600


def test_the_same_scores_lead_to_the_same_race() -> None:
    scores = made({"a": 0.7, "b": 0.65, "c": 0.6})
    one, two = raced(scores), raced(scores)
    assert [one.evaluated(name) for name in scores] == [two.evaluated(name) for name in scores]
    assert one.winner == two.winner


def test_a_hopeless_candidate_leaves_before_a_close_one() -> None:
    race = raced(made({"a": 0.8, "b": 0.75, "c": 0.2}))
    assert race.evaluated("c") < race.evaluated("b")


def test_everybody_answers_the_first_batch() -> None:
    race = Race(["a", "b", "c"], RaceSettings(samples=100))
    batch = race.draw()
    assert batch is not None
    assert (batch.samples, batch.candidates) == (range(10), ("a", "b", "c"))


def test_drawing_twice_gives_the_same_batch() -> None:
    race = Race(["a", "b"], RaceSettings(samples=100))
    assert race.draw() is race.draw()


def test_every_candidate_answers_its_samples_in_order_without_gaps() -> None:
    scores = made({"a": 0.7, "b": 0.68, "c": 0.66, "d": 0.3})
    race = Race(list(scores), RaceSettings(samples=600, scope="list"))
    while (batch := race.draw()) is not None:
        assert {race.evaluated(name) for name in batch.candidates} == {batch.start}
        race.settle({name: scores[name][batch.start : batch.stop] for name in batch.candidates})


def test_full_confidence_in_a_list_asks_until_the_answer_is_certain() -> None:
    scores = made({"a": 0.62, "b": 0.60, "c": 0.2})
    race = raced(scores, confidence=1.0, tolerance=0.0)
    assert (race.winner, race.decided) == ("a", True)
    assert 600 - race.evaluated("b") <= sum(scores["a"]) - sum(scores["b"][: race.evaluated("b")])


def test_full_confidence_about_the_future_decides_nothing() -> None:
    race = raced(made({"a": 0.9, "b": 0.2}), confidence=1.0, scope="future")
    assert (race.winner, race.decided) == ("a", False)
    assert race.status("a") is race.status("b") is Status.OPEN
    assert race.evaluated("a") == race.evaluated("b") == 600


def test_equal_candidates_stay_open_in_the_future() -> None:
    race = raced(made({"a": 0.5, "b": 0.5}), scope="future", tolerance=0.0)
    assert not race.decided
    assert {race.status("a"), race.status("b")} == {Status.OPEN}


def test_of_equal_candidates_one_wins_and_none_is_beaten_on_a_list() -> None:
    race = raced(made({"a": 0.5, "b": 0.5}), tolerance=0.0)
    statuses = [race.status("a"), race.status("b")]
    assert race.decided
    assert Status.WINNER in statuses
    assert Status.BEATEN not in statuses


def test_the_cheapest_within_is_preferred_to_the_best() -> None:
    costs = {"dear": 10.0, "cheap": 1.0, "poor": 0.1}
    scores = made({"dear": 0.80, "cheap": 0.79, "poor": 0.4})
    race = raced(scores, prefer="cost", costs=costs, tolerance=0.1)
    assert (race.winner, race.decided) == ("cheap", True)
    assert race.status("poor") is Status.BEATEN


def test_a_cheap_one_a_little_worse_is_not_thrown_out_for_being_worse() -> None:
    scores = made({"dear": 0.80, "cheap": 0.76}, samples=4000)
    race = raced(scores, prefer="cost", costs={"dear": 5.0, "cheap": 1.0}, tolerance=0.1)
    assert race.winner == "cheap"


def test_a_withdrawn_candidate_does_not_hinder_the_others() -> None:
    scores = made({"a": 0.9, "b": 0.5, "c": 0.4})
    race = run(Race(list(scores), RaceSettings(samples=600, scope="list")), scores, batches=3)
    race.withdraw("a", "it keeps failing")
    run(race, scores)
    assert (race.winner, race.decided) == ("b", True)
    assert race.status("a") is Status.OPEN
    assert race.withdrawn == {"a": "it keeps failing"}


def test_withdrawing_the_winner_takes_back_what_it_had_beaten() -> None:
    scores = made({"a": 1.0, "b": 0.2, "c": 0.15})
    race = run(Race(list(scores), RaceSettings(samples=600, scope="list")), scores)
    race.withdraw("a", "gone")
    assert race.status("b") is not Status.BEATEN


def test_withdrawing_everybody_ends_the_race() -> None:
    race = Race(["a"], RaceSettings(samples=10))
    race.withdraw("a", "gone")
    assert race.finished
    assert race.winner == ""


def test_a_single_candidate_wins_at_once() -> None:
    race = raced(made({"a": 0.5}))
    assert (race.winner, race.decided, race.evaluations) == ("a", True, 10)


def test_a_later_arrival_catches_up_and_can_win() -> None:
    scores = made({"a": 0.6, "b": 0.3, "late": 0.95})
    race = run(Race(["a", "b"], RaceSettings(samples=600, scope="list")), scores)
    before = race.evaluated("a") + race.evaluated("b")
    race.add("late")
    assert not race.finished
    run(race, scores)
    assert (race.winner, race.decided) == ("late", True)
    assert race.evaluated("a") + race.evaluated("b") <= before + 40


def test_an_open_candidate_says_how_many_more_it_would_take() -> None:
    race = raced(made({"a": 0.60, "b": 0.57}), scope="future", tolerance=0.005)
    assert race.status("b") is Status.OPEN
    assert (race.more_needed("b") or 0) > 600


def test_a_settled_candidate_needs_no_more() -> None:
    assert raced(made({"a": 0.9, "b": 0.3})).more_needed("a") is None


def test_settling_says_who_is_out() -> None:
    scores = made({"a": 0.9, "b": 0.2, "c": 0.85})
    race = Race(list(scores), RaceSettings(samples=600, scope="list"))
    said = {}
    while (batch := race.draw()) is not None:
        parts = {name: scores[name][batch.start : batch.stop] for name in batch.candidates}
        said.update({news.name: news.status for news in race.settle(parts)})
    assert said["a"] is Status.WINNER
    assert said.items() <= {name: race.status(name) for name in scores}.items()


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        pytest.param({"a": [1.0] * 10}, "10 scores of 'b' were asked for, 0 came", id="missing"),
        pytest.param({"a": [1.0] * 10, "b": [2.0] * 10}, "not between 0 and 1", id="too large"),
        pytest.param({"a": [1.0] * 10, "b": [np.nan] * 10}, "not between 0 and 1", id="no number"),
    ],
)
def test_scores_that_are_none_are_refused(scores: Scores, why: str) -> None:
    race = Race(["a", "b"], RaceSettings(samples=100))
    race.draw()
    with pytest.raises(ValueError, match=why):
        race.settle(scores)
    assert race.evaluations == 0


def test_side_by_side_asks_the_rivals_together() -> None:
    scores = made({"a": 0.7, "b": 0.65, "c": 0.64})
    race = Race(list(scores), RaceSettings(samples=600, scope="list", side_by_side=True))
    sizes = set()
    while (batch := race.draw()) is not None:
        sizes.add(len(batch.candidates))
        race.settle({name: scores[name][batch.start : batch.stop] for name in batch.candidates})
    assert 2 in sizes
    assert race.decided


def test_an_open_rival_that_cannot_be_much_better_is_called_so() -> None:
    race = raced(made({"a": 0.80, "b": 0.79}), tolerance=0.05)
    loser = next(name for name in ("a", "b") if name != race.winner)
    if race.status(loser) is Status.OPEN:
        assert race.reason(loser).startswith(f"shown to be at most 0.05 above {race.winner}")
    assert race.reason(race.winner) == "shown to be at most 0.05 below the best"
