"""0002: why a run failed, and which open store works on it."""

STATEMENTS = (
    "ALTER TABLE runs ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN holder TEXT NOT NULL DEFAULT ''",
)
