"""The European Open Source AI Index: the mean over its twelve live parameters.

Source: Language-Technology-Assessment/main-database at 5a388e8 (_parameters.yml).
"""

from collections.abc import Mapping
from functools import cache

from elige.catalog.hostile import Tree
from elige.catalog.openness.record import OsaiGrade, Parameter
from elige.catalog.openness.words import links_of, said, section, told
from elige.catalog.shipped import shipped

_WEIGHTS = {"open": 1.0, "partial": 0.5}


@cache
def categories() -> Mapping[str, tuple[str, ...]]:
    """The parameters of each category."""
    return {name: tuple(refs) for name, refs in shipped("openness/osai.yaml")["categories"].items()}


def is_osai(tree: Mapping[str, Tree]) -> bool:
    """Whether a file's keys are those of a system of the index."""
    return isinstance(tree.get("system"), dict)


def parameters_of(tree: Mapping[str, Tree]) -> tuple[Parameter, ...]:
    """Every live parameter as the file grades it; what is not open or partial weighs nothing."""
    return tuple(
        _parameter(name, category, section(tree, name))
        for category, names in categories().items()
        for name in names
    )


def scored(parameters: tuple[Parameter, ...]) -> OsaiGrade:
    """The score with four decimals, and the mean of each category."""
    by_category = {
        category: [one.weight for one in parameters if one.category == category]
        for category in categories()
    }
    return OsaiGrade(
        score=round(sum(one.weight for one in parameters) / len(parameters), 4),
        categories={
            name: round(sum(weights) / len(weights), 4) for name, weights in by_category.items()
        },
        parameters=parameters,
    )


def type_notice(tree: Mapping[str, Tree]) -> str:
    """What to say of a type that the index does not have; '' for one that it has.

    Every parameter holds for every type, so an unknown one changes no score.
    """
    stated = said(section(tree, "system").get("type"))
    types = set(shipped("openness/osai.yaml")["types"])
    if types & {part.strip().lower() for part in stated.split(",")}:
        return ""
    named = repr(told(stated)) if stated else "not stated"
    return f"The system's type is {named}; all twelve parameters are counted."


def _parameter(name: str, category: str, facts: Mapping[str, Tree]) -> Parameter:
    found = said(facts.get("class"))
    return Parameter(
        name=name,
        category=category,
        found=found if found in {"open", "partial", "closed"} else "",
        weight=_WEIGHTS.get(found, 0.0),
        notes=told(facts.get("notes")),
        links=tuple(links_of(facts.get("link"))),
    )
