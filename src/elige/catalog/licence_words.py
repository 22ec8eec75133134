"""What a lineage's licences decide, put into words: each clause once, with the models it is of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from elige.catalog.descent import Held
from elige.catalog.licence import LicenceId
from elige.catalog.licence_terms import DUTIES, USES, Term, terms_of

LONGER = "its lineage is longer than what was followed"
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """A clause that decides a use, and whose it is: the model's own, its ancestors', or both.

    `guessed` are ancestors only if a guess is right.
    """

    why: str
    is_own: bool
    ancestors: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()

    @property
    def through(self) -> str:
        """The models that it comes through; '' where it is the model's own alone."""
        if not self.ancestors and not self.guessed:
            return ""
        parts = ["its own"] if self.is_own else []
        parts += [f"made from {listed(self.ancestors)}"] if self.ancestors else []
        parts += [f"perhaps made from {listed(self.guessed)}"] if self.guessed else []
        return ", and ".join(parts)

    @property
    def told(self) -> str:
        """All of it on one line."""
        through = self.through
        if not through:
            return self.why
        return f"{self.why} ({through})" if self.is_own else f"{through}: {self.why}"


def reasons_of(pairs: Iterable[tuple[str, Held]]) -> tuple[Reason, ...]:
    """Each clause once, in their order; a pair is what is said, and the model that it is of."""
    found: dict[str, list[Held]] = {}
    for why, one in pairs:
        said = why if one.is_known else "nothing is known here of it or its licence"
        found.setdefault(said, []).append(one)
    return tuple(
        Reason(
            why,
            any(one.relation is None for one in held),
            tuple(one.model for one in held if one.relation is not None and not one.is_guess),
            tuple(one.model for one in held if one.is_guess),
        )
        for why, held in found.items()
    )


def conflicts_of(own: Held, chain: Sequence[Held]) -> tuple[str, ...]:
    """Where ancestors ask for more than the model's own licence says, by licence."""
    if not own.licence.is_known:
        return ()
    by_licence: dict[tuple[LicenceId, bool], list[str]] = {}
    for one in chain:
        by_licence.setdefault((one.licence, one.is_guess), []).append(one.model)
    return tuple(
        _conflict(own.licence, licence, names, apart, is_guess=is_guess)
        for (licence, is_guess), names in by_licence.items()
        if (apart := terms_apart(own.licence, licence))
    )


def unsure_of(
    own: Held, chain: Sequence[Held], loops: Sequence[str], *, is_cut: bool
) -> Iterator[str]:
    """What is not known of a lineage."""
    if not own.licence.is_known:
        yield (
            "no licence is stated" if not own.stated else f"its licence {own.stated!r} is not known"
        )
    unknown: dict[tuple[str | None, bool], list[str]] = {}
    for one in chain:
        if not one.licence.is_known:
            stated = one.stated if one.is_known else None
            unknown.setdefault((stated, one.is_guess), []).append(one.model)
    for (stated, is_guess), names in unknown.items():
        made = f"{'perhaps ' if is_guess else ''}made from {listed(names)}"
        states, its = ("states", "its") if len(names) == 1 else ("state", "their")
        said = f"the licence {stated!r}" if stated else "no licence"
        if stated is None:
            yield f"{made}, of which nothing is known here"
        else:
            yield f"{made}, which {states} {said}: {its} terms are not known"
    for name in sorted(loops):
        yield f"{name} is declared its own ancestor, which cannot be"
    if is_cut:
        yield LONGER


def listed(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'; of very many the first ones and how many more there are."""
    shown = list(names)
    if len(names) > _MOST_NAMES + 1:
        shown = [*names[:_MOST_NAMES], f"{len(names) - _MOST_NAMES:,} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


@lru_cache(maxsize=4096)
def terms_apart(own: LicenceId, parent: LicenceId) -> tuple[str, ...]:
    """Where a parent's licence is known to be stricter than a model's own, term by term."""
    mine, theirs = terms_of(own), terms_of(parent)
    return tuple(
        _stricter(mine[name], theirs[name])
        for name in (*USES, *DUTIES)
        if theirs[name].strictness < mine[name].strictness and theirs[name].answer != "unknown"
    )


def _conflict(
    own: LicenceId,
    licence: LicenceId,
    names: Sequence[str],
    apart: Sequence[str],
    *,
    is_guess: bool,
) -> str:
    made = f"{'perhaps ' if is_guess else ''}made from {listed(names)}"
    are = "is" if len(names) == 1 else "are"
    how = "which holds if the guess is right" if is_guess else "and that holds"
    terms = ", ".join(apart)
    return f"it states {own.name}, but is {made}, which {are} under {licence.name}: {terms}; {how}"


def _stricter(mine: Term, theirs: Term) -> str:
    clause = f" ({theirs.clause})" if theirs.clause else ""
    return f"{theirs.name} {theirs.answer}{clause} instead of {mine.answer}"
