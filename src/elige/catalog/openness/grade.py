"""One file of a framework graded: the frameworks' own figures, and the five answers."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

from elige.catalog.hostile import Tree, read_tree
from elige.catalog.openness.definition import mof_parts, osai_parts
from elige.catalog.openness.licences import NO_LICENCE, understood
from elige.catalog.openness.mof import component_rules, components_of, graded, is_mof
from elige.catalog.openness.osai import is_osai, parameters_of, scored, type_notice
from elige.catalog.openness.questions import mof_answers, osai_answers
from elige.catalog.openness.record import (
    Answer,
    Component,
    Level,
    Licence,
    MofGrade,
    Openness,
    OsaiGrade,
    Question,
)
from elige.catalog.openness.words import links_of, section, told
from elige.errors import BadInput

_WEIGHTS = "Model parameters (Final)"
_CODE = frozenset({Question.EVALUATION, Question.TUNING})


def grade_file(path: Path, *, strict: bool = False) -> Openness:
    """What the MOF or OSAI file at `path` says of its model.

    `strict` grades the Model Openness Framework as its own tool does: licence ids to the letter.
    The five answers always rest on the licences as understood. Raises `BadInput` for a file that
    cannot be read or is neither.
    """
    return grade_tree(read_tree(path), source=str(path), strict=strict)


def grade_tree(tree: Mapping[str, Tree], *, source: str, strict: bool = False) -> Openness:
    """The same for the keys of such a file that was read already; `source` is where they stand."""
    if is_mof(tree):
        return _from_mof(source, tree, strict=strict)
    if is_osai(tree):
        return _from_osai(source, tree, strict=strict)
    raise BadInput(
        f"{source} is neither a MOF file (it has no 'release') nor an OSAI file (no 'system').",
        hint="Give a model file of the Model Openness Tool or of the European OSAI index.",
    )


def _from_mof(source: str, tree: Mapping[str, Tree], *, strict: bool) -> Openness:
    release = section(tree, "release")
    try:
        components = components_of(release, strict=False)
        counted = components_of(release, strict=True) if strict else components
    except BadInput as error:
        raise BadInput(f"{source}: {error}", hint=error.hint) from None
    return Openness(
        name=told(release.get("name")) or Path(source).stem,
        producer=told(release.get("producer")),
        framework="mof",
        source=source,
        answers=tuple(_linked(one, release) for one in mof_answers(components)),
        licence=_weights_licence(components, release),
        parts=mof_parts(components),
        mof=graded(counted),
        strict=strict,
        notices=_unknown_components(release),
    )


def _from_osai(source: str, tree: Mapping[str, Tree], *, strict: bool) -> Openness:
    system = section(tree, "system")
    licence = understood(told(system.get("endmodellicense")))
    parameters = parameters_of(tree)
    answers = osai_answers(parameters, licence)
    notice = type_notice(tree)
    return Openness(
        name=told(system.get("name")) or Path(source).stem,
        producer=told(section(tree, "org").get("name")),
        framework="osai",
        source=source,
        answers=answers,
        licence=licence,
        parts=osai_parts(parameters, answers),
        osai=scored(parameters),
        strict=strict,
        notices=(notice,) if notice else (),
    )


def _weights_licence(components: tuple[Component, ...], release: Mapping[str, Tree]) -> Licence:
    """The licence of the weights; where they are not listed, that of the whole distribution."""
    weights = next((one for one in components if one.name == _WEIGHTS), None)
    if weights is not None:
        return weights.licence or NO_LICENCE
    stated = section(section(release, "license"), "distribution")
    return understood(told(stated.get("name")))


def _linked(answer: Answer, release: Mapping[str, Tree]) -> Answer:
    """The answer with the release's own page where the component names none."""
    if answer.links or answer.level is Level.UNKNOWN:
        return answer
    page = "repository" if answer.question in _CODE else "huggingface"
    return replace(answer, links=tuple(links_of(release.get(page))))


def _unknown_components(release: Mapping[str, Tree]) -> tuple[str, ...]:
    known = {name.casefold() for name in component_rules()}
    rows = release.get("components")
    listed = rows if isinstance(rows, list) else []
    names = [told(row.get("name")) for row in listed if isinstance(row, dict)]
    strange = [repr(name) for name in names if name.casefold() not in known]
    if not strange:
        return ()
    return (f"Not components of the framework, left out: {', '.join(strange[:5])}.",)


def openness_facts(found: Openness) -> dict[str, Any]:
    """The grading as JSON; a framework that did not grade this model is null."""
    return {
        "name": found.name,
        "producer": found.producer,
        "file": found.source,
        "framework": found.framework,
        "strict_mof": found.strict,
        "mof_class": None if found.mof is None else found.mof.of_class,
        "mof_progress": None if found.mof is None else _progress(found.mof),
        "osai_score": None if found.osai is None else found.osai.score,
        "questions": {
            str(one.question): {
                "answer": str(one.level),
                "evidence": one.evidence,
                "links": list(one.links),
            }
            for one in found.answers
        },
        "licence": _licence_facts(found.licence),
        "osi_approved": found.licence.osi_approved,
        "open_source_ai_definition": {
            "met": str(found.definition),
            "parts": {one.name: {"met": str(one.met), "why": one.why} for one in found.parts},
        },
        "mof": None if found.mof is None else _mof_facts(found.mof),
        "osai": None if found.osai is None else _osai_facts(found.osai),
        "notices": list(found.notices),
    }


def _progress(grade: MofGrade) -> dict[str, float]:
    return {str(of_class): grade.progress[of_class] for of_class in sorted(grade.progress)}


def _licence_facts(licence: Licence) -> dict[str, Any]:
    return {
        "stated": licence.stated,
        "id": licence.key,
        "name": licence.name,
        "spdx": licence.spdx,
        "open": licence.is_open,
        "osi_approved": licence.osi_approved,
    }


def _mof_facts(grade: MofGrade) -> dict[str, Any]:
    return {
        "missing": list(grade.missing),
        "under_no_open_licence": list(grade.closed),
        "components": [
            {
                "name": one.name,
                "class": one.of_class,
                "kind": one.kind,
                "required": one.required,
                "open": one.is_open,
                "licence": None if one.licence is None else _licence_facts(one.licence),
                "licence_fits_kind": one.fits,
                "links": list(one.links),
            }
            for one in grade.components
        ],
    }


def _osai_facts(grade: OsaiGrade) -> dict[str, Any]:
    return {
        "categories": dict(grade.categories),
        "parameters": [
            {
                "name": one.name,
                "category": one.category,
                "class": one.found or None,
                "weight": one.weight,
                "notes": one.notes,
                "links": list(one.links),
            }
            for one in grade.parameters
        ],
    }
