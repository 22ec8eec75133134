"""Models side by side: what is known of each, with its source, and the scores they share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any  # JSON-like values have no better static type

from elige.catalog.licence import May
from elige.catalog.named_size import contrary_size, size_doubt
from elige.catalog.offers import market_of, usual_workload
from elige.catalog.openness.classes import class_name
from elige.catalog.openness.entry import ANSWERS
from elige.catalog.openness.record import Level, Openness, Question
from elige.catalog.own_results import OwnScore, side_by_side_runs, speed_of
from elige.catalog.published import Published, ScoreKey, published_of
from elige.machine.precision import precision
from elige.records import Card, Column, FactKind, Speed, SpeedName
from elige.text import human_bytes

# They keep a compressed vector instead of heads, or a state: layers x heads says nothing of them.
_OTHER_CACHE = ("deepseek_v2", "deepseek_v3", "kimi", "minicpm3", "mamba", "rwkv", "qwen3_next")
_FOUR_BITS = "Q4_K_M"
_LABELS = {Question.METRICS: "metrics, checkpoints"}
# What a model does alone is no match for what it does in a run, several at once.
_SPEEDS: tuple[tuple[str, SpeedName, bool], ...] = (
    ("writes here, alone", "written", True),
    ("reads here, alone", "read", True),
    ("writes in runs here", "written", False),
    ("reads in runs here", "read", False),
    ("peak memory here", "peak", True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A card, how open it is, and whether its lineage allows commercial use and why."""

    card: Card
    openness: Openness
    commercial: tuple[May, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value: for programs, for people ('?' where unknown), how it is known and from where."""

    value: object = None
    text: str = "?"
    kind: str = ""
    source: str = ""
    checked: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing compared, a cell for each model."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedScore:
    """Results taken alike; None for a model without one."""

    key: ScoreKey
    results: tuple[Published | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Models, what is known of them, and every score that at least two of them share.

    `measured` is what own runs showed of one of them at least.
    """

    models: tuple[str, ...]
    lines: tuple[Line, ...]
    scores: tuple[SharedScore, ...]
    measured: tuple[OwnScore, ...] = ()


def side_by_side(models: Sequence[Compared], *, today: str) -> SideBySide:
    """The comparison of `models`; `today` (ISO) tells how old prices are."""
    made: list[tuple[str, Callable[[Compared], Cell]]] = [
        ("parameters", _parameters),
        ("active", _column(Column.ACTIVE_PARAMETERS, _count)),
        ("context", _column(Column.CONTEXT, _tokens)),
        ("licence", _column(Column.LICENCE, str)),
        ("may commercial", _commercial),
        *((_LABELS.get(one, one.label), _question(one)) for one in Question),
        ("openness (MOF)", _mof),
        ("openness (OSAI)", _osai),
        ("KV bytes a token", lambda one: _cache(one.card)),
        ("memory at 4 bits", lambda one: _memory(one.card)),
        ("cheapest price", lambda one: _price(one.card, today)),
    ]
    lines = [Line(name=name, cells=tuple(cell(one) for one in models)) for name, cell in made]
    cards = [one.card for one in models]
    return SideBySide(
        models=tuple(card.model for card in cards),
        lines=(*lines, *_speeds(cards)),
        scores=_shared(cards),
        measured=side_by_side_runs(cards),
    )


def _speeds(cards: Sequence[Card]) -> list[Line]:
    """How fast they ran here and what they held; only what is known of one of them at least."""
    lines = [
        Line(
            name=said,
            cells=tuple(_speed(speed_of(card, name, is_trial=is_trial)) for card in cards),
        )
        for said, name, is_trial in _SPEEDS
    ]
    return [line for line in lines if any(cell.kind for cell in line.cells)]


def _speed(found: Speed | None) -> Cell:
    if found is None:
        return Cell()
    is_size = found.name == "peak"
    return Cell(
        value=found.value, kind=str(FactKind.MEASURED), checked=found.dated,
        text=human_bytes(round(found.value)) if is_size else f"{found.value:,.4g} tokens/s",
        source=", ".join(part for part in (found.how, found.machine) if part),
    )  # fmt: skip


def _shared(cards: Sequence[Card]) -> tuple[SharedScore, ...]:
    by_model = [{one.key: one for one in published_of(card)} for card in cards]
    keys = sorted({key for found in by_model for key in found})
    return tuple(
        SharedScore(key=key, results=tuple(found.get(key) for found in by_model))
        for key in keys
        if sum(key in found for found in by_model) > 1
    )


def _fact(card: Card, column: Column, shown: Callable[[Any], str]) -> Cell:
    found = card.facts.get(column)
    if not found:
        return Cell()
    fact = found[0]
    note = "sources differ" if card.differ(column) else ""
    return Cell(
        value=fact.value, text=shown(fact.value), kind=str(fact.kind), source=fact.source,
        checked=fact.checked, note=note,
    )  # fmt: skip


def _column(column: Column, shown: Callable[[Any], str]) -> Callable[[Compared], Cell]:
    return lambda one: _fact(one.card, column, shown)


def _parameters(one: Compared) -> Cell:
    """Also the size in the name, where that says otherwise."""
    found = _fact(one.card, Column.PARAMETERS, _count)
    named = contrary_size(one.card)
    if not named:
        return found
    note = "; ".join(filter(None, [found.note, size_doubt(one.card)]))
    return replace(found, text=f"{found.text}, named {named}", note=note)


def _question(question: Question) -> Callable[[Compared], Cell]:
    """The answer as `models show` has it, its evidence as a note."""

    def cell(one: Compared) -> Cell:
        found = next(answer for answer in one.openness.answers if answer.question is question)
        if found.level is Level.UNKNOWN:
            return Cell(note=found.evidence)
        level, facts = str(found.level), one.card.facts.get(ANSWERS[question])
        if facts and str(facts[0].value) == level:
            return replace(_fact(one.card, ANSWERS[question], str), note=found.evidence)
        how = FactKind.DECLARED if one.openness.framework == "model" else FactKind.PUBLISHED
        return replace(_filed(one, level, level), kind=str(how), note=found.evidence)

    return cell


def _mof(one: Compared) -> Cell:
    grade = one.openness.mof
    if grade is None:
        return _fact(one.card, Column.MOF_CLASS, _of_class)
    return _filed(one, grade.of_class, _of_class(grade.of_class))


def _of_class(value: object) -> str:
    return class_name(value) if isinstance(value, int) else str(value)


def _osai(one: Compared) -> Cell:
    grade = one.openness.osai
    if grade is None:
        return _fact(one.card, Column.OSAI_SCORE, _of_100)
    return _filed(one, grade.score, _of_100(grade.score))


def _filed(one: Compared, value: object, text: str) -> Cell:
    """A figure out of a framework's file."""
    source = one.openness.source
    return Cell(value=value, text=text, kind=str(FactKind.PUBLISHED), source=source)


def _of_100(value: object) -> str:
    return f"{100 * value:.1f} of 100" if isinstance(value, int | float) else str(value)


def _commercial(one: Compared) -> Cell:
    answer, why = one.commercial
    if answer is May.UNKNOWN:
        return Cell(note=why)
    licence = one.card.facts.get(Column.LICENCE)
    return Cell(
        value=str(answer), text=str(answer), kind=str(FactKind.DECLARED),
        source=licence[0].source if licence else "", note=why,
    )  # fmt: skip


def _cache(card: Card) -> Cell:
    """2 bytes a value: 2 x layers x KV heads x head size x 2; upper bound with sliding windows."""
    sizes = [card.value(one) for one in (Column.LAYERS, Column.KV_HEADS, Column.HEAD_DIM)]
    family = str(card.value(Column.ARCHITECTURE) or card.value(Column.FAMILY) or "").lower()
    if not all(isinstance(one, int) for one in sizes) or family.startswith(_OTHER_CACHE):
        return Cell()
    layers, heads, size = (int(str(one)) for one in sizes)
    count = 4 * layers * heads * size
    return Cell(
        value=count, text=f"{count:,}", kind=str(FactKind.ESTIMATED),
        source=f"2 x {layers} layers x {heads} KV heads x {size} x 2 bytes",
    )  # fmt: skip


def _memory(card: Card) -> Cell:
    """The weights alone, in the usual four-bit mix."""
    parameters = card.value(Column.PARAMETERS)
    if not isinstance(parameters, int):
        return Cell()
    bits = precision(_FOUR_BITS).bits
    count = round(parameters * bits / 8)
    return Cell(
        value=count, text=human_bytes(count), kind=str(FactKind.ESTIMATED),
        source=f"parameters x {bits:g} bits ({_FOUR_BITS}), weights alone",
    )  # fmt: skip


def _price(card: Card, today: str) -> Cell:
    cheapest = market_of(card.offers, usual_workload(), today=today).cheapest
    if cheapest is None or cheapest.blended is None:
        return Cell()
    return Cell(
        value=cheapest.blended, text=f"${cheapest.blended:.3f}", kind=str(FactKind.PUBLISHED),
        source=cheapest.source, checked=cheapest.offer.dated,
        note=f"{cheapest.offer.provider}, a million tokens, 3 read for 1 written",
    )  # fmt: skip


def _count(value: object) -> str:
    number = float(str(value))
    return f"{number / 1e9:.3g}B" if number >= 1e9 else f"{number / 1e6:.3g}M"


def _tokens(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
