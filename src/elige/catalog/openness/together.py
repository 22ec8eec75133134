"""How open a model is by all that is known: the frameworks' files, and what its card says."""

from dataclasses import replace

from elige.catalog.openness.entry import ANSWERS
from elige.catalog.openness.known import known_openness
from elige.catalog.openness.model import openness_of_card
from elige.catalog.openness.record import Answer, Level, Openness, Part, Question
from elige.records import Card

_OF_WEIGHTS = "parameters"


def openness_of(card: Card, *, strict: bool = False) -> Openness:
    """The frameworks' grades of the model, and the best answer to each question.

    What the card's sources answer counts before what a framework's file does, which one of them
    may have read; the evidence names both where they differ. `strict` keeps to the file.
    """
    filed, said = known_openness(card.model, strict=strict), openness_of_card(card)
    if filed is None:
        return said
    if strict:
        return filed
    on_card = {one.question: one for one in said.answers if card.facts.get(ANSWERS[one.question])}
    answers = tuple(_better(one, on_card.get(one.question), filed) for one in filed.answers)
    return replace(
        filed,
        answers=answers,
        licence=filed.licence if filed.licence.stated else said.licence,
        parts=_parts(filed, answers, said),
    )


def _better(filed: Answer, said: Answer | None, found: Openness) -> Answer:
    if said is None or said.level is Level.UNKNOWN:
        return filed
    if said.level is filed.level:
        links = tuple(dict.fromkeys((*filed.links, *said.links)))
        return replace(filed, evidence=f"{filed.evidence}; {said.evidence}", links=links)
    if filed.level is Level.UNKNOWN:
        return said
    name = found.source.rpartition("/")[2]
    return replace(said, evidence=f"{said.evidence}; {name}: {filed.level}, {filed.evidence}")


def _parts(filed: Openness, answers: tuple[Answer, ...], said: Openness) -> tuple[Part, ...]:
    """The parts of the Open Source AI Definition; of weights the one that fits the answer."""

    def level(found: tuple[Answer, ...]) -> Level:
        return next(one.level for one in found if one.question is Question.WEIGHTS)

    if level(answers) is level(filed.answers):
        return filed.parts
    ours = {one.name: one for one in said.parts}
    return tuple(ours[one.name] if one.name == _OF_WEIGHTS else one for one in filed.parts)
