"""What is shown of models, made for several at once.

Each step goes over the whole block before the next begins: what a step needs stays in the
processor's caches then, and a first load takes three quarters of the time.
"""

from collections.abc import Sequence
from typing import Any  # facts are texts, numbers and lists of them

from elige.catalog.remembered import Remembered
from elige.catalog.search import described as d
from elige.catalog.search.domains import domain_texts, domains_in
from elige.catalog.search.scores import best_scores, own_scores
from elige.records import Column

_MOST_TAGS, _MOST_PARENTS = 60, 20
_LONG, _MOST_LETTERS = 100, 300

Facts = dict[str, Any]


def facts_of(block: Sequence[d.Described]) -> list[Facts]:
    """What is shown of each model, under the names by which the index knows it."""
    every = [_stated(one) for one in block]
    for one, facts in zip(block, every, strict=True):
        _take_over(one, facts)
    for one, facts in zip(block, every, strict=True):
        texts = domain_texts(one.model, one.values, one.relations)
        if domains := domains_in(texts, facts.get("languages", ())):
            facts["domains"] = domains
    for one, facts in zip(block, every, strict=True):
        _add_lineage(one, facts)
    for one, facts in zip(block, every, strict=True):
        _derive(one, facts)
    return every


def _stated(one: d.Described) -> Facts:
    stated = one.text(Column.LICENCE)
    facts: Facts = {
        "model": one.model,
        "sources": one.sources,
        "licence": d.licence_key(stated, one.licence),
        "may": d.own_letters(one.licence),
    }
    if stated:
        facts["licence_stated"] = stated[:_LONG]
    return facts


def _add_lineage(one: d.Described, facts: Facts) -> None:
    """Add how open it is, whom it comes from, and whether it is on its way out."""
    if openness := d.openness(one):
        facts["openness"] = openness
    if one.relations:
        facts["parents"] = tuple([relation.parent for relation in one.relations[:_MOST_PARENTS]])
    if one.values.get(Column.DEPRECATED) is True:
        facts["deprecated"] = True


def _take_over(one: d.Described, facts: Facts) -> None:
    """Add the columns that are shown as they are."""
    values = one.values
    for column, name in _TEXTS:
        value = values.get(column)
        if value and isinstance(value, str):
            facts.setdefault(name, value[:_MOST_LETTERS])
    for column, name in _MANY:
        if values.get(column) and (several := one.texts(column)):
            facts[name] = several[:_MOST_TAGS]
    for column, name in _NUMBERS:
        number = d.count(values.get(column))
        if number is not None:
            facts[name] = number
    if "languages" in facts:
        facts["languages"] = tuple(code.lower() for code in facts["languages"])


_TEXTS = (
    (Column.TASK, "task"),
    (Column.FAMILY, "family"),
    (Column.ARCHITECTURE, "family"),  # where no family is told
    (Column.WEIGHTS, "weights"),
    (Column.DESCRIPTION, "description"),
)
_MANY = (
    (Column.LANGUAGES, "languages"),
    (Column.FORMATS, "formats"),
    (Column.COLLECTIONS, "collections"),
)
_NUMBERS = (
    (Column.PARAMETERS, "parameters"),
    (Column.ACTIVE_PARAMETERS, "active"),
    (Column.CONTEXT, "context"),
    (Column.DOWNLOADS, "downloads"),
    (Column.LIKES, "likes"),
)


def day(text: str) -> int | None:
    """An ISO date as a number: '2024-03-01T10:00' is 20240301; a month or year counts from 0."""
    digits = text[:10].replace("-", "")
    if len(digits) not in {4, 6, 8} or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits.ljust(8, "0"))


# Whoever makes something of a model gives it the parent's size, and most were changed on few days.
_DAYS = Remembered(day, 20_000)
_MEMORY = Remembered[tuple[int, int], int](lambda needed: d.memory_need(*needed), 50_000)


def _derive(one: d.Described, facts: Facts) -> None:
    """Add the dates, the memory needed, the cheapest price and the best scores."""
    for column, name in ((Column.RELEASED, "released"), (Column.UPDATED, "updated")):
        moment = _DAYS[one.text(column)]
        if moment is not None:
            facts[name] = moment
    parameters = facts.get("parameters", 0)
    if parameters:
        facts.setdefault("active", parameters)
        kept = d.kv_bytes_per_token(one)
        facts["memory"] = _MEMORY[parameters, kept]
        if kept:
            facts["kv"] = kept
    else:
        facts.pop("parameters", None)
    if one.offers and (price := d.cheapest(one.offers)):
        facts["price"] = str(price.blended)
        facts["price_in"], facts["price_out"] = str(price.input), str(price.output)
    scores = best_scores(one.results) if one.results else {}
    if one.measured:
        scores |= own_scores(one.measured)
    if scores:
        facts["scores"] = scores
