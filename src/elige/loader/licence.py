"""The licence that a model declares, and where it says so."""

from pathlib import Path

import yaml

from elige.records import Fact, FactKind


def declared(licence: str, source: str) -> Fact | None:
    """The licence id as a declared fact, None when there is none."""
    name = licence.strip().lower()
    return Fact(value=name, kind=FactKind.DECLARED, source=source) if name else None


def card_licence(card: str) -> str:
    """The licence in the front matter of a model's README, '' when it names none.

    'other' with a `license_name` gives that name.
    """
    front = card.lstrip("\ufeff \n")
    if not front.startswith("---"):
        return ""
    block, end, _ = front[3:].partition("\n---")
    if not end or len(block) > 1_000_000:
        return ""
    try:
        fields = yaml.safe_load(block)
    except (yaml.YAMLError, RecursionError, ValueError):
        return ""
    if not isinstance(fields, dict):
        return ""
    licence, named = fields.get("license"), fields.get("license_name")
    if isinstance(licence, list):  # several: all of them count
        return " and ".join(item for item in licence if isinstance(item, str))
    if licence in ("other", None) and isinstance(named, str) and named:
        return named
    return licence if isinstance(licence, str) else ""


def folder_licence(folder: Path) -> Fact | None:
    """The licence that the README of a model folder declares."""
    card = folder / "README.md"
    if not card.is_file():
        return None
    return declared(card_licence(card.read_text("utf-8", "replace")), f"front matter of {card}")
