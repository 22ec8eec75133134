"""The classes of the Model Openness Framework by number: what people call them."""

# From the one that asks for the least.
NUMERALS = {3: "III", 2: "II", 1: "I"}
_MEANT = {3: "open model", 2: "open tooling", 1: "open science"}


def class_name(of_class: int) -> str:
    """'class II'; 'unclassified' for 0, and for what is no class."""
    numeral = NUMERALS.get(of_class)
    return f"class {numeral}" if numeral else "unclassified"


def class_in_full(of_class: int) -> str:
    """'class II (open tooling)'; 'unclassified'."""
    meant = _MEANT.get(of_class)
    return f"{class_name(of_class)} ({meant})" if meant else class_name(of_class)
