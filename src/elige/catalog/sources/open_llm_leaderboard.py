"""Hugging Face's Open LLM Leaderboards, v1 (2023 to 2024) and v2 (2024 to 2025).

v2's columns are scores rescaled so that guessing is 0, and the raw ones beside them; v1's are raw.
Shots are those of the leaderboards' own documentation. Which of the two a column belongs to is
told by its heading, for no heading stands in both.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from elige.catalog.sources.reading import hub_name, said, text_of
from elige.catalog.sources.score_cell import date_in, fraction_of, number_of, percent_of
from elige.catalog.sources.score_table import TableRow, boards_at, rows_of
from elige.records import Broken, Column, Entry, FactKind, Place, PublishedScore, Relation, Value
from elige.records.card import RelationKind

V1, V2 = "Open LLM Leaderboard v1", "Open LLM Leaderboard v2"
_LINKS = {
    V1: "https://huggingface.co/datasets/open-llm-leaderboard-old/contents",
    V2: "https://huggingface.co/datasets/open-llm-leaderboard/contents",
}


@dataclass(frozen=True, slots=True)
class _Head:
    benchmark: str
    version: str
    shots: str
    metric: str = ""


_HEADS = {
    "ifeval": _Head("ifeval", V2, "0-shot", "strict accuracy"),
    "bbh": _Head("bbh", V2, "3-shot"),
    "mathlvl5": _Head("math-level-5", V2, "4-shot", "exact match"),
    "gpqa": _Head("gpqa", V2, "0-shot"),
    "musr": _Head("musr", V2, "0-shot"),
    "mmlupro": _Head("mmlu-pro", V2, "5-shot"),
    "arc": _Head("arc-challenge", V1, "25-shot"),
    "hellaswag": _Head("hellaswag", V1, "10-shot"),
    "mmlu": _Head("mmlu", V1, "5-shot"),
    "truthfulqa": _Head("truthfulqa", V1, "0-shot", "mc2"),
    "winogrande": _Head("winogrande", V1, "5-shot"),
    "gsm8k": _Head("gsm8k", V1, "5-shot", "exact match"),
    "drop": _Head("drop", V1, "3-shot", "f1"),
}
_MODEL = ("fullname", "modelnameforquery", "modelname", "modelid", "model")
_WANTED = f"It wants one of {', '.join(_MODEL[:1] + _MODEL[-1:])} and scores."
_HREF = re.compile(r"href=[\"']https://huggingface\.co/([^\"'?#]+)")
_NO_MODEL = "no model is named"
_MOST_BILLIONS = 100_000
_QUANTIZED = ("4bit", "8bit", "gptq", "awq", "int8", "int4")


class OpenLlmLeaderboard:
    """Reads the leaderboards' tables, csv or parquet."""

    name = "open-llm-leaderboard"
    title = "Open LLM Leaderboard (Hugging Face)"
    address = _LINKS[V2]
    kind = FactKind.DECLARED
    # Rounded to tenths of a billion.
    kinds: Mapping[Column, FactKind] = {Column.PARAMETERS: FactKind.ESTIMATED}

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """An entry for each row; a cell that is no score is named, and the others are kept."""
        seen: dict[str, int] = {}
        for found in boards_at(place, self.title, _lacks, hint=_WANTED):
            if isinstance(found, Broken):
                yield found
                continue
            path, _ = found
            dated = date_in(path.name) or place.fetched[:10]
            for row in rows_of(path):
                if isinstance(row, Broken):
                    yield row
                else:
                    yield from _read_row(row, dated, seen)


def _lacks(heads: set[str]) -> str:
    is_board = heads & set(_HEADS) and heads & set(_MODEL)
    return "" if is_board else "column of an Open LLM Leaderboard"


