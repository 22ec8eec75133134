"""What outlives a process."""

from elige.store.database import Database
from elige.store.owner import this_process
from elige.store.record import (
    Allowed,
    Bill,
    LockedPart,
    Measure,
    Opening,
    Owner,
    Pace,
    RunEntry,
    RunKind,
    RunObservation,
    RunRecord,
    RunStatus,
    ScoreKey,
)
from elige.store.store import Store

__all__ = [
    "Allowed",
    "Bill",
    "Database",
    "LockedPart",
    "Measure",
    "Opening",
    "Owner",
    "Pace",
    "RunEntry",
    "RunKind",
    "RunObservation",
    "RunRecord",
    "RunStatus",
    "ScoreKey",
    "Store",
    "this_process",
]
