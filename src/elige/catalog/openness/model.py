"""How open a model is by what lies with its weights: a licence, and no more than that."""

from elige.catalog.openness.licences import NO_LICENCE, understood
from elige.catalog.openness.record import Answer, Level, Licence, Met, Openness, Part, Question
from elige.records import Fact

_NOT_SAID = "nothing is said of it where the model comes from"


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


def _weights(licence: Licence, source: str) -> tuple[Level, str]:
    if not licence.stated:
        return Level.PARTIAL, "the weights are at hand, no licence is declared"
    where = f"the weights are at hand under {licence.spdx or licence.name} ({source})"
    if licence.is_open:
        return Level.OPEN, f"{where}, an open licence"
    known = "a restricted licence" if licence.is_open is False else "a licence not known here"
    return Level.PARTIAL, f"{where}, {known}"
