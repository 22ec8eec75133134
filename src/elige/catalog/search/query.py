"""What is asked of the catalogue, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any  # what is shown of a hit is JSON

from elige.catalog.licence_terms import USES, Use
from elige.catalog.search.described import MAY_LETTERS

SORTS = ("relevance", "downloads", "likes", "updated", "released", "parameters", "price")
OPENNESS = ("weights", "data", "full")
_MAY = {letter: str(may) for may, letter in MAY_LETTERS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the catalogue. Of several values of one filter any suffices; `may` wants all.

    `text` is data: nothing in it is an operator. Bounds count themselves in; a model of which the
    value is not known is outside. `fits` is in bytes, at 4 bits a weight. `max_price` is in
    dollars per million tokens, three of four of them input, of the cheapest offer. `min_scores`
    are pairs of a benchmark and a value, fractions where the source says percent. `sort` is one of
    SORTS or 'score:BENCHMARK'; ':asc' or ':desc' turns the others round.
    """

    text: str = ""
    tasks: Sequence[str] = ()
    domains: Sequence[str] = ()
    collections: Sequence[str] = ()
    languages: Sequence[str] = ()
    families: Sequence[str] = ()
    authors: Sequence[str] = ()
    licences: Sequence[str] = ()
    formats: Sequence[str] = ()
    weights: Sequence[str] = ()
    may: Sequence[Use] = ()
    openness: str = ""
    parameters: tuple[int | None, int | None] = (None, None)
    fits: int | None = None
    min_context: int | None = None
    max_price: Decimal | None = None
    min_scores: Sequence[tuple[str, float]] = ()
    with_deprecated: bool = True
    sort: str = "relevance"
    limit: int = 20
    offset: int = 0
    facets: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One model found, with what the index knows of it (`facts`, absent where unknown)."""

    model: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def may(self, use: Use) -> str:
        """yes, conditions, unknown or no."""
        return _MAY.get(str(self.facts.get("may", ""))[USES.index(use) :][:1], "unknown")

    def number(self, name: str) -> int | None:
        """A count of the model, None where it is not known."""
        value = self.facts.get(name)
        return value if isinstance(value, int) else None

    @property
    def price(self) -> Decimal | None:
        """Dollars per million tokens at three of input for one of output; None is unknown."""
        value = self.facts.get("price")
        return None if value is None else Decimal(value)

    @property
    def openness(self) -> str:
        """The most that is open: full, data, weights, or '' where that is not known."""
        known = self.facts.get("openness", ())
        return next((level for level in reversed(OPENNESS) if level in known), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found. `facets` counts all `total` models, the most frequent values first.

    The facets are `estimated` from a sample where very many were found. `notes` say how the text
    was read, where not to the letter, or what removed all; `relaxed` that these are near misses.
    `scored` is the key of the score that they are sorted by, '' for none.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    seconds: float
    notes: tuple[str, ...] = ()
    relaxed: bool = False
    scored: str = ""
    estimated: bool = False
