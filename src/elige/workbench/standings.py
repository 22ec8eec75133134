"""`elige.leaderboard` and `elige.import_results`: the board from a program."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

from elige.choose.leaderboard import Board
from elige.errors import BadInput
from elige.workbench.bench import Workbench
from elige.workbench.importing import import_files
from elige.workbench.leaderboard import LeaderboardOptions, board_csv, board_facts, leaderboard_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderboardResult:
    """Models by tasks: rows with their cells, every tested pair, and how it was evaluated."""

    board: Board

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before these figures are trusted."""
        return self.board.notices

    def facts(self) -> dict[str, Any]:
        """The same object that `elige leaderboard --json` prints."""
        return board_facts(self.board)

    def to_json(self, *, indent: int | None = 2) -> str:
        """`facts` as JSON."""
        return json.dumps(self.facts(), ensure_ascii=False, indent=indent)

    def to_csv(self) -> str:
        """A line for each score."""
        return board_csv(self.board)


def leaderboard(
    *,
    tasks: Sequence[str] = (),
    models: Sequence[str] = (),
    runs: Sequence[str] = (),
    columns: str = "all",
    metric: str = "",
) -> LeaderboardResult:
    """Models by tasks out of the store's runs, with intervals and what is significant.

    The arguments are as for `elige leaderboard`. Raises `BadInput` when nothing is left to show.
    """
    options = LeaderboardOptions(
        tasks=tuple(tasks), models=tuple(models), runs=tuple(runs), columns=columns, metric=metric
    )
    with Workbench.open() as bench:
        return LeaderboardResult(board=leaderboard_of(bench, options))


def import_results(*paths: "str | PathLike[str]") -> list[dict[str, Any]]:
    """The runs read from logs of lm-eval, Inspect or promptfoo, or from folders of them.

    Raises `BadInput` for the first file that cannot be used; those before it are kept.
    """
    if not paths:
        raise BadInput("No file was given.", hint="Give the path of a log.")
    found: list[dict[str, Any]] = []
    with Workbench.open() as bench:
        for one in import_files(bench, [Path(path) for path in paths]):
            if one.error is not None:
                raise one.error
            found += [run.facts() for run in one.runs]
    return found
