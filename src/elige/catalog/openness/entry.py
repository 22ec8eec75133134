"""A framework's grading as what a source says of a model."""

from collections.abc import Mapping, Sequence

from elige.catalog.openness.record import Answer, Level, Openness, Question
from elige.catalog.sources.reading import said, text
from elige.records import Column, Entry, Origin, Relation, Value

ANSWERS: Mapping[Question, Column] = {
    Question.DATA: Column.TRAINING_DATA,
    Question.WEIGHTS: Column.FULL_WEIGHTS,
    Question.EVALUATION: Column.EVALUATION_CODE,
    Question.TUNING: Column.FINE_TUNING_CODE,
    Question.METRICS: Column.METRICS_AND_CHECKPOINTS,
}
# What files say where there is no one licence to name.
_NO_ONE_LICENCE = frozenset({"", "mixed", "unclear", "unknown", "none", "n/a", "various"})


def entry_of(found: Openness, *, key: str, model: str, relations: Sequence[Relation] = ()) -> Entry:
    """The grading as an entry; an answer that is unknown is left out, evidence is its origin."""
    known = [one for one in found.answers if one.level is not Level.UNKNOWN]
    values: dict[Column, Value] = {ANSWERS[one.question]: str(one.level) for one in known}
    licence = text(found.licence.stated)
    if licence.casefold() in _NO_ONE_LICENCE:
        licence = ""
    named = {Column.NAME: text(found.name), Column.AUTHOR: text(found.producer)}
    values |= said({**named, Column.LICENCE: licence})
    if found.mof is not None:
        values[Column.MOF_CLASS] = found.mof.of_class
    if found.osai is not None:
        values[Column.OSAI_SCORE] = found.osai.score
    return Entry(
        source=found.framework,
        key=key,
        model=model,
        values=values,
        relations=relations,
        origins={ANSWERS[one.question]: _origin(found, one) for one in known if one.links},
    )


def _origin(found: Openness, one: Answer) -> Origin:
    return Origin(source=f"{found.framework}: {text(one.links[0])}")
