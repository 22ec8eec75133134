"""A source that says what it is given, and entries of every kind, for tests of the shelf."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from hypothesis import strategies as st

from elige.records import (
    Broken,
    Column,
    Entry,
    FactKind,
    Offer,
    Origin,
    Place,
    PublishedScore,
    Relation,
    RelationKind,
    RunResult,
    Speed,
    Value,
)

TODAY = "2026-11-26"


class Toy:
    """Says `records`, whatever the place."""

    title = "Toys"
    address = "https://example.org/toys"
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = {}

    def __init__(self, records: Iterable[Entry | Broken] = (), *, name: str = "toy") -> None:
        self.name = name
        self.records = records

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        del place
        yield from self.records


class Shipped(Toy):
    """A source whose data come with the package."""

    ships = True

    def __init__(self, records: Iterable[Entry | Broken], *, version: str) -> None:
        super().__init__(records, name="starter")
        self.version = version


def entry(model: str, *, source: str = "toy", key: str = "", **values: Value) -> Entry:
    """What `source` says of `model`, by the names of the columns."""
    found = {Column(name): value for name, value in values.items()}
    return Entry(source=source, key=key or model, model=model, values=found)


# No text with halves of a surrogate pair among the names; within values they are kept.
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda text: bool(text.strip())
)
TEXTS = st.text(max_size=12)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False))
VALUES: st.SearchStrategy[Value] = st.one_of(
    TEXTS, NUMBERS, st.booleans(), st.lists(TEXTS, max_size=4).map(tuple)
)
PRICES = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
KINDS = st.sampled_from(FactKind)
COLUMNS = st.sampled_from(Column)
RELATIONS = st.builds(
    Relation, kind=st.sampled_from(RelationKind), parent=NAMES, how=KINDS, why=TEXTS
)
OFFERS = st.builds(
    Offer,
    provider=TEXTS,
    hosted=TEXTS,
    input=PRICES,
    output=PRICES,
    cached_input=PRICES,
    context=st.none() | st.integers(),
    is_free=st.booleans(),
    is_deprecated=st.booleans(),
    dated=TEXTS,
    link=TEXTS,
)
RESULTS = st.builds(
    PublishedScore,
    benchmark=TEXTS,
    value=st.floats(allow_nan=False),
    version=TEXTS,
    setting=TEXTS,
    metric=TEXTS,
    unit=TEXTS,
    low=st.none() | st.floats(allow_nan=False),
    high=st.none() | st.floats(allow_nan=False),
    self_reported=st.none() | st.booleans(),
    dated=TEXTS,
    link=TEXTS,
    samples=st.none() | st.integers(1, 10**6),
)
SHARES = st.none() | st.floats(0, 1)
SPEEDS = st.builds(
    Speed,
    name=st.sampled_from(["read", "written", "peak"]),
    value=st.floats(0, 1e12),
    how=st.just("measured"),
    machine=st.sampled_from(["", "a box"]),
)
WORDS = st.sampled_from(["", "a", "\ud800", "two words"])
MEASURED = st.builds(
    RunResult,
    **dict.fromkeys(("run", "dated", "candidate", "ran", "task", "data", "asked"), WORDS),
    **dict.fromkeys(("metric", "method", "figure", "place"), WORDS),
    **dict.fromkeys(("samples", "planned"), st.integers(0, 300)),
    **dict.fromkeys(("score", "low", "high", "seconds_each", "p95_seconds"), SHARES),
    **dict.fromkeys(("is_race", "is_finished"), st.booleans()),
    confidence=st.floats(0, 1),
    settings=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
    cost_per_1000=PRICES,
    speeds=st.lists(SPEEDS, max_size=2).map(tuple),
)
ORIGINS = st.builds(Origin, source=TEXTS, checked=TEXTS, kind=st.none() | KINDS)


def tuples(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=3).map(tuple)


ENTRIES = st.builds(
    Entry,
    source=st.just("toy"),
    key=NAMES,
    model=NAMES,
    values=st.dictionaries(COLUMNS, VALUES, max_size=4),
    relations=tuples(RELATIONS),
    offers=tuples(OFFERS),
    results=tuples(RESULTS),
    names=tuples(NAMES),
    origins=st.dictionaries(COLUMNS, ORIGINS, max_size=2),
)
PRICE = Decimal("0.10")
