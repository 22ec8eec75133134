from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.choose.leaderboard import Board, Series, build_board, last_paragraph
from elige.choose.leaderboard.page import render_board
from elige.errors import BadInput

RIGHT = st.lists(st.sampled_from([0.0, 1.0]), min_size=4, max_size=30)


def series(model: str, values: list[float], task: str = "sums", **said: object) -> Series:
    metric = str(said.pop("metric", "acc"))
    shots = str(said.pop("shots", "5"))
    one = Series(
        run=f"{model} {task} {shots}",
        task=task,
        model=model,
        settings=(("shots", shots),),
        scores={metric: {f"q{n}": value for n, value in enumerate(values)}},
        date="2026-01-01",
    )
    return replace(one, **said)  # type: ignore[arg-type]  # what a test wants otherwise


def marks(board: Board) -> dict[str, str]:
    return {row.name: next(iter(row.marks.values())) for row in board.rows}


def cell(board: Board, title: str) -> float:
    return board.rows[0].cells[title].score


def test_best_level_and_worse_are_told_apart() -> None:
    good = [1.0] * 90 + [0.0] * 10
    near, bad = [1.0] * 88 + [0.0] * 12, [1.0] * 40 + [0.0] * 60
    board = build_board([series("a", good), series("b", near), series("c", bad)], "all")
    assert marks(board) == {"a": "best", "b": "level", "c": "worse"}
    assert {(d.first, d.second) for d in board.differences if d.shown} == {("a", "c"), ("b", "c")}


def test_another_number_of_shots_is_another_column() -> None:
    board = build_board([series("a", [1.0] * 9), series("b", [0.0] * 9, shots="0")], "all")
    assert len(board.columns) == 2 and board.differences == ()


def test_other_samples_are_not_compared() -> None:
    other = replace(series("b", []), scores={"acc": {f"z{n}": 0.0 for n in range(9)}})
    board = build_board([series("a", [1.0] * 9), other], "all")
    assert marks(board) == {"a": "best", "b": "not compared"}


def test_samples_of_other_names_are_paired_by_their_prompts() -> None:
    ends = {f"q{n}": last_paragraph(f"shots\n\nWhat is {n}?") for n in range(9)}
    other = {f"z{n}": last_paragraph(f"What is  {n}?") for n in range(9)}
    first = replace(series("a", [1.0] * 9), prompts=ends)
    second = replace(series("b", []), scores={"acc": dict.fromkeys(other, 0.0)}, prompts=other)
    assert marks(build_board([first, second], "all")) == {"a": "best", "b": "worse"}


def test_the_newest_run_of_the_same_is_shown() -> None:
    old, new = series("a", [0.0] * 5), series("a", [1.0] * 5, run="new", date="2026-02-01")
    board = build_board([new, old], "all")
    assert cell(board, board.columns[0].key) == 1.0
    assert any("1 more runs" in told for told in board.notices)


def test_an_average_needs_columns_that_all_have() -> None:
    held = [series("a", [1.0, 0.0]), series("a", [1.0, 1.0], "other"), series("b", [0.0, 0.0])]
    assert [row.average for row in build_board(held, "all").rows] == [None, None]
    whole = build_board([*held, series("b", [0.0, 1.0], "other")], "all")
    assert [row.average for row in whole.rows] == [0.75, 0.25]


def test_version_one_has_its_columns_and_flags_deviations() -> None:
    board = build_board([series("a", [1.0] * 5, "hellaswag", metric="acc_norm")], "open-llm-v1")
    titles = ["ARC", "HellaSwag", "MMLU", "TruthfulQA", "WinoGrande", "GSM8K"]
    assert [plan.title for plan in board.columns] == titles
    assert [*board.rows[0].cells] == ["HellaSwag"]
    assert board.rows[0].cells["HellaSwag"].flags == ("5-shot, there 10-shot",)


def test_mmlu_is_the_mean_of_subjects() -> None:
    held = [series("a", [1.0] * 2, "mmlu_law"), series("a", [0.0] * 8, "harness:mmlu_anatomy")]
    board = build_board(held, "open-llm-v1")
    assert cell(board, "MMLU") == 0.5
    assert board.rows[0].cells["MMLU"].flags == ("2 of 57 tasks",)


@pytest.mark.parametrize(("raw", "shown"), [(0.2, 0.0), (0.1, 0.0), (0.6, 0.5), (1.0, 1.0)])
def test_version_two_moves_guessing_to_zero(raw: float, shown: float) -> None:
    values = [1.0] * round(raw * 10) + [0.0] * (10 - round(raw * 10))
    one = series("a", values, "leaderboard_musr_object_placements", metric="acc_norm")
    assert cell(build_board([one], "open-llm-v2"), "MUSR") == pytest.approx(shown)


def test_musr_is_rescaled_task_by_task() -> None:
    names = {"murder_mysteries": 7, "object_placements": 4, "team_allocation": 6}
    held = [
        series("a", [1.0] * n + [0.0] * (10 - n), f"leaderboard_musr_{name}", metric="acc_norm")
        for name, n in names.items()
    ]
    assert cell(build_board(held, "open-llm-v2"), "MUSR") == pytest.approx((0.4 + 0.25 + 0.4) / 3)


def test_a_filter_that_is_not_the_leaderboards_is_flagged() -> None:
    loose = series("a", [1.0] * 3, "gsm8k", metric="exact_match", variant="flexible-extract")
    (flag,) = build_board([loose], "open-llm-v1").rows[0].cells["GSM8K"].flags
    assert flag == "filter flexible-extract, there strict-match"


def test_columns_that_do_not_exist_are_refused() -> None:
    with pytest.raises(BadInput, match="no columns 'v3'"):
        build_board([series("a", [1.0])], "v3")


@given(RIGHT, RIGHT)
def test_scores_lie_in_their_intervals_and_bounds(first: list[float], second: list[float]) -> None:
    held = [series("a", first, "mmlu_law"), series("a", second, "mmlu_art")]
    found = build_board(held, "open-llm-v1").rows[0].cells["MMLU"]
    low, high = found.interval
    assert 0.0 <= low <= found.score <= high <= 1.0


def test_the_page_is_whole_and_escapes_names() -> None:
    page = render_board(build_board([series("<b>a", [1.0, 0.0])], "all"), "2026-01-01")
    assert "&lt;b&gt;a" in page and "<b>a" not in page
    assert "http" not in page.replace("http-equiv", "")
