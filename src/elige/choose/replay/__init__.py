"""Replays races on known answers: what each method saves, and how often it is wrong."""

from elige.choose.replay.costs import Costs, read_costs
from elige.choose.replay.desk import Desk
from elige.choose.replay.draws import Draw, Replay, draws_of, prepared, replayed
from elige.choose.replay.files import read_matrix
from elige.choose.replay.matrix import Matrix, checked_matrix, matrix_of
from elige.choose.replay.methods import METHODS, chosen_methods
from elige.choose.replay.race import race
from elige.choose.replay.tally import Measured, Tally, measured
from elige.choose.replay.terms import Batches, Ending, Liking, Method, Terms

__all__ = [
    "METHODS",
    "Batches",
    "Costs",
    "Desk",
    "Draw",
    "Ending",
    "Liking",
    "Matrix",
    "Measured",
    "Method",
    "Replay",
    "Tally",
    "Terms",
    "checked_matrix",
    "chosen_methods",
    "draws_of",
    "matrix_of",
    "measured",
    "prepared",
    "race",
    "read_costs",
    "read_matrix",
    "replayed",
]
