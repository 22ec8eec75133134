"""Words, links and sections out of a file that may hold anything."""

from collections.abc import Mapping

from elige.catalog.hostile import Tree

_LONGEST = 1_000


def said(value: Tree) -> str:
    """`value` when it is a word, '' for anything else."""
    return value if isinstance(value, str) else ""


def told(value: Tree) -> str:
    """The words of `value` on one line, shortened to what a person reads."""
    text = " ".join(said(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def section(tree: Mapping[str, Tree], key: str) -> Mapping[str, Tree]:
    """The keys under `key`, none when there is no such section."""
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def links_of(value: Tree) -> list[str]:
    """The web addresses in `value`: a word or a list of them; what is no address is left out."""
    words = value if isinstance(value, list) else [value]
    found = [part.strip(",") for word in words for part in told(word).split()]
    return [one for one in found if one.startswith(("https://", "http://"))]
