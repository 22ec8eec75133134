"""All that is known of one licence, for people and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # JSON-like values have no better static type

from elige.catalog.licence import LicenceId, table
from elige.catalog.licence_card import CardLicence
from elige.catalog.licence_lineage import Inherited, inherited_terms
from elige.catalog.licence_terms import NO_ADVICE, USES, Term, Use, terms_of, texts_of
from elige.catalog.openness.licences import understood

if TYPE_CHECKING:
    from elige.catalog.licence_text import Recognised

_SCANCODE = "https://scancode-licensedb.aboutcode.org/{}.html"
_SPDX = "https://spdx.org/licenses/{}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceReport:
    """A licence as recognised, its terms, and what its parents' licences make of them.

    `sources` are where its text can be read; `checked` is the ISO date on which the one that the
    terms rest on was read, '' where they rest on its well-known wording. `inherited` is None when
    no parents were named. `lineage` is that of a model in the catalogue.
    """

    asked: str
    recognised: "Recognised"
    terms: Mapping[str, Term]
    sources: tuple[str, ...]
    checked: str
    is_open: bool | None
    osi_approved: bool | None
    inherited: Inherited | None = None
    lineage: CardLicence | None = None


def report_licence(
    asked: str,
    recognised: "Recognised",
    parents: Sequence[LicenceId] = (),
    lineage: CardLicence | None = None,
) -> LicenceReport:
    """The report on a licence, with the licences of its model's parents up to the root."""
    licence = recognised.licence
    chain = () if lineage is None else lineage.chain
    parents = [*parents, *(one.licence for one in chain if not one.is_guess)]
    flags = understood(licence.spdx or licence.name)
    return LicenceReport(
        asked=asked,
        recognised=recognised,
        terms=terms_of(licence),
        sources=_sources(recognised),
        checked=_checked(licence),
        is_open=flags.is_open if licence.is_known else None,
        osi_approved=flags.osi_approved if licence.is_known else None,
        inherited=inherited_terms([licence, *parents]) if parents else None,
        lineage=lineage,
    )


def licence_facts(report: LicenceReport) -> dict[str, Any]:
    """The report as JSON."""
    found, licence = report.recognised, report.recognised.licence
    inherited = report.inherited
    return {
        "asked": report.asked,
        "id": licence.key,
        "name": licence.name,
        "spdx": licence.spdx,
        "known": licence.is_known,
        "parts": [part.key for part in licence.parts],
        "recognised_by": found.how,
        "likeness": found.likeness,
        "remark": found.remark,
        "scancode": found.scancode or next(iter(texts_of(licence.key)), ""),
        "open": report.is_open,
        "osi_approved": report.osi_approved,
        "terms": {name: _term_facts(term) for name, term in report.terms.items()},
        "sources": list(report.sources),
        "checked": report.checked or None,
        "inherited": None
        if inherited is None
        else {
            "terms": {
                name: [_term_facts(term) for term in terms]
                for name, terms in inherited.terms.items()
            },
            "conflicts": list(inherited.conflicts),
        },
        "lineage": None if report.lineage is None else lineage_facts(report.lineage),
        "note": NO_ADVICE,
    }


def lineage_facts(lineage: CardLicence) -> dict[str, Any]:
    """The licences of a model and its ancestors as JSON, and what they allow together."""
    return {
        "model": lineage.own.model,
        "may": {use: _use_facts(lineage, use) for use in USES},
        "ancestors": [
            {
                "model": one.model,
                "stated": one.stated or None,
                "licence": one.licence.key,
                "known": one.licence.is_known,
                "guess": one.is_guess,
            }
            for one in lineage.chain
        ],
        "conflicts": list(lineage.conflicts),
        "unsure": list(lineage.unsure),
    }


def _use_facts(lineage: CardLicence, use: Use) -> dict[str, Any]:
    answer, reasons = lineage.decided(use)
    return {
        "answer": str(answer),
        "why": lineage.may(use)[1],
        "reasons": [
            {
                "why": one.why,
                "own": one.is_own,
                "ancestors": list(one.ancestors),
                "guessed": list(one.guessed),
            }
            for one in reasons
        ],
    }


def _term_facts(term: Term) -> dict[str, str]:
    return {
        "answer": str(term.answer),
        "words": term.words,
        "clause": term.clause,
        "licence": term.licence,
    }


def _sources(recognised: "Recognised") -> tuple[str, ...]:
    found: list[str] = []
    for licence in recognised.licence.parts or (recognised.licence,):
        facts = table().get(licence.key)
        if facts is not None:
            found.append(facts.source)
        elif licence.spdx:
            found.append(_SPDX.format(licence.spdx))
        found += [_SCANCODE.format(text) for text in texts_of(licence.key)[:1]]
    if recognised.scancode and recognised.licence.is_known:
        found.append(_SCANCODE.format(recognised.scancode))
    return tuple(dict.fromkeys(found))


def _checked(licence: LicenceId) -> str:
    """The day on which the text was read; of several licences the earliest, '' if one was not."""
    dates = []
    for part in licence.parts or (licence,):
        facts = table().get(part.key)
        dates.append(facts.checked or "" if facts is not None else "")
    return min(dates)
