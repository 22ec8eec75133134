"""Columns are found by their names, whatever the data set calls them."""

import pytest

from elige.errors import BadInput
from elige.evaluate.columns import Roles, guess_roles
from elige.evaluate.options import TaskOptions
from elige.evaluate.rows import Row, Table


def table(*columns: str, rows: int = 4, **values: str) -> Table:
    made = [
        {name: values.get(name, f"{name} {number}") for name in columns} for number in range(rows)
    ]
    numbered = tuple(Row(number, number + 1, row) for number, row in enumerate(made, 1))
    return Table(path="d.csv", format="CSV", columns=columns, rows=numbered, data_hash="h")


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        pytest.param(
            ["id", "query", "label", "endings"],
            Roles(question="query", answer="label", choices=("endings",), id="id"),
            id="HellaSwag",
        ),
        pytest.param(
            ["question", "choices", "answerKey"],
            Roles(question="question", answer="answerKey", choices=("choices",)),
            id="ARC",
        ),
        pytest.param(
            ["Question Text", "Option A", "Option B", "Option C", "Correct-Option"],
            Roles(
                question="Question Text",
                answer="Correct-Option",
                choices=("Option A", "Option B", "Option C"),
            ),
            id="spaces, dashes and case",
        ),
        pytest.param(
            ["question", "A", "B", "C", "D", "answer"],
            Roles(question="question", answer="answer", choices=("A", "B", "C", "D")),
            id="letters",
        ),
        pytest.param(
            ["goal", "sol1", "sol2", "label"],
            Roles(question="goal", answer="label", choices=("sol1", "sol2")),
            id="PIQA",
        ),
        pytest.param(
            ["context", "question", "answerA", "answerB", "answerC", "label"],
            Roles(
                question="question",
                answer="label",
                choices=("answerA", "answerB", "answerC"),
                context="context",
            ),
            id="Social IQa",
        ),
        pytest.param(
            ["question", "distractor1", "distractor2", "correct_answer", "support"],
            Roles(
                question="question",
                answer="correct_answer",
                wrong=("distractor1", "distractor2"),
                context="support",
            ),
            id="SciQ",
        ),
        pytest.param(
            ["premise", "hypothesis", "label"],
            Roles(question="hypothesis", answer="label", context="premise"),
            id="inference",
        ),
        pytest.param(
            ["instruction", "input", "output"],
            Roles(question="input", answer="output", context="instruction"),
            id="Alpaca",
        ),
        pytest.param(
            ["prompt", "completion"], Roles(question="prompt", answer="completion"), id="completion"
        ),
        pytest.param(
            ["pregunta", "respuesta"], Roles(question="pregunta", answer="respuesta"), id="Spanish"
        ),
        pytest.param(
            ["country", "capital"], Roles(question="country", answer="capital"), id="only two"
        ),
        pytest.param(["text", "spam"], Roles(question="text", answer="spam"), id="the other one"),
        pytest.param(
            ["Unnamed: 0", "text", "label"],
            Roles(question="text", answer="label", id="Unnamed: 0"),
            id="an index that pandas wrote",
        ),
    ],
)
def test_roles_by_name(columns: list[str], roles: Roles) -> None:
    assert guess_roles(table(*columns), TaskOptions())[0] == roles


def test_what_is_given_goes_before_the_guess_whatever_its_case() -> None:
    options = TaskOptions(question="Body Text", answer="x", id="-", choices="-")
    roles, guesses = guess_roles(table("id", "question", "body_text", "x", "options"), options)
    assert roles == Roles(question="body_text", answer="x")
    assert {guess.why for guess in guesses} == {"given"}


def test_several_columns_of_choices_can_be_named() -> None:
    options = TaskOptions(choices="right, wrong")
    roles = guess_roles(table("q", "question", "right", "wrong", "label"), options)[0]
    assert roles.choices == ("right", "wrong")


def test_a_missing_column_names_the_nearest() -> None:
    with pytest.raises(BadInput, match="no column 'questoin', which --question names") as caught:
        guess_roles(table("question", "answer"), TaskOptions(question="questoin"))
    assert caught.value.hint == "Did you mean question?"


def test_a_column_that_repeats_its_values_is_a_group_and_no_weak_id() -> None:
    roles = guess_roles(
        table("question", "answer", "subject", "index", subject="law", index="1"), TaskOptions()
    )[0]
    assert (roles.group, roles.id) == ("subject", "")


def test_every_guess_has_its_grounds() -> None:
    _, guesses = guess_roles(table("query", "label", "endings"), TaskOptions())
    assert [(one.role, one.column, one.why) for one in guesses] == [
        ("choices", "endings", "the name 'endings'"),
        ("answer", "label", "the name 'label'"),
        ("question", "query", "the name 'query'"),
    ]