def _read_row(row: TableRow, dated: str, seen: dict[str, int]) -> Iterator[Entry | Broken]:
    model = _model_of(row)
    if not model:
        told = text_of(row.first(*_MODEL))[:80]
        yield Broken(where=row.where, why=f"{told!r} names no model" if told else _NO_MODEL)
        return
    results: list[PublishedScore] = []
    day = date_in(text_of(row.first("submissiondate", "date"))) or dated
    for name in row.cells:
        try:
            results += _scores(row, name, day)
        except ValueError as error:
            yield Broken(where=f"{row.where}, {model}, column {name}", why=str(error))
    values = _values(row, model)
    try:
        values |= _parameters(row)
    except ValueError as error:
        yield Broken(where=f"{row.where}, {model}, parameters", why=str(error))
    more = (text_of(row.first(name))[:80] for name in ("precision", "modelsha"))
    key = "|".join(filter(None, [model, *more]))
    seen[key] = seen.get(key, 0) + 1
    yield Entry(
        source=OpenLlmLeaderboard.name,
        key=key if seen[key] == 1 else f"{key}#{seen[key]}",
        model=model,
        values=values,
        relations=tuple(_relations(row, model)),
        results=tuple(results),
    )


def _model_of(row: TableRow) -> str:
    """The model's name on the hub; the shown one may stand in a link."""
    told = text_of(row.first(*_MODEL))
    linked = _HREF.search(told)
    return hub_name(linked[1] if linked else told)


def _scores(row: TableRow, name: str, day: str) -> Iterator[PublishedScore]:
    """The score in the column `name`, if it is one. Raises `ValueError` for no score."""
    if name == "average":
        yield from _average(row, day)
        return
    head, is_raw = _HEADS.get(name.removesuffix("raw")), name.endswith("raw")
    if head is None or (is_raw and head.version == V1):
        return
    value = (fraction_of if is_raw else percent_of)(row.cells[name])
    if value is not None:
        normalised = ["normalised"] if head.version == V2 and not is_raw else ["raw"]
        yield PublishedScore(
            benchmark=head.benchmark,
            value=value,
            version=head.version,
            setting=", ".join([head.shots, *normalised, *_way(row)]),
            metric=head.metric or "accuracy",
            unit="fraction" if is_raw else "percent",
            self_reported=False,
            dated=day,
            link=_LINKS[head.version],
        )


def _average(row: TableRow, day: str) -> Iterator[PublishedScore]:
    """The leaderboard's own average: marked as such, for it is a mean of different things."""
    versions = {head.version for name, head in _HEADS.items() if name in row.cells}
    value = percent_of(row.cells["average"])
    if value is not None and len(versions) == 1:
        (version,) = versions
        yield PublishedScore(
            benchmark="open-llm-leaderboard-average",
            value=value,
            version=version,
            setting=", ".join(_way(row)),
            metric="the source's own average",
            unit="percent",
            self_reported=False,
            dated=day,
            link=_LINKS[version],
        )


def _way(row: TableRow) -> list[str]:
    """How the model was asked where that differs from row to row: its template, fewer bits."""
    template = text_of(row.first("chattemplate")).lower()
    precision = text_of(row.first("precision"))
    return [
        *(["chat template"] if template in {"true", "1", "yes"} else []),
        *([f"{precision} weights"] if precision.lower() in _QUANTIZED else []),
    ]


def _values(row: TableRow, model: str) -> dict[Column, Value]:
    author = model.partition("/")[0] if "/" in model else ""
    found: dict[Column, Value] = {
        Column.AUTHOR: author,
        Column.LICENCE: text_of(row.first("hublicense", "license")),
    }
    gone = text_of(row.first("availableonthehub")).lower() in {"false", "no", "0"}
    if not gone and "availableonthehub" in row.cells:
        found[Column.WEIGHTS] = "open"
    return said(found)


def _parameters(row: TableRow) -> dict[Column, Value]:
    """Billions as a count; -1 and 0 stand for unknown. Raises `ValueError` for no number."""
    billions = number_of(row.first("params", "paramsb", "parameters"))
    if billions is None or billions <= 0:
        return {}
    if billions > _MOST_BILLIONS:
        raise ValueError(f"{billions:g} billion parameters cannot be")
    return {Column.PARAMETERS: round(billions * 1e9)}


def _relations(row: TableRow, model: str) -> Iterator[Relation]:
    parent, kind = hub_name(row.first("basemodel")), text_of(row.first("type")).lower()
    if "/" not in parent or parent.casefold() == model.casefold():
        return
    if "merge" in kind or text_of(row.first("merged")).lower() == "true":
        yield Relation(kind=RelationKind.MERGE, parent=parent)
    elif "tuned" in kind or "chat" in kind:
        yield Relation(kind=RelationKind.FINETUNE, parent=parent)
    else:
        yield Relation(kind=RelationKind.UNSAID, parent=parent)
