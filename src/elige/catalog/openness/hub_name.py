"""Which model of the hub a framework's file speaks of; rather none than a wrong one."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from elige.catalog.lineage.lookup import spoken_of
from elige.catalog.lineage.names import plain_name, sizes, words
from elige.catalog.shipped import shipped

_PAGE = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]+)/([\w.+-]+)(?=[/?#\s]|$)"
)
_BARE = re.compile(r"([\w.-]+)/([\w.+-]+)")
# What stands where an author would, on pages of the hub that are no model's.
_NO_AUTHORS = frozenset({"datasets", "spaces", "collections", "papers", "docs", "blog", "models"})


def hub_name(title: str, links: Iterable[str]) -> str:
    """The `org/name` of the first link to a model of that name, '' for none.

    Without one of that very name, the model that is mostly spoken of by it is meant, then one
    whose name holds it. A link whose name states another size is not taken.
    """
    named = [one for link in links if (one := linked(link))]
    fitting = [one for one in named if _fits(title, one.partition("/")[2])]
    same = [one for one in fitting if _letters(one.partition("/")[2]) == _letters(title)]
    return next(iter(same), "") or spoken_of(plain_name(title)) or next(iter(fitting), "")


def linked(link: str) -> str:
    """The `org/name` of a model's page or of a bare name, '' for any other text."""
    text = link.strip()
    found = _PAGE.match(text) or _BARE.fullmatch(text)
    if found is None or found.group(1).lower() in _NO_AUTHORS:
        return ""
    return f"{found.group(1)}/{found.group(2)}"


def known_name(framework: str, file: str) -> str:
    """The `org/name` that the package knows a framework's file by, '' for none."""
    return _by_file().get((framework, file), "")


def made_name(author: str, title: str) -> str:
    """A name for a model that is on no hub: its maker's and its own."""
    maker = "-".join(re.findall(r"[\w.]+", author.partition(",")[0])) or "unknown"
    own = "-".join(title.replace("/", " ").split()) or "unnamed"
    return f"{maker}/{own}"


def _fits(title: str, name: str) -> bool:
    stated, linked_sizes = sizes(words(title)), sizes(words(name))
    if stated and linked_sizes and stated.isdisjoint(linked_sizes):
        return False
    return bool(_letters(title)) and _letters(title) in _letters(name)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@cache
def _by_file() -> Mapping[tuple[str, str], str]:
    rows = shipped("openness/known.yaml")["models"]
    return {
        (framework, row[framework]): row["refs"][0]
        for row in rows
        for framework in ("mof", "osai")
        if framework in row
    }
