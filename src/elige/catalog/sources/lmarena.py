"""LMArena's boards: ratings from people's votes between two answers (Bradley-Terry).

A rating means something only beside the others of the same day and arena, so the day is the
version, and each arena (text, vision, image) is a benchmark of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from elige.catalog.sources.hub_link import hub_name
from elige.catalog.sources.reading import link, said, text_of, whole
from elige.catalog.sources.score_cell import date_in, month_of, number_of
from elige.catalog.sources.score_table import TableRow, boards_at, rows_of
from elige.records import Broken, Column, Entry, FactKind, Place, PublishedScore, Value

_RATING = ("arenascore", "rating", "score", "arenaelo", "elorating", "elo", "arenarating")
_MODEL = ("model", "modelname", "key")
_WANTED = "It wants the columns model and arena_score."
_BEYOND = 100_000
_LONGEST = 200
_INTERVAL = re.compile(r"(?:±|\+/-)(\d+(?:\.\d+)?)|\+(\d+(?:\.\d+)?)/-(\d+(?:\.\d+)?)")
_CLOSED = re.compile(r"prop\w*ry|closed", re.IGNORECASE)
_ARENAS = {
    "text-to-image": "image", "image-edit": "image-edit", "image": "image", "vision": "vision",
    "webdev": "webdev", "copilot": "copilot", "search": "search", "video": "video", "text": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Board:
    arena: str
    dated: str
    setting: str


class LmArena:
    """Reads LMArena's boards, csv or parquet, one file an arena."""

    name = "lmarena"
    title = "LMArena"
    address = "https://lmarena.ai/leaderboard"
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = {}

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """An entry for each row of each board; a table of something else is named."""
        seen: dict[str, int] = {}
        for found in boards_at(place, self.title, _lacks, hint=_WANTED):
            if isinstance(found, Broken):
                yield found
                continue
            path, heads = found
            board = _board(path, heads, place.fetched[:10])
            for row in rows_of(path):
                if isinstance(row, Broken):
                    yield row
                else:
                    yield from _read_row(row, board, seen)


def _lacks(heads: set[str]) -> str:
    is_board = heads & set(_RATING) and heads & set(_MODEL)
    return "" if is_board else "column of ratings or of models"


def _board(path: Path, heads: set[str], fetched: str) -> _Board:
    name = path.stem.lower().replace("_", "-")
    arena = next((one for word, one in _ARENAS.items() if word in name), "")
    styled = "style control" if "style-control" in name or "stylecontrol" in name else ""
    # With a rank of its own for style control, the rating shown is the one without it.
    plain = "no style control" if "rankstylectrl" in heads else ""
    return _Board(arena=arena, dated=date_in(path.name) or fetched, setting=styled or plain)


def _read_row(row: TableRow, board: _Board, seen: dict[str, int]) -> Iterator[Entry | Broken]:
    name = text_of(row.first(*_MODEL))[:_LONGEST]
    if not name:
        yield Broken(where=row.where, why="no model is named")
        return
    scores: list[PublishedScore] = []
    try:
        scores += _scores(row, board)
    except ValueError as error:
        yield Broken(where=f"{row.where}, {name}", why=str(error))
    author = text_of(row.first("organization", "organisation"))[:_LONGEST]
    model = hub_name(name, link=text_of(row.first("url", "link")), author=author)
    key = "|".join(filter(None, [board.arena, text_of(row.first("category")), name]))
    seen[key] = seen.get(key, 0) + 1
    yield Entry(
        source=LmArena.name,
        key=key if seen[key] == 1 else f"{key}#{seen[key]}",
        model=model,
        values=_values(row, name, author),
        results=tuple(scores),
        names=(name,),
    )


def _scores(row: TableRow, board: _Board) -> Iterator[PublishedScore]:
    """The rating, if there is one. Raises `ValueError` for no number and for a bad interval."""
    value = number_of(row.first(*_RATING), grouped=True)
    if value is None:
        return
    if not 0 < value < _BEYOND:
        raise ValueError(f"the rating {value:g} cannot be")
    votes = number_of(row.first("votes", "votecount", "numbattles"), grouped=True)
    category = text_of(row.first("category", "leaderboardname")).lower()
    low, high = _bounds(row, value)
    day = date_in(text_of(row.first("leaderboardpublishdate", "date"))) or board.dated
    yield PublishedScore(
        benchmark=f"lmarena-{board.arena}" if board.arena else "lmarena",
        value=value,
        version=day,
        setting=", ".join(filter(None, [board.setting, category])),
        metric="rating",
        unit="rating",
        low=low,
        high=high,
        self_reported=False,
        dated=day,
        link=LmArena.address,
        samples=whole(votes),
    )


def _bounds(row: TableRow, value: float) -> tuple[float | None, float | None]:
    low = number_of(row.first("ratinglower", "lower"), grouped=True)
    high = number_of(row.first("ratingupper", "upper"), grouped=True)
    told = text_of(row.first("95pctci", "95ci", "ci")).replace(" ", "")
    if told:
        found = _INTERVAL.fullmatch(told)
        if found is None:
            raise ValueError(f"the interval {told[:40]!r} is not like +5/-5")
        up, down = (found[1] or part for part in found.groups()[1:])
        low, high = value - float(down or 0), value + float(up or 0)
    if (low is not None and low > value) or (high is not None and high < value):
        raise ValueError(f"the rating {value:g} lies outside its interval")
    return low, high


def _values(row: TableRow, name: str, author: str) -> dict[Column, Value]:
    licence = text_of(row.first("license", "licence"))
    closed = _CLOSED.fullmatch(licence) is not None
    found: dict[Column, Value] = {
        Column.NAME: name,
        Column.AUTHOR: author,
        Column.LICENCE: "proprietary" if closed else licence,
        Column.WEIGHTS: "closed" if closed else "",
        Column.KNOWLEDGE_CUTOFF: month_of(text_of(row.first("knowledgecutoff"))),
        Column.HOMEPAGE: link(row.first("url", "link")),
    }
    return said(found)
