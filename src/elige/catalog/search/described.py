"""What the index needs of a model, from what its sources say."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from elige.catalog.cards import card_of
from elige.catalog.licence import LicenceId, May
from elige.catalog.licence_card import identified, may_each, stated_licence
from elige.catalog.offers import newest_of
from elige.machine.memory import RUNTIME_BYTES
from elige.machine.precision import precision
from elige.records import Card, Column, Entry, RunResult, Source
from elige.records.card import Offer, PublishedScore, Relation, Value

# Tokens whose keys and values are counted where a model's layers are known.
FIT_CONTEXT = 4096
# What a model is kept in where memory is counted "at 4 bits", "at 8 bits" and as it is.
FIT_PRECISIONS = ("Q4_K_M", "Q8_0", "bf16")
FIT_FORMULA = (
    "parameters x bits of the precision + keys and values of 4,096 tokens in bf16, "
    "where the layers are known + 0.5 GB of runtime"
)
_MANY = frozenset(
    {Column.TAGS, Column.LANGUAGES, Column.DATASETS, Column.FORMATS, Column.COLLECTIONS}
)
_QUESTIONS = (
    Column.TRAINING_DATA,
    Column.FULL_WEIGHTS,
    Column.EVALUATION_CODE,
    Column.FINE_TUNING_CODE,
    Column.METRICS_AND_CHECKPOINTS,
)
_DOWNLOADED, _OPEN = ("open", "gated"), ("open", "partial")
_LARGEST = 1 << 62
MAY_LETTERS = {May.YES: "y", May.CONDITIONS: "c", May.UNKNOWN: "u", May.NO: "n"}


@dataclass(frozen=True, slots=True)
class Described:
    """The most trustworthy value of each column, lists joined; and all that is told beside them.

    `licence` is what its most trustworthy sources state together.
    """

    model: str
    licence: LicenceId
    values: Mapping[Column, Value]
    relations: Sequence[Relation]
    offers: Sequence[Offer]
    results: Sequence[PublishedScore]
    sources: tuple[str, ...]
    names: tuple[str, ...]
    measured: Sequence[RunResult] = ()

    def text(self, column: Column) -> str:
        """A column's text, '' where nothing is known."""
        value = self.values.get(column)
        return value if isinstance(value, str) else ""

    def texts(self, column: Column) -> tuple[str, ...]:
        """A column's texts."""
        value = self.values.get(column)
        return tuple(one for one in value if one) if isinstance(value, tuple) else ()

    def number(self, column: Column) -> int | None:
        """A column's count, None where nothing (or nonsense) is known."""
        return count(self.values.get(column))


def count(value: object) -> int | None:
    """`value` where it is a count that an index can hold, else None."""
    return value if type(value) is int and 0 <= value < _LARGEST else None


def described(entries: Sequence[tuple[Entry, str]], sources: Mapping[str, Source]) -> Described:
    """What the entries of one model say together; one alone, as most are, needs no weighing."""
    entry = entries[0][0]
    if len(entries) > 1:
        names = tuple(name for one, _ in entries for name in one.names)
        return described_card(card_of(entry.model, entries, sources), names)
    stated = entry.values.get(Column.LICENCE)
    return Described(
        model=entry.model,
        licence=identified(stated if isinstance(stated, str) else ""),
        values=entry.values,
        relations=entry.relations,
        offers=entry.offers,
        results=entry.results,
        sources=(entry.source,),
        names=tuple(entry.names),
        measured=entry.measured,
    )


def described_card(card: Card, names: tuple[str, ...] = ()) -> Described:
    """What a card says."""
    values: dict[Column, Value] = {}
    for column, facts in card.facts.items():
        value: Value = facts[0].value  # type: ignore[assignment]  # a fact holds any object
        if column in _MANY and len(facts) > 1:
            several = (one for fact in facts if isinstance(fact.value, tuple) for one in fact.value)
            value = tuple(dict.fromkeys(several))
        values[column] = value
    return Described(
        model=card.model,
        licence=stated_licence(card)[1],
        values=values,
        relations=card.relations,
        offers=tuple(one for _, one in card.offers),
        results=tuple(one for _, one in card.results),
        sources=card.sources,
        names=names,
        measured=card.measured,
    )


