"""How open a model is by what lies with its weights, or by what its card says."""

from collections.abc import Iterator

from elige.catalog.openness.classes import class_name
from elige.catalog.openness.entry import ANSWERS
from elige.catalog.openness.licences import NO_LICENCE, understood
from elige.catalog.openness.record import Answer, Level, Licence, Met, Openness, Part, Question
from elige.records import Card, Column, Fact

_NOT_SAID = "nothing is said of it where the model comes from"
_NO_SOURCE = "no source of the catalogue says"


def openness_of_model(name: str, declared: Fact | None) -> Openness:
    """The five answers for a model whose weights are at hand, with the licence it declares."""
    licence = NO_LICENCE if declared is None else understood(str(declared.value))
    source = "" if declared is None else declared.source
    level, evidence = _weights(licence, source)
    answers = tuple(
        Answer(question=question, level=level, evidence=evidence)
        if question is Question.WEIGHTS
        else Answer(question=question, level=Level.UNKNOWN, evidence=_NOT_SAID)
        for question in Question
    )
    met = Met.YES if level is Level.OPEN else Met.NO if licence.is_open is False else Met.UNKNOWN
    return Openness(
        name=name,
        producer="",
        framework="model",
        source=source,
        answers=answers,
        licence=licence,
        parts=(
            Part(name="data information", met=Met.UNKNOWN, why=_NOT_SAID),
            Part(name="code", met=Met.UNKNOWN, why=_NOT_SAID),
            Part(name="parameters", met=met, why=evidence),
        ),
        notices=("Only its licence is known here; a MOF or OSAI file of it says more.",),
    )


def openness_of_card(card: Card) -> Openness:
    """The five answers as the sources of the catalogue give them; unknown where none does."""
    licences = card.facts.get(Column.LICENCE, ())
    licence = understood(str(licences[0].value)) if licences else NO_LICENCE
    answers = tuple(_said(card, question, licence) for question in Question)
    weights = next(one for one in answers if one.question is Question.WEIGHTS)
    is_barred = licence.is_open is False or weights.level is Level.CLOSED
    met = Met.YES if weights.level is Level.OPEN else Met.NO if is_barred else Met.UNKNOWN
    return Openness(
        name=card.model,
        producer=str(card.value(Column.AUTHOR) or ""),
        framework="model",
        source=", ".join(card.sources),
        answers=answers,
        licence=licence,
        parts=(
            Part(name="data information", met=Met.UNKNOWN, why=_NO_SOURCE),
            Part(name="code", met=Met.UNKNOWN, why=_NO_SOURCE),
            Part(name="parameters", met=met, why=weights.evidence),
        ),
        notices=tuple(_card_notices(card)),
    )


def _said(card: Card, question: Question, licence: Licence) -> Answer:
    """The answer of the most trustworthy source, and which others differ from it."""
    found = card.facts.get(ANSWERS[question], ())
    if not found:
        known = _gathered(card, licence) if question is Question.WEIGHTS else None
        level, evidence = known or (Level.UNKNOWN, _NO_SOURCE)
        return Answer(question=question, level=level, evidence=evidence)
    first = found[0]
    others = [f"{one.value} by {one.source}" for one in found if one.value != first.value]
    differ = f"; other sources: {', '.join(others)}" if others else ""
    dated = f", seen on {first.checked}" if first.checked else ""
    link = first.source[first.source.find("http") :] if "http" in first.source else ""
    return Answer(
        question=question,
        level=_level(first.value),
        evidence=f"{first.value} by {first.source}{dated}{differ}",
        links=(link,) if link else (),
    )


def _level(value: object) -> Level:
    try:
        return Level(str(value))
    except ValueError:  # a plugin's own word
        return Level.UNKNOWN


def _gathered(card: Card, licence: Licence) -> tuple[Level, str] | None:
    """What the card says of its weights; None where it does not."""
    found = card.facts.get(Column.WEIGHTS, ())
    if not found:
        return None
    how, source = str(found[0].value), found[0].source
    if how == "closed":
        return Level.CLOSED, f"the weights cannot be downloaded ({source})"
    gate = "behind a form" if how == "gated" else "to download"
    where = f"the weights are there {gate} ({source}) under {licence.spdx or licence.name}"
    level = Level.OPEN if how == "open" and licence.is_open else Level.PARTIAL
    return level, f"{where}, {_FREE[licence.is_open]}"


_FREE = {True: "an open licence", False: "a restricted licence", None: "a licence not known here"}


def _card_notices(card: Card) -> Iterator[str]:
    of_class, score = card.value(Column.MOF_CLASS), card.value(Column.OSAI_SCORE)
    if isinstance(of_class, int):
        yield f"Model Openness Framework: {class_name(of_class)}."
    if isinstance(score, int | float):
        yield f"European OSAI index: {100 * score:.2f} of 100."
    yield "From the model's card; its MOF or OSAI file itself says more."


def _weights(licence: Licence, source: str) -> tuple[Level, str]:
    if not licence.stated:
        return Level.PARTIAL, "the weights are at hand, no licence is declared"
    where = f"the weights are at hand under {licence.spdx or licence.name} ({source})"
    if licence.is_open:
        return Level.OPEN, f"{where}, an open licence"
    known = "a restricted licence" if licence.is_open is False else "a licence not known here"
    return Level.PARTIAL, f"{where}, {known}"
