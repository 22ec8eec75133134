"""The catalogue on disk: what every source says of every model, kept up to date by syncs."""

from elige.catalog.shelf.shelf import Shelf
from elige.catalog.shelf.state import SourceState, Synced, SyncOptions

__all__ = ["Shelf", "SourceState", "SyncOptions", "Synced"]
