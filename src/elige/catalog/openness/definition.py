"""The Open Source AI Definition 1.0: three parts, met when each is there under open terms.

Source: https://opensource.org/ai/open-source-ai-definition. Data information is a complete
description of all data with lists of what is public and what can be obtained; the code is that of
data processing, training, validation, inference and architecture; the parameters are the weights.
"""

from collections.abc import Mapping, Sequence

from elige.catalog.openness.record import Answer, Component, Level, Met, Parameter, Part, Question

_DATA, _CODE, _PARAMETERS = "data information", "code", "parameters"
_CODE_COMPONENTS = (
    "Data preprocessing code",
    "Training code",
    "Evaluation code",
    "Inference code",
    "Model architecture",
)


def mof_parts(components: Sequence[Component]) -> tuple[Part, ...]:
    """The three parts out of a MOF release."""
    there = {one.name: one for one in components}
    weights = _together(_PARAMETERS, ("Model parameters (Final)",), there)
    return _data_of(there), _together(_CODE, _CODE_COMPONENTS, there), weights


def osai_parts(parameters: Sequence[Parameter], answers: Sequence[Answer]) -> tuple[Part, ...]:
    """The three parts out of a system of the OSAI index and the five answers of it."""
    graded = {one.name: one.found for one in parameters}
    level = {one.question: one.level for one in answers}
    return (
        _described(graded),
        _by_level(_CODE, level[Question.TUNING], "code of data processing, training and tuning"),
        _by_level(_PARAMETERS, level[Question.WEIGHTS], "weights"),
    )


def _data_of(there: Mapping[str, Component]) -> Part:
    card, sets = there.get("Data card"), there.get("Datasets")
    if card is None:
        listed = "the data sets are listed, but no data card is" if sets else "no data card"
        return Part(name=_DATA, met=Met.UNKNOWN, why=listed)
    if not card.is_open:
        return Part(name=_DATA, met=Met.NO, why="the data card is under no open licence")
    if sets is None:
        why = "a data card is there, the data sets are not: whether all can be obtained is not said"
        return Part(name=_DATA, met=Met.UNKNOWN, why=why)
    return Part(name=_DATA, met=Met.YES, why="data card under an open licence, data sets listed")


def _together(name: str, wanted: Sequence[str], there: Mapping[str, Component]) -> Part:
    closed = [one for one in wanted if one in there and not there[one].is_open]
    absent = [one for one in wanted if one not in there]
    if closed:
        return Part(name=name, met=Met.NO, why=f"under no open licence: {', '.join(closed)}")
    if absent:
        return Part(name=name, met=Met.UNKNOWN, why=f"not listed: {', '.join(absent)}")
    return Part(name=name, met=Met.YES, why=f"under open licences: {', '.join(wanted)}")


def _described(graded: Mapping[str, str]) -> Part:
    """Met by data that are all public with some description, or a full one of what partly is."""
    sheet = graded["datasheet"]
    sources = [graded["datasources_basemodel"], graded["datasources_endmodel"]]
    why = f"data sheet {sheet or 'not graded'}; data sources of the base and the end model: " + (
        " and ".join(found or "not graded" for found in sources)
    )
    all_public = set(sources) == {"open"} and sheet in {"open", "partial"}
    described = sheet == "open" and set(sources) <= {"open", "partial"}
    if all_public or described:
        return Part(name=_DATA, met=Met.YES, why=why)
    is_incomplete = sheet in {"closed", "partial"} and "" not in sources
    return Part(name=_DATA, met=Met.NO if is_incomplete else Met.UNKNOWN, why=why)


def _by_level(name: str, level: Level, what: str) -> Part:
    met = {Level.OPEN: Met.YES, Level.UNKNOWN: Met.UNKNOWN}.get(level, Met.NO)
    said = {
        Met.YES: f"{what} under an open licence",
        Met.NO: f"{what} {level}, not open",
        Met.UNKNOWN: f"nothing is said of {what}",
    }
    return Part(name=name, met=met, why=said[met])
