"""Own results, ordered and side by side: a race never passes for a full evaluation."""

from dataclasses import replace

import pytest

from elige.catalog.licence import May
from elige.catalog.openness.together import openness_of
from elige.catalog.own_results import by_weight, how_taken, side_by_side_runs, speed_of
from elige.catalog.side_by_side import Compared, side_by_side
from elige.catalog.side_by_side_page import side_by_side_page
from elige.records import Card, RunResult, Speed

WHOLE = RunResult(
    run="r1", dated="2026-11-01", candidate="c", ran="m", task="<mine>", data="d1", asked="a1",
    metric="exact", samples=200, planned=200, score=0.75, low=0.69, high=0.8,
)  # fmt: skip
RACED = replace(WHOLE, run="r2", dated="2026-11-20", samples=48, is_race=True, place="beaten")


def card(model: str, *results: RunResult) -> Card:
    return Card(model=model, facts={}, measured=results)


def compared(*cards: Card) -> list[Compared]:
    unknown = (May.UNKNOWN, "nothing is known")
    return [Compared(card=one, openness=openness_of(one), commercial=unknown) for one in cards]


def test_whole_evaluations_come_first_however_old() -> None:
    newer = replace(WHOLE, run="r3", dated="2026-11-02")
    broken = replace(WHOLE, run="r4", dated="2026-11-25", is_finished=False)
    raced_whole = replace(RACED, run="r5", samples=200)
    found = by_weight([RACED, broken, WHOLE, raced_whole, newer])
    assert found == [newer, WHOLE, raced_whole, broken, RACED]


def test_what_most_models_share_comes_first_and_the_newest_speed_counts() -> None:
    shared = replace(RACED, asked="a9")
    rows = side_by_side_runs([card("x/a", WHOLE, shared), card("x/b", shared)])
    assert [row.is_race for row in rows] == [True, False]
    old, new = (
        Speed(name="read", value=value, how="alone", is_trial=True, dated=day)
        for value, day in ((1.0, "2026-11-01"), (2.0, "2026-11-02"))
    )
    assert speed_of(card("x/a", replace(WHOLE, speeds=(old, new))), "read", is_trial=True) == new


@pytest.mark.parametrize(
    ("one", "told"),
    [
        pytest.param(WHOLE, "evaluated", id="whole"),
        pytest.param(replace(WHOLE, is_finished=False), "evaluated, broken off", id="broken off"),
        pytest.param(RACED, "race: beaten, stopped early", id="raced"),
        pytest.param(replace(RACED, samples=200), "race: beaten", id="raced to the end"),
    ],
)
def test_how_it_was_taken_is_said(one: RunResult, told: str) -> None:
    assert how_taken(one) == told


def test_only_the_same_questions_share_a_row() -> None:
    other = replace(WHOLE, asked="a2")
    rows = side_by_side_runs([card("x/a", WHOLE, RACED), card("x/b", WHOLE, other)])
    shared, *apart = rows
    assert shared.results == ((WHOLE,), (WHOLE,))
    assert [sum(map(bool, row.results)) for row in apart] == [1, 1]


def test_of_several_ways_in_a_race_the_best_placed_stands_first() -> None:
    winner = replace(RACED, candidate="w", place="winner")
    (row,) = side_by_side_runs([card("x/a", RACED, winner)])
    assert row.results == ((winner, RACED),)


def test_speeds_of_trials_and_of_runs_are_never_in_one_line() -> None:
    alone = Speed(name="read", value=85.0, how="alone", is_trial=True, dated="2026-11-02")
    busy = Speed(name="read", value=60.0, how="in a run", dated="2026-11-03")
    one = card("x/a", replace(WHOLE, speeds=(alone,)))
    other = card("x/b", replace(WHOLE, speeds=(busy,)))
    assert speed_of(one, "read", is_trial=False) is None
    lines = {
        line.name: line.cells
        for line in side_by_side(compared(one, other), today="2026-11-26").lines
    }
    assert [cell.value for cell in lines["reads here, alone"]] == [85.0, None]
    assert [cell.value for cell in lines["reads in runs here"]] == [None, 60.0]
    assert lines["reads here, alone"][0].kind == "measured"


def test_the_page_names_samples_and_escapes_what_users_wrote() -> None:
    found = side_by_side(compared(card("x/a", RACED), card("x/b")), today="2026-11-26")
    page = side_by_side_page(found, created="2026-11-26")
    assert "48 of 200 samples" in page and "stopped early" in page
    assert "&lt;mine&gt;" in page and "<mine>" not in page
