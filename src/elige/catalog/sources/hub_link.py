"""The hub's name of a model that a score list names and, at best, links to."""

import re

from elige.catalog.identity import identify_model

_HUB = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([^?#]+)")
_WORD = re.compile(r"[a-z]+|\d+")
_ROOMS = frozenset({"datasets", "spaces", "blog", "papers", "docs", "collections", "models"})


def hub_name(name: str, *, link: str = "", author: str = "", also: str = "") -> str:
    """`org/name` of the model called `name`, and perhaps `also` in another way.

    A link to the hub is believed where the repository has every word and number of the name: lists
    link an instruct model to its base, or a dated release to the first. Then only the
    organisation is taken from it. Without a link the author stands for it.
    """
    parts = _parts(link)
    if not parts:
        return "-".join((identify_model(name, author) or name).split())
    if len(parts) > 1 and any(_has_words(parts[1], one) for one in (name, also) if one):
        return "/".join(parts[:2])
    return f"{parts[0]}/{_dashed(name)}"


def is_on_hub(link: str) -> bool:
    """Whether the link leads to a model's or an organisation's page on the hub."""
    return bool(_parts(link))


def _parts(link: str) -> list[str]:
    found = _HUB.match(link)
    parts = found[1].strip("/").split("/") if found else []
    return [] if parts and parts[0] in _ROOMS else parts


def _has_words(repository: str, name: str) -> bool:
    letters = repository.lower()
    return all(word in letters for word in _WORD.findall(name.lower()))


def _dashed(name: str) -> str:
    return "-".join(name.replace("/", " ").split())
