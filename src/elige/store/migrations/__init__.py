"""Numbered steps from an empty database to today's; a step once released never changes."""

from elige.store.migrations import m0001_first, m0002_reasons

# Each step: its number, its name, and its statements. `{clustered}` stands for what keeps a
# table in the order of its primary key, where the database can.
STEPS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (1, "first", m0001_first.STATEMENTS),
    (2, "reasons", m0002_reasons.STATEMENTS),
)

NEWEST = STEPS[-1][0]
