"""The licence of a model with what its lineage asks: a parent's terms hold for its children too.

It helps reading licences; it is no legal advice.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from elige.catalog.licence import STRICTEST, LicenceId, May, identify
from elige.catalog.licence_lineage import Inherited, inherited_terms
from elige.catalog.licence_terms import DUTIES, USES, Term, Use, may, terms_of
from elige.catalog.lineage import Bounds, Kin, ancestors
from elige.records import Card, Catalogue, Column, Fact, Relation

_BOUNDS = Bounds(depth=30, width=100, models=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The licence that one model of a lineage states; `stated` is '' where it states none.

    `relation` joins the model's child to it, None for the model itself. `is_guess` says that it
    is an ancestor only if a guess is right; `is_known` whether anything is known of the model.
    """

    model: str
    stated: str
    licence: LicenceId
    relation: Relation | None = None
    is_guess: bool = False
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLicence:
    """A model's own licence and those of its ancestors, the nearest first, each model once.

    `inherited` are the terms of its own licence and of the ancestors that are no guess;
    `conflicts` tell where an ancestor asks for more than the model's own licence says, `unsure`
    what is not known of the lineage.
    """

    own: Held
    chain: tuple[Held, ...]
    inherited: Inherited
    conflicts: tuple[str, ...]
    unsure: tuple[str, ...]

    def may(self, use: Use) -> tuple[May, str]:
        """Whether `use` is allowed, and which licences of the lineage decide it."""
        return _decided((self.own, *self.chain), use)


def card_licence(card: Card, catalogue: Catalogue) -> CardLicence:
    """The licence of a card with all that its lineage makes of it.

    An ancestor that nobody declared never forbids: what it would forbid is unknown.
    """
    tree = ancestors(card, catalogue, _BOUNDS)
    own, *chain = _held(card, tree)
    sure = [one for one in chain if not one.is_guess]
    return CardLicence(
        own=own,
        chain=tuple(chain),
        inherited=inherited_terms([own.licence, *(one.licence for one in sure)]),
        conflicts=tuple(told for one in chain if (told := _conflict(own, one))),
        unsure=tuple(_unsure(tree, own, chain)),
    )


def may_of(card: Card, catalogue: Catalogue, use: Use, *, guess: bool = True) -> tuple[May, str]:
    """Whether the model of `card` may be put to `use` under all licences of its lineage, and why.

    The strictest answer holds; an ancestor of which no licence is known makes a yes unknown.
    `guess=False` leaves undeclared ancestors out, which is faster over very many cards.
    """
    return _decided(_held(card, ancestors(card, catalogue, _BOUNDS, guess=guess)), use)


def stated_licence(card: Card | None) -> tuple[str, LicenceId]:
    """The licence that a card states, as written and as identified.

    Of what its most trustworthy sources say all holds together, 'other' aside where one says more.
    """
    facts = () if card is None else card.facts.get(Column.LICENCE, ())
    said = [fact for fact in facts if _identified(str(fact.value)).key != "unknown"]
    if not said:
        text = str(facts[0].value) if facts else ""
        return text, _identified(text)
    best = [fact for fact in said if fact.kind is said[0].kind]
    return _together(best)


def is_freer(child: LicenceId, parent: LicenceId) -> bool:
    """Whether a licence allows more, or asks for less, than a parent's is known to."""
    return bool(_apart(child, parent))


def _together(facts: Sequence[Fact]) -> tuple[str, LicenceId]:
    texts = {_identified(str(fact.value)).key: str(fact.value) for fact in reversed(facts)}
    if len(texts) == 1:
        text = next(iter(texts.values()))
        return text, _identified(text)
    found = [_identified(text) for text in texts.values()]
    return ", ".join(texts.values()), LicenceId(
        key=" and ".join(one.key for one in found),
        name=" and ".join(one.name for one in found),
        is_known=all(one.is_known for one in found),
        parts=tuple(found),
        joint="all",
    )


@lru_cache(maxsize=4096)
def _identified(text: str) -> LicenceId:
    return identify(text)


