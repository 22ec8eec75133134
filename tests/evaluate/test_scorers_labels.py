"""Classifications and JSON answers."""

import json

import pytest
from evaluate.scoring import said, sample, weighed
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.scorers import classification, json_fields
from elige.records import Outcome

MOODS = "positive,negative,neutral"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param("positive", "positive", id="alone"),
        pytest.param(" **Negative**. ", "negative", id="markup"),
        pytest.param("The sentiment is negative.", "negative", id="stated"),
        pytest.param("Label: neutral\nIt is neither positive nor negative.", "neutral", id="label"),
        pytest.param("negative\n\nReview: I loved it\nSentiment: positive", "negative", id="first"),
        pytest.param("It is not negative, it is positive", "positive", id="denied"),
        pytest.param("I would say this one is neutral overall", "neutral", id="mentioned"),
    ],
)
def test_the_named_label(text: str, label: str) -> None:
    score = classification(labels=MOODS)(sample(label), said(text))
    assert (score.value, score.predicted) == (1.0, label)


@pytest.mark.parametrize("text", ["", "positive or negative", "good", "positively", "not negative"])
def test_no_label_or_several_are_unparsed(text: str) -> None:
    score = classification(labels=MOODS)(sample("negative"), said(text))
    assert (score.outcome, score.predicted) == (Outcome.UNPARSED, "")


def test_a_label_inside_another_is_not_named() -> None:
    scorer = classification(labels='["spam", "not spam"]')
    assert scorer(sample("not spam"), said("This is not spam.")).predicted == "not spam"


def test_the_likeliest_label_wins() -> None:
    score = classification(labels="yes,no")(sample("no"), weighed(-2.0, -1.0))
    assert (score.value, score.predicted) == (1.0, "no")


def test_labels_that_are_no_list_are_refused() -> None:
    with pytest.raises(BadInput, match="labels"):
        classification(labels='["a", 1]')


@given(st.text(max_size=200))
def test_any_text_gives_a_score_in_bounds(text: str) -> None:
    assert classification(labels=MOODS)(sample("neutral"), said(text)).value in {0.0, 1.0}


PERSON = json.dumps({"name": "Ana Pérez", "age": 30, "tags": ["a", "b"], "married": True})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(PERSON, 1.0, id="the object itself"),
        pytest.param(f"Here:\n```json\n{PERSON}\n```\nDone.", 1.0, id="fenced"),
        pytest.param(f"{{}} first, then {PERSON} {{x}}", 1.0, id="among others"),
        pytest.param('{"name": "ana pérez.", "age": "30.0", "married": true}', 0.75, id="leniency"),
        pytest.param(
            '{"name": "Ana", "age": 31, "tags": ["b", "a"], "married": 1}', 0.0, id="all wrong"
        ),
        pytest.param("{}", 0.0, id="all missing"),
    ],
)
def test_json_fields(text: str, value: float) -> None:
    assert json_fields()(sample(PERSON), said(text)).value == value


def test_json_parts_and_reason_name_the_fields() -> None:
    score = json_fields()(sample('{"a": 1, "b": 2, "c": 3}'), said('{"a": 1, "b": 5}'))
    assert score.parts == (("a", 1.0), ("b", 0.0), ("c", 0.0))
    assert score.why == "1 of 3 fields right: b is '5', wanted '2'; c is missing"


def test_extra_fields_count_as_wrong_when_asked() -> None:
    text = '{"a": 1, "z": 2}'
    assert json_fields()(sample('{"a": 1}'), said(text)).value == 1.0
    assert json_fields(extra="wrong")(sample('{"a": 1}'), said(text)).value == 0.5


def test_only_the_named_fields_count() -> None:
    assert json_fields(fields="b")(sample('{"a": 1, "b": 2}'), said('{"b": 2}')).value == 1.0


@pytest.mark.parametrize(
    "text", ["", "no JSON", '{"a": 1', "{'a': 1}", '{"a": NaN}', '{"a":' * 5000, "[1, 2]"]
)
def test_broken_json_is_unparsed(text: str) -> None:
    assert json_fields()(sample('{"a": 1}'), said(text)).outcome is Outcome.UNPARSED


@pytest.mark.parametrize("target", ["x", "[1]", "{}", '{"a": 1} rest'])
def test_a_target_that_is_no_object_is_an_error_naming_the_sample(target: str) -> None:
    with pytest.raises(BadInput, match="'s1'"):
        json_fields()(sample(target), said("{}"))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), _VALUES, min_size=1, max_size=5), st.randoms())
def test_an_object_equals_itself_in_any_order(fields: dict[str, object], random: object) -> None:
    turned = dict(reversed(list(fields.items())))
    text = f"Sure! ```json\n{json.dumps(turned)}\n```"
    assert json_fields()(sample(json.dumps(fields)), said(text)).value == 1.0
