"""What a card says and what the frameworks' files say of the same model."""

from elige.catalog.listed import Listed
from elige.catalog.openness import Openness
from elige.catalog.openness.known import known_openness
from elige.catalog.openness.model import openness_of_card
from elige.catalog.openness.record import Level, Met, Question
from elige.catalog.openness.together import openness_of
from elige.records import Card, Column, Entry, Value

FALCON = "tiiuae/falcon-40b"


def card(model: str, values: dict[Column, Value]) -> Card:
    entry = Entry(source="maker", key=model, model=model, values=values)
    found = Listed([(entry, "2026-11-26")], {}).card(model)
    assert found is not None
    return found


def levels(found: Openness) -> dict[Question, Level]:
    return {one.question: one.level for one in found.answers}


def test_a_model_without_a_file_is_what_its_card_says() -> None:
    one = card("x/y", {Column.TRAINING_DATA: "open"})
    assert openness_of(one) == openness_of_card(one)


def test_a_card_that_says_nothing_leaves_the_file_as_it_is() -> None:
    filed = known_openness(FALCON)
    assert filed is not None
    found = openness_of(card(FALCON, {}))
    assert (found.answers, found.parts, found.mof) == (filed.answers, filed.parts, filed.mof)


def test_what_the_card_answers_counts_first_and_both_are_named() -> None:
    filed = known_openness(FALCON)
    assert filed is not None and levels(filed)[Question.WEIGHTS] is Level.PARTIAL
    one = card(FALCON, {Column.FULL_WEIGHTS: "open", Column.LICENCE: "apache-2.0"})
    found = openness_of(one)
    weights = next(answer for answer in found.answers if answer.question is Question.WEIGHTS)
    assert weights.level is Level.OPEN
    assert "open by maker" in weights.evidence and "Falcon-40B.yml: partial" in weights.evidence
    assert {part.name: part.met for part in found.parts}["parameters"] is Met.YES
    assert found.licence.spdx == "Apache-2.0"
    assert found.mof == filed.mof  # the framework's own figure is its own
    assert levels(found) | {Question.WEIGHTS: Level.PARTIAL} == levels(filed)


def test_to_the_letter_only_the_file_counts() -> None:
    one = card(FALCON, {Column.FULL_WEIGHTS: "open"})
    assert openness_of(one, strict=True) == known_openness(FALCON, strict=True)
