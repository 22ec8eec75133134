"""Filters by scores: which key a benchmark's name means, own runs before published scores."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from elige.catalog.search.filters import MANY, SHOWN, Filter, any_term, count_of
from elige.catalog.search.query import Query
from elige.catalog.search.schema import schema, score_path
from elige.catalog.search.scores import OWN
from elige.errors import BadInput
from elige.text import nearest

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher


def score_filters(query: Query, sorted_by: str, searcher: "Searcher") -> list[Filter]:
    """What `--min-score` keeps; who sorts by a benchmark asks for those that have a score of it."""
    found = [_at_least_said(name, value, searcher) for name, value in query.min_scores]
    if sorted_by:
        asked = any_term("bench", [bench_key(sorted_by, searcher)])
        found.append(Filter(f"--sort {query.sort}", asked))
    return found


def own_notes(said: Sequence[str], searcher: "Searcher") -> list[str]:
    """That a benchmark's name was taken to mean own runs, and how to ask for what is published."""
    notes = []
    for name in dict.fromkeys(said):
        key = bench_key(name, searcher)
        if OWN not in key:
            continue
        told = f"{name.partition('@')[0]} is what your own runs measured ({key})"
        others = [one for one in _published(name, searcher) if "@" not in name]
        more = f"; published scores are asked for by {_asked_by(others[0])}" if others else ""
        notes.append(f"{told}{more}.")
    return notes


def bench_key(said: str, searcher: "Searcher") -> str:
    """The key of the benchmark `said` names: of own runs first, then of published scores.

    'mmlu@' is a published score without a version, whatever own runs there are. Raises `BadInput`
    for none, or several versions.
    """
    plain = said.strip().casefold().replace(" ", "-").replace("_", "-")
    there = _benchmarks(searcher)
    if plain.endswith("@") and plain[:-1] in there:
        return plain[:-1]
    own = [name for name in there if name.startswith(f"{plain}{OWN}") or name == plain]
    own = [name for name in own if OWN in name]
    if len(own) > 1:
        raise _several(said, own, "Own runs")
    if own or plain in there:
        return own[0] if own else plain
    versions = [name for name in there if name.startswith((f"{plain}@", f"{plain}:"))]
    if len(versions) == 1:
        return versions[0]
    if versions:
        raise _several(said, versions, "Scores")
    none = "No scores are known here yet; read some: elige models sync llm-stats"
    first = f"There are: {', '.join(there[:SHOWN])}." if there else none
    raise BadInput(f"No score of {said!r} is known.", hint=nearest(plain, there) or first)


def _several(said: str, keys: Sequence[str], what: str) -> BadInput:
    return BadInput(
        f"{what} of {said!r} come in {len(keys)} versions, which do not compare.",
        hint=f"Name one: {', '.join(keys[:SHOWN])}.",
    )


def _published(said: str, searcher: "Searcher") -> list[str]:
    plain = said.strip().casefold().replace(" ", "-").replace("_", "-")
    begins = (f"{plain}@", f"{plain}:")
    return [
        name
        for name in _benchmarks(searcher)
        if OWN not in name and (name == plain or name.startswith(begins))
    ]


def _asked_by(key: str) -> str:
    return key if "@" in key or ":" in key else f"{key}@"


def _benchmarks(searcher: "Searcher") -> list[str]:
    return [name for name, _ in searcher.terms_with_prefix("bench", "", limit=MANY)]


def _at_least_said(said: str, value: float, searcher: "Searcher") -> Filter:
    name = bench_key(said, searcher)
    if value > 1 and not count_of(_at_least(name, 1.000001), searcher):
        value /= 100  # all of its scores are fractions, so 70 means 70 %
    return Filter(f"--min-score {said}={value:g}", _at_least(name, value))


def _at_least(name: str, value: float) -> "Asked":
    """Models with a score of at least `value`; the text holds nothing that a user wrote."""
    from tantivy import Index

    written = f"{value:.12f}"
    return Index(schema()).parse_query(f"score.{score_path(name)}:>={written}", [])
