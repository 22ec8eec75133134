"""The Model Openness Framework 1.0, graded as its own tool grades.

Source: lfai/model_openness_tool at 8b5d30e (ModelEvaluator, LicenseHandler, mof.settings.yml).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from elige.catalog.hostile import Tree
from elige.catalog.openness.classes import NUMERALS
from elige.catalog.openness.licences import as_written, understood
from elige.catalog.openness.record import Component, Licence, MofGrade
from elige.catalog.openness.words import links_of, said, section, told
from elige.catalog.shipped import shipped
from elige.errors import BadInput

REPORT, PAPER = "Technical report", "Research paper"
CLASSES = tuple(NUMERALS)

_UNLICENSED = "unlicensed"
# What people write in place of a licence when the component is not there at all.
_ABSENT = frozenset({"componentnotinclude", "componentnotincluded", "notincluded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentRule:
    """A component of the framework: the class that first asks for it, and its kind of content."""

    name: str
    of_class: int
    kind: str
    required: bool


@cache
def component_rules() -> Mapping[str, ComponentRule]:
    """The framework's components by name, class III first."""
    rows = shipped("openness/mof.yaml")["components"]
    return {
        row["name"]: ComponentRule(
            name=row["name"],
            of_class=row["class"],
            kind=row["type"],
            required=row["required"],
        )
        for row in rows
    }


def is_mof(tree: Mapping[str, Tree]) -> bool:
    """Whether a file's keys are those of a MOF release."""
    return isinstance(tree.get("release"), dict)


def components_of(release: Mapping[str, Tree], *, strict: bool) -> tuple[Component, ...]:
    """The components that a release lists, each with the licence that holds for it.

    A licence of its own wins, then the release's for its kind of content, then the one of the
    distribution. `strict` takes names and SPDX ids to the letter, as the tool does. Raises
    `BadInput` for a release whose components are no list, and for a name or a licence that is
    no word.
    """
    rows = release.get("components")
    if not isinstance(rows, list):
        raise BadInput(
            "The release lists no components.",
            hint="Write 'components:' and below it one '- name: ...' for each.",
        )
    listed = _listed([_row(place, row) for place, row in enumerate(rows, 1)], strict=strict)
    names = _release_licences(release, strict=strict)
    read = as_written if strict else understood
    found = []
    for rule in component_rules().values():
        row = listed.get(rule.name)
        if row is None or (not strict and _letters(said(row.get("license"))) in _ABSENT):
            continue
        found.append(_component(rule, row, _resolved(rule, row, names), read))
    return tuple(found)


def graded(components: tuple[Component, ...]) -> MofGrade:
    """The class and the progress that the components earn.

    A research paper stands in for a technical report that is not there, or not under an open
    licence: it then counts in classes III and II too, and class I needs one component less. The
    progress of a class is 0 while a class under it is incomplete.
    """
    there = {one.name: one for one in components}
    is_open = {name for name, one in there.items() if one.is_open}
    stands_in = REPORT not in is_open and PAPER in is_open
    progress = {of_class: _progress(of_class, is_open, stands_in) for of_class in CLASSES}
    reached = [of_class for of_class in CLASSES if progress[of_class] == 100.0]
    best = min(reached, default=0)
    wanted = _required(max(best - 1, 1) if best else 3)
    if stands_in:
        wanted = [name for name in wanted if name != REPORT]
    return MofGrade(
        of_class=best,
        progress=progress,
        components=components,
        missing=tuple(name for name in wanted if name not in there),
        closed=tuple(name for name in wanted if name in there and name not in is_open),
    )


def _progress(of_class: int, is_open: set[str], stands_in: bool) -> float:
    """The tool's percentage: a class counts only when those under it are complete."""
    total = included = 0
    for lower in range(3, of_class - 1, -1):
        names = _required(lower)
        total = len(names)
        included = sum(name in is_open for name in names) + (stands_in and lower > 1)
        if included < total and lower > of_class:
            return 0.0
    if of_class == 1 and stands_in:
        total -= 1
    return min(included / total * 100, 100.0)


def _required(of_class: int) -> list[str]:
    rules = component_rules().values()
    return [rule.name for rule in rules if rule.required and rule.of_class >= of_class]


def _row(place: int, row: Tree) -> dict[str, Tree]:
    if not isinstance(row, dict) or not said(row.get("name")):
        raise BadInput(f"Component {place} has no name.", hint="Write it as '- name: Datasets'.")
    if not isinstance(row.get("license"), str | None):
        raise BadInput(
            f"The license of component {place} ({told(row['name'])}) is no word.",
            hint="Write one licence, for example 'license: Apache-2.0'.",
        )
    return row


def _listed(rows: list[dict[str, Tree]], *, strict: bool) -> dict[str, dict[str, Tree]]:
    """What is said of each component; of one listed twice the later words win, key by key."""
    known = {(name if strict else _letters(name)): name for name in component_rules()}
    found: dict[str, dict[str, Tree]] = {}
    for row in rows:
        name = said(row.get("name"))
        own = known.get(name if strict else _letters(name))
        if own is not None:
            found.setdefault(own, {}).update(
                {key: value for key, value in row.items() if value is not None}
            )
    return found


def _release_licences(release: Mapping[str, Tree], *, strict: bool) -> dict[str, str]:
    """The names of the release's licences by what they are for; '' counts as not said."""
    stated = release.get("license")
    if isinstance(stated, str) and not strict:
        return {"distribution": stated}
    if stated and not isinstance(stated, dict):
        raise BadInput(
            "The release's license holds no keys.",
            hint="Write 'license: {distribution: {name: Apache-2.0}}'.",
        )
    found = {}
    for key, value in section(release, "license").items():
        name = said(value.get("name")) if isinstance(value, dict) else said(value)
        if name and (isinstance(value, dict) or not strict):
            found[key] = name
    return found


def _resolved(rule: ComponentRule, row: Mapping[str, Tree], names: Mapping[str, str]) -> str:
    """The licence's name; '' for none."""
    if "license" in row:
        own = said(row["license"])
        return "" if own == _UNLICENSED else own
    return names.get(rule.kind) or names.get("distribution") or ""


def _component(
    rule: ComponentRule, row: Mapping[str, Tree], name: str, read: Callable[[str], Licence]
) -> Component:
    return Component(
        name=rule.name,
        of_class=rule.of_class,
        kind=rule.kind,
        required=rule.required,
        licence=read(name) if name.strip() else None,
        links=tuple(_links(row)),
    )


def _links(row: Mapping[str, Tree]) -> Iterator[str]:
    for key in ("component_path", "license_path"):
        yield from links_of(row.get(key))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