def _held(card: Card, tree: Kin) -> tuple[Held, ...]:
    """The licences of a tree of ancestors, level by level, the model's own first.

    Who is an ancestor by a declared way and by a guessed one too, is no guess.
    """
    found: dict[str, Held] = {}
    waiting: deque[tuple[Kin, bool]] = deque([(tree, False)])
    while waiting:
        kin, is_guess = waiting.popleft()
        is_guess = is_guess or kin.is_guess
        key = kin.model.casefold()
        known = found.get(key)
        if known is None or (known.is_guess and not is_guess):
            known_card = card if kin.relation is None else kin.card
            stated, licence = stated_licence(known_card)
            found[key] = Held(
                model=kin.model,
                stated=stated,
                licence=licence,
                relation=kin.relation,
                is_guess=is_guess,
                is_known=known_card is not None,
            )
        waiting.extend((one, is_guess) for one in kin.kin)
    return tuple(found.values())


def _decided(held: Sequence[Held], use: Use) -> tuple[May, str]:
    answers = [(*_answer(one.licence, use), one) for one in held]
    ranked = [(_weakened(answer, one), why, one) for answer, why, one in answers]
    least = min(STRICTEST.index(answer) for answer, _, _ in ranked)
    decisive = [(why, one) for answer, why, one in ranked if STRICTEST.index(answer) == least]
    words = dict.fromkeys(_words(why, one) for why, one in decisive)
    return STRICTEST[least], "; ".join(words)


@lru_cache(maxsize=4096)
def _answer(licence: LicenceId, use: Use) -> tuple[May, str]:
    return may(licence, use)


def _weakened(answer: May, one: Held) -> May:
    return May.UNKNOWN if one.is_guess and answer is May.NO else answer


def _words(why: str, one: Held) -> str:
    if one.relation is None:
        return why
    if not one.is_known:
        return f"{_ancestor(one)}: nothing is known here of it or its licence"
    return f"{_ancestor(one)}: {why}"


def _ancestor(one: Held) -> str:
    return f"perhaps made from {one.model}" if one.is_guess else f"made from {one.model}"


def _conflict(own: Held, one: Held) -> str:
    """How an ancestor's licence is stricter than the model's own; '' where none is known to be."""
    apart = _apart(own.licence, one.licence)
    if not apart or not own.licence.is_known:
        return ""
    how = "and that holds" if not one.is_guess else "which holds if the guess is right"
    from_ = f"{_ancestor(one)}, which is under {one.licence.name}"
    return f"it states {own.licence.name}, but is {from_}: {', '.join(apart)}; {how}"


@lru_cache(maxsize=4096)
def _apart(own: LicenceId, parent: LicenceId) -> tuple[str, ...]:
    mine, theirs = terms_of(own), terms_of(parent)
    return tuple(
        _stricter(mine[name], theirs[name])
        for name in (*USES, *DUTIES)
        if theirs[name].strictness < mine[name].strictness and theirs[name].answer != "unknown"
    )


def _stricter(mine: Term, theirs: Term) -> str:
    clause = f" ({theirs.clause})" if theirs.clause else ""
    return f"{theirs.name} {theirs.answer}{clause}, not {mine.answer}"


def _unsure(tree: Kin, own: Held, chain: Sequence[Held]) -> Iterator[str]:
    if not own.licence.is_known:
        yield (
            "no licence is stated" if not own.stated else f"its licence {own.stated!r} is not known"
        )
    for one in chain:
        if not one.is_known:
            yield f"{_ancestor(one)}, of which nothing is known here"
        elif not one.licence.is_known:
            said = f"the licence {one.stated!r}" if one.stated else "no licence"
            yield f"{_ancestor(one)}, which states {said}: its terms are not known"
    loops = {kin.model for kin in tree.walk() if kin.is_loop}
    for name in sorted(loops):
        yield f"{name} is declared its own ancestor, which cannot be"
    if any(kin.cut for kin in tree.walk()):
        yield "its lineage is longer than what was followed"
