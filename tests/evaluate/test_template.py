"""Templates put columns into text and can do nothing else."""

import pytest

from elige.errors import BadInput
from elige.evaluate.template import check_template, filled, names_in

VALUES = {"question": "1 {x} 2", "a b": "c"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param("Q: {question}", "Q: 1 {x} 2", id="values are not filled again"),
        pytest.param("{a b}{ question }", "c1 {x} 2", id="names with spaces"),
        pytest.param('{{"x": {a b}}}', '{"x": c}', id="braces of the text"),
        pytest.param("plain", "plain", id="no names"),
    ],
)
def test_filled(template: str, text: str) -> None:
    assert filled(template, VALUES.__getitem__) == text


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="has {qestion}, which is no column") as caught:
        check_template("{qestion}", VALUES)
    assert caught.value.hint == "Did you mean question?"


@pytest.mark.parametrize("template", ["{question", "question}", "{ {question}", "{}}"])
def test_a_lone_brace_is_refused(template: str) -> None:
    with pytest.raises(BadInput, match="brace"):
        names_in(template)


@pytest.mark.parametrize("template", ["{question.__class__}", "{question[0]}", "{question!r}"])
def test_attributes_indexes_and_conversions_are_no_names(template: str) -> None:
    with pytest.raises(BadInput, match="no column"):
        check_template(template, VALUES)
