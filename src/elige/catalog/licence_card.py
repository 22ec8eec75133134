"""The licence of a model with what its lineage asks: a parent's terms hold for its children too.

It helps reading licences; it is no legal advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from elige.catalog.descent import Descent, Held, Stated, descent
from elige.catalog.licence import STRICTEST, LicenceId, May, identify, together
from elige.catalog.licence_lineage import Inherited, inherited_terms
from elige.catalog.licence_terms import USES, Use, may
from elige.catalog.licence_words import (
    LONGER,
    Reason,
    conflicts_of,
    reasons_of,
    terms_apart,
    unsure_of,
)
from elige.catalog.lineage import parent_card, parents_of, told_parents
from elige.records import Card, Catalogue, Column, Fact

_RANKS = {answer: rank for rank, answer in enumerate(STRICTEST)}
_UNKNOWN = _RANKS[May.UNKNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLicence:
    """A model's own licence and those of its ancestors, the nearest first, each model once.

    `inherited` are the terms of its own licence and of the ancestors that are no guess;
    `conflicts` tell where ancestors ask for more than the model's own licence says, `unsure`
    what is not known of the lineage. `is_cut` says that it is longer than what was followed.
    """

    own: Held
    chain: tuple[Held, ...]
    inherited: Inherited
    conflicts: tuple[str, ...]
    unsure: tuple[str, ...]
    is_cut: bool = False

    def may(self, use: Use) -> tuple[May, str]:
        """Whether `use` is allowed, and which licences of the lineage decide it."""
        answer, reasons = self.decided(use)
        return answer, _in_words(reasons)

    def decided(self, use: Use) -> tuple[May, tuple[Reason, ...]]:
        """The same with each clause once, and the models that it comes through."""
        return _decided((self.own, *self.chain), use, is_cut=self.is_cut)


def card_licence(card: Card, catalogue: Catalogue) -> CardLicence:
    """The licence of a card with all that its lineage makes of it.

    An ancestor that nobody declared never forbids: what it would forbid is unknown.
    """
    line = _descent_of(card, catalogue, guess=True)
    own, *chain = line.held
    sure = [one for one in chain if not one.is_guess]
    return CardLicence(
        own=own,
        chain=tuple(chain),
        inherited=inherited_terms([own.licence, *(one.licence for one in sure)]),
        conflicts=conflicts_of(own, chain),
        unsure=tuple(unsure_of(own, chain, line.loops(), is_cut=line.is_cut)),
        is_cut=line.is_cut,
    )


def may_of(card: Card, catalogue: Catalogue, use: Use, *, guess: bool = True) -> tuple[May, str]:
    """Whether the model of `card` may be put to `use` under all licences of its lineage, and why.

    The strictest answer holds; an ancestor of which no licence is known makes a yes unknown, and
    so does a lineage too long to be followed. `guess=False` leaves undeclared ancestors out.
    """
    line = _descent_of(card, catalogue, guess=guess)
    answer, reasons = _decided(line.held, use, is_cut=line.is_cut)
    return answer, _in_words(reasons)


def may_all(line: Descent) -> tuple[May, ...]:
    """What `may_of` answers to each of `USES`, without the reasons: for very many models."""
    ranks = [_UNKNOWN if line.is_cut else len(STRICTEST)] * len(USES)
    for one in line.held:
        least = _UNKNOWN if one.is_guess else 0
        theirs = (max(least, _RANKS[answer]) for answer in may_each(one.licence))
        ranks = [min(pair) for pair in zip(ranks, theirs, strict=True)]
    return tuple(STRICTEST[rank] for rank in ranks)


@lru_cache(maxsize=20_000)
def may_each(licence: LicenceId) -> tuple[May, ...]:
    """What a licence alone says to each of `USES`."""
    return tuple(may(licence, use)[0] for use in USES)


def stated_licence(card: Card | None) -> tuple[str, LicenceId]:
    """The licence that a card states, as written and as identified.

    Of what its most trustworthy sources say all holds together, 'other' aside where one says more.
    """
    facts = () if card is None else card.facts.get(Column.LICENCE, ())
    said = [fact for fact in facts if identified(str(fact.value)).key != "unknown"]
    if not said:
        text = str(facts[0].value) if facts else ""
        return text, identified(text)
    best = [fact for fact in said if fact.kind is said[0].kind]
    return _together(best)


def with_licence(card: Card, stated: Fact) -> Card:
    """The card as if one more of its most trustworthy sources had stated this licence."""
    known = card.facts.get(Column.LICENCE, ())
    said = replace(stated, kind=known[0].kind) if known else stated
    return replace(card, facts={**card.facts, Column.LICENCE: (said, *known)})


def is_freer(child: LicenceId, parent: LicenceId) -> bool:
    """Whether a licence allows more, or asks for less, than a parent's is known to."""
    return bool(terms_apart(child, parent))


@lru_cache(maxsize=20_000)
def identified(text: str) -> LicenceId:
    """`identify`, kept for the next model that states the same."""
    return identify(text)


def _together(facts: Sequence[Fact]) -> tuple[str, LicenceId]:
    texts: dict[str, str] = {}
    for fact in facts:
        texts.setdefault(identified(str(fact.value)).key, str(fact.value))
    if len(texts) == 1:
        text = next(iter(texts.values()))
        return text, identified(text)
    found = [identified(text) for text in texts.values()]
    return ", ".join(texts.values()), together(found)


def _descent_of(card: Card, catalogue: Catalogue, *, guess: bool) -> Descent:
    def stated(name: str, card: Card | None) -> Stated:
        model = name if card is None else card.model
        relations = () if card is None else card.relations
        parents = told_parents(model, relations, guess=guess)
        if guess and not parents:
            parents = parents_of(model, catalogue, card=card)
        return Stated(model, *stated_licence(card), parents, card is not None)

    return descent(
        stated(card.model, card), lambda name: stated(name, parent_card(catalogue, name))
    )


def _decided(held: Sequence[Held], use: Use, *, is_cut: bool) -> tuple[May, tuple[Reason, ...]]:
    answers = [(*_answer(one.licence, use), one) for one in held]
    ranked = [(_RANKS[_weakened(answer, one)], why, one) for answer, why, one in answers]
    least = min(rank for rank, _, _ in ranked)
    decisive = reasons_of((why, one) for rank, why, one in ranked if rank == least)
    if is_cut and least >= _UNKNOWN:
        longer = Reason(LONGER, is_own=True)
        return May.UNKNOWN, (*decisive, longer) if least == _UNKNOWN else (longer,)
    return STRICTEST[least], decisive


def _in_words(reasons: Sequence[Reason]) -> str:
    return "; ".join(dict.fromkeys(one.told for one in reasons))


@lru_cache(maxsize=4096)
def _answer(licence: LicenceId, use: Use) -> tuple[May, str]:
    return may(licence, use)


def _weakened(answer: May, one: Held) -> May:
    return May.UNKNOWN if one.is_guess and answer is May.NO else answer
