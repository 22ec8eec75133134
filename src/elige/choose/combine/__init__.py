"""Combinations out of answers already paid for: fitted, chosen and judged on three parts."""

from elige.choose.combine.option import Aim, Option, Played
from elige.choose.combine.table import LEAST, Parts, Table, parts_of
from elige.choose.combine.trial import Row, Trial, trial
from elige.choose.combine.words import sentences

__all__ = [
    "LEAST",
    "Aim",
    "Option",
    "Parts",
    "Played",
    "Row",
    "Table",
    "Trial",
    "parts_of",
    "sentences",
    "trial",
]
