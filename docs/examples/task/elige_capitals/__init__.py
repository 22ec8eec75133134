"""A task for elige: capitals of countries."""

from pathlib import Path


def capitals() -> Path:
    """Capitals of countries, asked in English."""
    return Path(__file__).parent / "capitals.yaml"
