"""Any OpenAI-compatible endpoint as an engine."""

from elige.engines.remote.engine import RemoteEngine

__all__ = ["RemoteEngine"]
