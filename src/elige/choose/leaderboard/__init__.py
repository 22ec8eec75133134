"""Models by tasks, out of runs of here and elsewhere."""

from elige.choose.leaderboard.board import Board, BoardRow, Difference, build_board
from elige.choose.leaderboard.cell import Cell
from elige.choose.leaderboard.series import Series, last_paragraph, task_name

__all__ = [
    "Board",
    "BoardRow",
    "Cell",
    "Difference",
    "Series",
    "build_board",
    "last_paragraph",
    "task_name",
]
