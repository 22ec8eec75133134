"""What stands in a cell is understood in every shape that data sets use."""

import json

import pytest

from elige.evaluate.cells import Choices, Target, as_number, cell_text, choices_of, target_of

ABC = ("red", "green", "blue")
PLAIN = Choices(texts=ABC)
NAMED = Choices(texts=ABC, labels=("A", "B", "C"))


@pytest.mark.parametrize(
    ("cell", "choices"),
    [
        pytest.param(["red", "green", "blue"], PLAIN, id="list"),
        pytest.param('["red", "green", "blue"]', PLAIN, id="json text"),
        pytest.param("['red', 'green', 'blue']", PLAIN, id="python text"),
        pytest.param("red | green | blue", PLAIN, id="bars"),
        pytest.param("red; green; blue", PLAIN, id="semicolons"),
        pytest.param("red\ngreen\nblue", PLAIN, id="lines"),
        pytest.param("A) red B) green C) blue", NAMED, id="letters in one text"),
        pytest.param("(a) red, (b) green, (c) blue", NAMED, id="small letters"),
        pytest.param("A. red\nB. green\nC. blue", NAMED, id="letters on lines"),
        pytest.param(["A)red", "B)green", "C)blue"], NAMED, id="letters in a list"),
        pytest.param({"text": [*ABC], "label": ["A", "B", "C"]}, NAMED, id="as in ARC"),
        pytest.param({"A": "red", "B": "green", "C": "blue"}, NAMED, id="letters as keys"),
        pytest.param(
            [{"label": m, "text": t} for m, t in zip("ABC", ABC, strict=True)],
            NAMED,
            id="as in CommonsenseQA",
        ),
        pytest.param([1, 2.0, True], Choices(texts=("1", "2", "true")), id="numbers"),
        pytest.param(["only"], None, id="one"),
        pytest.param("no separator", None, id="no list"),
        pytest.param(None, None, id="nothing"),
        pytest.param("[1, 2", None, id="broken list"),
    ],
)
def test_choices(cell: object, choices: Choices | None) -> None:
    assert choices_of(cell) == choices


@pytest.mark.parametrize(
    ("cell", "target"),
    [
        pytest.param(" Paris ", Target(text="Paris"), id="text"),
        pytest.param(42, Target(text="42"), id="number"),
        pytest.param(42.0, Target(text="42"), id="whole float"),
        pytest.param(True, Target(text="true"), id="truth"),
        pytest.param(
            "So 6 * 7.\n#### 1,042",
            Target(text="1042", working="So 6 * 7.\n#### 1,042", form="worked"),
            id="GSM8K",
        ),
        pytest.param(["Paris", "paris", "Paris"], Target(text="Paris", aliases=("paris",)), id="l"),
        pytest.param('["a", "b"]', Target(text="a", aliases=("b",)), id="list as text"),
        pytest.param(
            {"text": ["a", "b"], "answer_start": [1, 2]},
            Target(text="a", aliases=("b",)),
            id="SQuAD",
        ),
        pytest.param(
            {"value": "a", "aliases": ["b", "a"], "type": "x"},
            Target(text="a", aliases=("b",)),
            id="TriviaQA",
        ),
        pytest.param('{"x": 1}', Target(text='{"x": 1}', form="json"), id="object"),
        pytest.param("", None, id="empty"),
        pytest.param("  ", None, id="spaces"),
        pytest.param([], None, id="empty list"),
        pytest.param({"text": []}, None, id="unanswerable"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_targets(cell: object, target: Target | None) -> None:
    assert target_of(cell) == target


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,200", 1200), ("$3.50", 3.5), ("-4", -4), ("12%", 12), ("nan", None), ("x1", None)],
)
def test_numbers(text: str, number: float | None) -> None:
    assert as_number(text) == number


def test_a_cell_of_code_is_never_run() -> None:
    assert target_of("[__import__('os').getcwd()]") == Target(text="[__import__('os').getcwd()]")


def test_cell_text_of_an_object_is_json() -> None:
    assert json.loads(cell_text({"é": [1]})) == {"é": [1]}


def test_an_escape_that_no_text_can_hold_leaves_the_cell_as_it_is() -> None:
    assert target_of(r"['a\ud800']") == Target(text=r"['a\ud800']")
