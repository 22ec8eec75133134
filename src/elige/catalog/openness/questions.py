"""The five questions, answered from what the frameworks' files say.

Open needs the thing to be there and under an open licence; there under a restricted licence, or
without any, is partial; nothing found is unknown, never closed.
"""

from collections.abc import Mapping, Sequence

from elige.catalog.openness.record import Answer, Component, Level, Licence, Parameter, Question

# Which components of a MOF release answer a question. The framework has no fine-tuning code of
# its own: it belongs to the training code.
_COMPONENTS: Mapping[Question, tuple[str, ...]] = {
    Question.DATA: ("Datasets",),
    Question.WEIGHTS: ("Model parameters (Final)",),
    Question.EVALUATION: ("Evaluation code",),
    Question.TUNING: ("Training code",),
    Question.METRICS: ("Model parameters (Intermediate)", "Model metadata"),
}
# Which parameters of the OSAI index do; it grades neither evaluation code nor checkpoints.
_PARAMETERS: Mapping[Question, tuple[str, ...]] = {
    Question.DATA: ("datasources_basemodel", "datasources_endmodel"),
    Question.WEIGHTS: ("weights_basemodel", "weights_endmodel"),
    Question.EVALUATION: (),
    Question.TUNING: ("trainingcode",),
    Question.METRICS: (),
}
_CALLED = {
    "datasources_basemodel": "data of the base model",
    "datasources_endmodel": "data of the end model",
    "weights_basemodel": "weights of the base model",
    "weights_endmodel": "weights of the end model",
    "trainingcode": "training and tuning code",
}
_PROPRIETARY = frozenset({"proprietary", "closed"})


def mof_answers(components: Sequence[Component]) -> tuple[Answer, ...]:
    """The five answers out of a MOF release."""
    there = {one.name: one for one in components}
    return tuple(_of_components(question, names, there) for question, names in _COMPONENTS.items())


def osai_answers(parameters: Sequence[Parameter], licence: Licence) -> tuple[Answer, ...]:
    """The five answers out of a system of the OSAI index with its end model's licence."""
    graded = {one.name: one for one in parameters}
    covered = graded["licenses"].found
    return tuple(
        _of_parameters(question, [graded[name] for name in names], covered, licence)
        for question, names in _PARAMETERS.items()
    )


def joined(levels: Sequence[Level]) -> Level:
    """The level of a whole by those of its parts: partial where they differ and some are there."""
    if len(set(levels)) == 1:
        return levels[0]
    is_there = {Level.OPEN, Level.PARTIAL} & set(levels)
    return Level.PARTIAL if is_there else Level.UNKNOWN


def _of_components(
    question: Question, names: Sequence[str], there: Mapping[str, Component]
) -> Answer:
    levels, words = [], []
    links: list[str] = []
    for name in names:
        level, word = _component(there.get(name))
        levels.append(level)
        words.append(f"{name}: {word}")
        links += there[name].links if name in there else ()
    return Answer(
        question=question,
        level=joined(levels),
        evidence="; ".join(words),
        links=tuple(dict.fromkeys(links)),
    )


def _component(one: Component | None) -> tuple[Level, str]:
    if one is None:
        return Level.UNKNOWN, "not listed"
    licence = one.licence
    if licence is None:
        return Level.PARTIAL, "there, without a licence"
    if licence.key in _PROPRIETARY:
        return Level.CLOSED, "proprietary"
    if licence.is_open:
        return Level.OPEN, f"there under {_name(licence)}, an open licence"
    if licence.is_open is None:
        return Level.PARTIAL, f"there under {licence.stated!r}, a licence not known here"
    return Level.PARTIAL, f"there under {_name(licence)}, a restricted licence"


def _of_parameters(
    question: Question, parameters: Sequence[Parameter], covered: str, licence: Licence
) -> Answer:
    if not parameters:
        return Answer(
            question=question, level=Level.UNKNOWN, evidence="the OSAI index does not grade it"
        )
    weighs = question is Question.WEIGHTS
    is_free = covered == "open" or (weighs and licence.is_open is True)
    found = joined([Level(one.found or "unknown") for one in parameters])
    words = [f"{_CALLED[one.name]}: {_graded(one)}" for one in parameters]
    level = found
    if found is Level.OPEN and not is_free:
        level = Level.PARTIAL
        words.append(_not_free(covered, licence if weighs else None))
    elif found is Level.OPEN and weighs and licence.is_open:
        words.append(f"under {_name(licence)}, an open licence")
    links = (link for one in parameters for link in one.links)
    return Answer(
        question=question,
        level=level,
        evidence="; ".join(words),
        links=tuple(dict.fromkeys(links)),
    )


def _graded(one: Parameter) -> str:
    word = one.found or "not graded"
    return f"{word} ({one.notes.rstrip('.')})" if one.notes else word


def _not_free(covered: str, licence: Licence | None) -> str:
    if licence is not None and licence.stated and licence.is_open is False:
        return f"under {_name(licence)}, a restricted licence"
    share = {"partial": "only part of the project is", "closed": "the project is not"}
    return f"{share.get(covered, 'it is not said that the project is')} under an open licence"


def _name(licence: Licence) -> str:
    return licence.spdx or licence.name