def licence_key(stated: str, together: LicenceId) -> str:
    """The id of the licence that `stated` names, else of what its sources state `together`."""
    found = identified(stated).key
    return (together.key if found == "unknown" else found)[:100]


def may_letters(answers: Sequence[May]) -> str:
    """Answers to the four uses, a letter each: y, c (conditions), u (unknown), n."""
    return "".join(MAY_LETTERS[answer] for answer in answers)


@lru_cache(maxsize=20_000)
def own_letters(licence: LicenceId) -> str:
    """What a licence alone says to them."""
    return may_letters(may_each(licence))


def openness(one: Described) -> tuple[str, ...]:
    """Which of 'weights', 'data', 'full' are open; what nobody says is not open, nor closed."""
    found = []
    values = one.values
    if values.get(Column.WEIGHTS) in _DOWNLOADED or values.get(Column.FULL_WEIGHTS) in _OPEN:
        found.append("weights")
    if Column.TRAINING_DATA not in values:
        return tuple(found)
    if one.text(Column.TRAINING_DATA) == "open":
        found.append("data")
    if all(one.text(question) == "open" for question in _QUESTIONS):
        found.append("full")
    return tuple(found)


def memory_need(parameters: int, kv_bytes_per_token: int = 0, name: str = FIT_PRECISIONS[0]) -> int:
    """Bytes to run a model, as an estimate (`FIT_FORMULA`)."""
    cache = FIT_CONTEXT * kv_bytes_per_token
    weights = -int(-parameters * _bits(name) // 8)
    return min(_LARGEST, weights + cache + RUNTIME_BYTES)


def parameters_within(memory: int | None) -> int | None:
    """About how many parameters fit into so many bytes, without keys and values."""
    if memory is None:
        return None
    return max(1, int((memory - RUNTIME_BYTES) * 8 / _bits(FIT_PRECISIONS[0])))


@cache
def _bits(name: str) -> float:
    return precision(name).bits


def kv_bytes_per_token(one: Described) -> int:
    """Bytes of keys and values for a token in bf16, 0 where the layers are not known."""
    if Column.LAYERS not in one.values:
        return 0
    layers, heads, size = (
        one.number(column) for column in (Column.LAYERS, Column.KV_HEADS, Column.HEAD_DIM)
    )
    found = 4 * (layers or 0) * (heads or 0) * (size or 0)
    return found if found < 1 << 32 else 0


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens of the offer that is cheapest at three tokens in for one out."""

    input: Decimal
    output: Decimal

    @property
    def blended(self) -> Decimal:
        """What a million tokens cost, three of four of them input."""
        return (3 * self.input + self.output) / 4


def cheapest(offers: Sequence[Offer]) -> Price | None:
    """The cheapest paid offer that still stands and names both prices; None without one.

    What was seen before a host's newer price stands no more, as in the market of `elige cost`.
    """
    prices = [
        Price(one.input, one.output)
        for _, one in newest_of(("", offer) for offer in offers)
        if one.input is not None and one.output is not None and not one.is_free
        if not one.is_deprecated and one.input >= 0 and one.output >= 0 and one.input + one.output
    ]
    return min(prices, key=lambda one: one.blended) if prices else None


def popularity(downloads: int, likes: int, hosts: int = 0) -> float:
    """From 0 for what nobody loads to about 80 for what everybody does.

    A like counts as 50 downloads, a host that serves it as 10,000: of many models that are served
    everywhere nobody counts the downloads. A rank is multiplied by log2(2 + this), so by 1 to 6.
    """
    return math.log10(1 + downloads + 50 * likes + 10_000 * hosts) ** 2


def hosts(one: Described) -> int:
    """How many hosts serve it, as far as offers are known."""
    return len({offer.provider for offer in one.offers if not offer.is_deprecated})


# Where one class of sizes ends and the next begins, in parameters.
SIZES = (1_000_000_000, 3_500_000_000, 9_500_000_000, 35_000_000_000, 100_000_000_000)
SIZE_CLASSES = ("under 1B", "1B-3.5B", "3.5B-9.5B", "9.5B-35B", "35B-100B", "over 100B")


def size_class(parameters: int | None) -> str:
    """The class of sizes that `parameters` falls into, '' where they are not known."""
    if not parameters:
        return ""
    return SIZE_CLASSES[bisect_right(SIZES, parameters)]
