"""The models that ship with elige: what is known of them, each fact with its source and date."""

from elige.catalog.starter.source import Starter

__all__ = ["Starter"]
