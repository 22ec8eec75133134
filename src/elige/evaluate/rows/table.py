"""What every reader gives: named columns and rows."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` counts rows from one, `line` lines of the file (0 where it has none)."""

    number: int
    line: int
    values: Mapping[str, object]

    @property
    def place(self) -> str:
        """Where a person finds it: 'line 7', or 'row 7' where there are no lines."""
        return f"line {self.line}" if self.line else f"row {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one file. `data_hash` is the SHA-256 of the file's bytes, as they lie there."""

    path: str
    format: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    data_hash: str
    notices: tuple[str, ...] = ()
