"""The results in llm-stats' benchmarks.json files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from elige.catalog.sources.json_files import flaw
from elige.catalog.sources.llm_stats_files import Tree, read_tree
from elige.catalog.sources.reading import link, text
from elige.catalog.sources.score_cell import date_in, number_of
from elige.catalog.sources.score_words import benchmark_key, taken
from elige.records import Broken, PublishedScore

_PLACEHOLDER = re.compile(r"https?://(?:www\.)?example\.(?:com|org|net)\b")


def results_of(
    path: Path, where: str, tops: Mapping[str, float], *, model: str = ""
) -> Iterator[PublishedScore | Broken]:
    """Every result of `model` in `path`; `tops` holds each benchmark's best possible score."""
    broken: list[Broken] = []
    rows = read_tree(path, f"{where}/{path.name}", broken)
    yield from broken
    if rows is not None and not isinstance(rows, list):
        yield Broken(where=f"{where}/{path.name}", why="no list of results")
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        if why := flaw(row) if isinstance(row, dict) else "no JSON object":
            yield Broken(where=f"{where}/{path.name}, result {place + 1}", why=why)
            continue
        try:
            yield _result(row, tops, model)
        except ValueError as error:
            told = text(row.get("benchmark_id")) or f"result {place + 1}"
            yield Broken(where=f"{where}/{path.name}, {told}", why=str(error))


def _result(row: Tree, tops: Mapping[str, float], model: str) -> PublishedScore:
    """One result. Raises `ValueError` for one without benchmark, or whose score cannot be."""
    name = text(row.get("benchmark_id"))
    if not name:
        raise ValueError("no benchmark is named")
    known = f"{name} {text(row.get('benchmark_name'))} {model}"
    how = taken(text(row.get("analysis_method")), known=known)
    value, unit = _value(row, tops.get(name, 1.0))
    verified = row.get("verified_by_llmstats") is True
    reported = row.get("is_self_reported")
    day = text(row.get("verification_date")) or text(row.get("updated_at"))
    return PublishedScore(
        benchmark=benchmark_key(name),
        value=value,
        version=how.version,
        setting=how.setting,
        metric=how.metric,
        unit=unit,
        self_reported=False if verified else reported if isinstance(reported, bool) else None,
        dated=date_in(day),
        link=_link(row),
    )


def _link(row: Tree) -> str:
    """Where the result was published; a few links are placeholders, which lead nowhere."""
    found = link(row.get("self_reported_source_link"))
    return "" if _PLACEHOLDER.match(found) else found


def _value(row: Tree, top: float) -> tuple[float, str]:
    """The score and its unit. Raises `ValueError` for none, and for one beyond the best."""
    value, normal = number_of(row.get("score")), number_of(row.get("normalized_score"))
    if value is None:
        raise ValueError("no score is given")
    if value < 0:
        raise ValueError(f"the score {value:g} is below 0")
    if "%" in str(row.get("score")) or (value > 1 and top == 1 and _is_share(value, normal)):
        top, unit = 100.0, "percent"
    elif value <= 1:  # whatever the benchmark's best score: these are shares of it
        return value, "fraction"
    else:
        unit = "percent" if top == 100 else "points"
    if value > top:
        raise ValueError(f"the score {value:g} is beyond {top:g}, the best there is")
    return value, unit


def _is_share(value: float, normal: float | None) -> bool:
    """Whether the score, divided by 100, is the normalised one."""
    return normal is not None and abs(value / 100 - normal) < 1e-9
