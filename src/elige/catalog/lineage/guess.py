"""Guesses at parents that nobody declared, from a model's name and its configuration.

Better none than a wrong one: a guess needs a parent that is known by that very name and whose
configuration, where it is known, agrees.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from elige.catalog.lineage.lookup import official, only, own, publishers
from elige.catalog.lineage.names import (
    Stem,
    author_of,
    bare,
    holds_copy,
    is_merge,
    plain_name,
    same_words,
    sizes,
    stand_side_by_side,
    stem,
    untuned,
    within,
    words,
)
from elige.catalog.lineage.shape import Match, compared
from elige.records import Card, Catalogue, Column, FactKind, Relation, RelationKind

_ADAPTER_TAGS = frozenset({"peft", "lora", "qlora", "adapter", "adapter-transformers"})
_COARSER_TAGS = frozenset(
    {"gguf", "gptq", "awq", "exl2", "exl3", "4-bit", "8-bit", "2-bit", "compressed-tensors"}
)
KIND_BY_MATCH = {
    Match.LARGER_VOCABULARY: RelationKind.VOCABULARY,
    Match.MORE_LAYERS: RelationKind.BLOCKS,
}


class Clue(StrEnum):
    """What a name says beside its parent's."""

    COPY = "copy"
    TUNED = "tuned"
    WITHIN = "within"


class _Candidate(NamedTuple):
    """A possible parent. Of several that go by one name, all but the first are `is_other`."""

    parent: str
    clue: Clue
    why: str
    has_others: bool = False
    is_other: bool = False


def guessed_parent(model: str, card: Card | None, catalogue: Catalogue) -> Relation | None:
    """The one parent that a model's name and configuration speak for, None where they do not."""
    cut = stem(bare(model))
    changed: Relation | None = None
    for one in _candidates(model, cut, catalogue):
        made = _relation(card, catalogue, cut, one)
        if made is None:
            continue
        if made.kind not in KIND_BY_MATCH.values() or not one.has_others:
            return changed if changed is not None and not one.is_other else made
        changed = changed or made
    return changed


def is_adapter(card: Card | None) -> bool:
    """Whether a model's library or tags say that it is an adapter."""
    if card is None:
        return False
    library = card.value(Column.LIBRARY)
    return library in {"peft", "adapter-transformers"} or not _ADAPTER_TAGS.isdisjoint(tags(card))


def is_merged(card: Card | None) -> bool:
    """Whether a model's tags say that it was merged of several."""
    return card is not None and not {"merge", "mergekit"}.isdisjoint(tags(card))


def tells_coarser(model: str, card: Card | None) -> str:
    """The ending of the name, or the tag, that tells a quantised copy; '' when none does."""
    ending = stem(bare(model)).coarser
    return ending or next(iter(sorted(_COARSER_TAGS & set(tags(card)))), "")


def tags(card: Card | None) -> tuple[str, ...]:
    """The tags of a card in small letters."""
    value = card.value(Column.TAGS) if card is not None else None
    return tuple(one.casefold() for one in value) if isinstance(value, tuple) else ()


def _candidates(model: str, cut: Stem, catalogue: Catalogue) -> Iterator[_Candidate]:
    """Models that may be the parent, the surest first."""
    yield from _copied(model, cut, catalogue)
    parts = words(cut.text)
    if len(sizes(parts)) > 1:  # two sizes: cut down, or several models in one
        return
    for name in untuned(parts):
        parent = own(catalogue, name, model)
        if parent:
            yield _Candidate(parent, Clue.TUNED, f"its name is that of {parent}, tuned for chat")
    yield from _within(model, cut, parts, catalogue)


def _within(model: str, cut: Stem, parts: list[str], catalogue: Catalogue) -> Iterator[_Candidate]:
    """Models whose whole name stands in this one's, the longest name first."""
    family = _authors(publishers(plain_name(cut.text)))
    is_publisher = author_of(model) in family
    for name, at_edge in within(parts):
        is_mine = at_edge and not is_publisher
        parents = official(catalogue, name, model)
        parents = parents or ((own(catalogue, name, model),) if is_mine else ())
        if not any(parents) and len(words(name)) > 2:
            parents = (only(catalogue, name, model),)
        for place, parent in enumerate(parents):
            if not parent or holds_copy(words(bare(parent))):
                continue
            # A publisher's models stand side by side, one name in the other; so do versions.
            is_sibling = author_of(parent) == author_of(model)
            if (is_publisher and author_of(parent) in family) or same_words(cut.text, bare(parent)):
                continue
            if is_sibling and stand_side_by_side(cut.text, bare(parent)):
                continue
            yield _Candidate(
                parent,
                Clue.WITHIN,
                f"its name holds that of {parent}",
                has_others=place + 1 < len(parents),
                is_other=place > 0,
            )


def _copied(model: str, cut: Stem, catalogue: Catalogue) -> Iterator[_Candidate]:
    """Models that go by the same name but for the ending that tells a copy."""
    ending = cut.coarser or cut.copied
    more = f" with the ending {ending}" if ending else ""
    author, _, rest = cut.text.partition("_")
    card = catalogue.card(f"{author}/{rest}") if ending and rest else None
    if card is not None:  # some name their copies author_model-GGUF
        yield _Candidate(card.model, Clue.COPY, f"its name is that of {card.model}{more}")
    plain = plain_name(cut.text)
    parents = official(catalogue, plain, model)[:1]
    if ending:
        parents = (own(catalogue, plain, model), *parents, only(catalogue, plain, model))
    elif author_of(model) in _authors(publishers(plain)):
        parents = ()
    for parent in parents:
        if parent and (ending or author_of(parent) != author_of(model)):
            yield _Candidate(parent, Clue.COPY, f"its name is that of {parent}{more}")


def _authors(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def _relation(
    card: Card | None, catalogue: Catalogue, cut: Stem, one: _Candidate
) -> Relation | None:
    like = compared(
        card, catalogue.card(one.parent), weigh=not cut.coarser and not is_adapter(card)
    )
    if like.match is Match.OTHER:
        return None
    kind = _kind(card, cut, one.clue, like.match)
    is_shape = kind in KIND_BY_MATCH.values()
    return Relation(
        kind=kind,
        parent=one.parent,
        how=FactKind.ESTIMATED,
        why=f"{one.why}; {like.why}" if is_shape else one.why,
    )


def _kind(card: Card | None, cut: Stem, clue: Clue, match: Match) -> RelationKind:
    if cut.coarser:  # the quantised copy of the model itself, or of one that came from it
        return RelationKind.QUANTIZED if clue is Clue.COPY else RelationKind.UNSAID
    if match in KIND_BY_MATCH:
        return KIND_BY_MATCH[match]
    if is_adapter(card):
        return RelationKind.ADAPTER
    if clue is Clue.COPY:
        return RelationKind.UNSAID
    if clue is Clue.WITHIN and holds_copy(words(cut.text)):
        return RelationKind.UNSAID
    is_mixed = is_merged(card) or (clue is Clue.WITHIN and is_merge(words(cut.text)))
    return RelationKind.MERGE if is_mixed else RelationKind.FINETUNE
