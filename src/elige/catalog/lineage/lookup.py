"""From a bare name to the model that goes by it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol, runtime_checkable

from elige.catalog.identity import identify_model
from elige.catalog.lineage.names import author_of, bare, same_words, sounds_published
from elige.catalog.shipped import shipped
from elige.records import Card, Catalogue


@runtime_checkable
class ByBareName(Protocol):
    """A catalogue that finds models by their names without the author."""

    def named(self, plain: str) -> Sequence[str]:
        """The models whose bare name is `plain`, as `names.plain_name` writes it."""
        ...


def parent_card(catalogue: Catalogue, name: str) -> Card | None:
    """The card of a parent that is called `name`, perhaps by a name that its author gave up."""
    card = catalogue.card(name)
    if card is None and (now := name_now(name)):
        card = catalogue.card(now)
    return card


def name_now(name: str) -> str:
    """What the same author calls the model `name` today, '' where that is not known to differ."""
    known = identify_model(name)
    author = author_of(name)
    is_other = known.casefold() != name.casefold()
    return known if author and is_other and author_of(known) == author else ""


def official(catalogue: Catalogue, name: str, child: str) -> tuple[str, ...]:
    """The models of that bare name by its family's publisher, the likeliest first; mostly one."""
    for author in publishers(name):
        known = _card_name(catalogue, f"{author}/{name}")
        if known and not is_same(known, child):
            return (known,)
    return tuple(one for one in _named().get(name, ()) if not is_same(one, child))


def own(catalogue: Catalogue, name: str, child: str) -> str:
    """The model of that bare name by the author of `child`; '' where none is known."""
    author = author_of(child)
    if author in copyists():
        return ""
    known = _card_name(catalogue, f"{author}/{name}")
    return known if known and not is_same(known, child) else ""


def only(catalogue: Catalogue, name: str, child: str) -> str:
    """The one model of that bare name, copyists aside; '' for none and for several."""
    if not isinstance(catalogue, ByBareName) or (publishers(name) and sounds_published(name)):
        return ""
    known = [
        one
        for one in catalogue.named(name)
        if not is_same(one, child) and author_of(one) not in copyists()
    ]
    return known[0] if len(known) == 1 else ""


def spoken_of(name: str) -> str:
    """The model that is mostly spoken of by a shorter name; '' for none, and for several."""
    named = _named().get(name, ())
    return named[0] if len(named) == 1 else ""


def publishers(name: str) -> tuple[str, ...]:
    """Who publishes the family that a bare name begins with."""
    owners: Mapping[str, list[str]] = shipped("lineage/families.yaml")["owners"]
    parts = name.split("-")
    return tuple(owners.get("-".join(parts[:2])) or owners.get(parts[0]) or ())


@cache
def copyists() -> frozenset[str]:
    """Authors who pass on what others made, in small letters."""
    return frozenset(shipped("lineage/families.yaml")["copyists"])


@cache
def _named() -> Mapping[str, list[str]]:
    named: Mapping[str, list[str]] = shipped("lineage/families.yaml")["named"]
    return named


def _card_name(catalogue: Catalogue, name: str) -> str:
    for one in (name, f"{name}-hf"):
        card = catalogue.card(one)
        if card is not None:
            return card.model
    return ""


def is_same(one: str, child: str) -> bool:
    """Whether it is the child itself, or a copy of it by its own author in another format."""
    if one.casefold() == child.casefold():
        return True
    return author_of(one) == author_of(child) and same_words(bare(one), bare(child))
