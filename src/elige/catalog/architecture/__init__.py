"""What a model is built of, read off its configuration or the headers of its weights."""

from elige.catalog.architecture.read import read_architecture
from elige.catalog.architecture.record import Architecture, Attention, Layer

__all__ = ["Architecture", "Attention", "Layer", "read_architecture"]
