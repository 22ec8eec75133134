"""Rows of a user's file, whatever its format: CSV, TSV, JSONL, JSON, Parquet, packed or not."""

from elige.evaluate.rows.memory import table_of
from elige.evaluate.rows.read import is_mapping, read_table
from elige.evaluate.rows.table import Row, Table

__all__ = ["Row", "Table", "is_mapping", "read_table", "table_of"]
