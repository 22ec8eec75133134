"""Licences along a lineage: what a model's parents ask for holds for the model too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elige.catalog.licence import LicenceId, May
from elige.catalog.licence_terms import DUTIES, USES, Applies, Term, Use, terms_of

_HELD_BY_A_PARENT = frozenset({May.NO, May.CONDITIONS, Applies.APPLIES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """The strictest answer per term, and where a model's own licence promises more than it may.

    `terms` holds, for each name, every term with the strictest answer, the model's own first.
    """

    terms: Mapping[str, tuple[Term, ...]]
    conflicts: tuple[str, ...]

    def may(self, use: Use) -> tuple[May, str]:
        """Whether `use` is allowed under all licences of the lineage, and which of them say so."""
        found = self.terms[use]
        return May(found[0].answer), "; ".join(term.told for term in found)


def inherited_terms(lineage: Sequence[LicenceId]) -> Inherited:
    """What holds for a model whose own licence stands first, then its parents' up to the root.

    The strictest answer of all wins, an unknown one before conditions. A conflict is named where
    the model's own licence is freer than what a parent is known to ask. Raises `ValueError` for
    an empty lineage.
    """
    if not lineage:
        raise ValueError("a lineage has at least the model's own licence")
    tables = [terms_of(licence) for licence in lineage]
    terms = {name: _strictest([one[name] for one in tables]) for name in (*USES, *DUTIES)}
    conflicts = (
        _conflict(tables[0][name], [one[name] for one in tables[1:]]) for name in (*USES, *DUTIES)
    )
    return Inherited(terms=terms, conflicts=tuple(one for one in conflicts if one))


def _strictest(terms: Sequence[Term]) -> tuple[Term, ...]:
    least = min(term.strictness for term in terms)
    found = {term.told: term for term in terms if term.strictness == least}
    return tuple(found.values())


def _conflict(own: Term, parents: Sequence[Term]) -> str:
    """How a parent is stricter than the model's own licence; '' when none is known to be."""
    stricter = [
        term
        for term in parents
        if term.answer in _HELD_BY_A_PARENT and term.strictness < own.strictness
    ]
    if not stricter:
        return ""
    first = min(stricter, key=lambda term: term.strictness)
    clause = f" ({first.clause})" if first.clause else ""
    return (
        f"{own.name}: the model's own {own.licence} says {own.answer}, a parent's {first.licence}"
        f"{clause} says {first.answer}, and that holds"
    )
