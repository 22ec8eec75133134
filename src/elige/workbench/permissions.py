"""What a candidate may be used for: the licence that its files declare, and its lineage's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from elige.catalog.identity import identify_model
from elige.catalog.licence import STRICTEST, May
from elige.catalog.licence_card import CardLicence, card_licence, may_each, with_licence
from elige.catalog.licence_terms import USES, Use
from elige.catalog.licence_text import is_full_text, recognise
from elige.catalog.sources.caches import path_name
from elige.choose.limits import Permission
from elige.loader.identity import distinct
from elige.loader.packages import PACKAGED
from elige.records import Candidate, Card, Catalogue, Column, Fact, ModelRef, RefKind
from elige.workbench.bench import Workbench

_UNDECLARED = ("unknown", "no licence is declared where the model comes from")
_RANKS = [str(answer) for answer in STRICTEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """The licence as the model states it, '' for none; what it may be used for, and why.

    `inherited` says why commercial use is more restricted than the model's own licence has it; ''
    where it is not.
    """

    licence: str
    may: Mapping[Permission, tuple[str, str]]
    inherited: str = ""


def permitted(
    catalogue: Catalogue, model: str, card: Card | None, declared: Fact | None = None
) -> Permitted:
    """What `model` may be used for by its card, what its files declare, and its ancestors.

    What is known of its licence from several places holds together. A parent that nobody declared
    forbids nothing: what it would forbid is unknown.
    """
    own = Card(model=model, facts={}) if card is None else card
    found = card_licence(
        own if declared is None else with_licence(own, _named(declared)), catalogue
    )
    where = "" if declared is None or found.chain else f" (declared in {declared.source})"
    answers = {use: found.may(use) for use in USES}
    return Permitted(
        licence=found.own.stated,
        may={use: (str(answer), f"{why}{where}") for use, (answer, why) in answers.items()},
        inherited=_inherited(found, "commercial"),
    )


def permissions(bench: Workbench, candidate: Candidate) -> Mapping[Permission, tuple[str, str]]:
    """The same of a candidate, wherever it is; of a combination what all of its members allow."""
    ref = candidate.ref
    if ref.kind is RefKind.COMBO:
        members = distinct(bench.loader.combinations.of(candidate).members)
        return _together({one.name: permissions(bench, one) for one in members})
    fact = bench.loader.licence(ref)
    card = card_of_ref(bench.catalogue, ref)
    if fact is None and card is None:
        return dict.fromkeys(USES, _UNDECLARED)
    return permitted(bench.catalogue, ref.model or ref.location, card, fact).may


def card_of_ref(catalogue: Catalogue, ref: ModelRef) -> Card | None:
    """What the catalogue knows of the model that a reference names; None for nothing."""
    if ref.kind is RefKind.PACKAGED:
        return catalogue.card(PACKAGED[ref.location].hub)
    if ref.kind is RefKind.HUB:
        return catalogue.card(ref.location)
    if ref.kind is RefKind.ENDPOINT and ref.model:
        return catalogue.card(ref.model) or catalogue.card(identify_model(ref.model) or ref.model)
    if ref.kind in {RefKind.FOLDER, RefKind.GGUF}:
        cards = (catalogue.card(name) for name in _names_of(Path(ref.location)))
        return next((card for card in cards if card and _lies_at(card, ref.location)), None)
    return None


def _names_of(path: Path) -> Iterator[str]:
    """By what names the model at a path may be in the catalogue, once it was synced."""
    for above in (path, *path.parents):
        if above.name.startswith("models--"):
            yield above.name.removeprefix("models--").replace("--", "/", 1)
    yield "/".join(path.parts[-2:])
    yield "/".join(path.parent.parts[-2:])
    yield path_name(path)


def _lies_at(card: Card, location: str) -> bool:
    return any(str(fact.value) == location for fact in card.facts.get(Column.PATH, ()))


def _named(declared: Fact) -> Fact:
    """The fact with the id of a licence whose whole text was declared."""
    text = str(declared.value)
    if not is_full_text(text):
        return declared
    licence = recognise(text).licence
    return Fact(
        value=licence.spdx or licence.key,
        kind=declared.kind,
        source=declared.source,
        checked=declared.checked,
    )


def _inherited(found: CardLicence, use: Use) -> str:
    answer, why = found.may(use)
    own = may_each(found.own.licence)[USES.index(use)]
    return why if answer is not own and answer is not May.YES else ""


def _together(
    members: Mapping[str, Mapping[Permission, tuple[str, str]]],
) -> Mapping[Permission, tuple[str, str]]:
    """The strictest answer to each use, with the member that gives it."""
    found: dict[Permission, tuple[str, str]] = {}
    for use in USES:
        name, (answer, why) = min(
            ((name, may[use]) for name, may in members.items()),
            key=lambda pair: _RANKS.index(pair[1][0]),
        )
        found[use] = (answer, f"{name}: {why}")
    return found
