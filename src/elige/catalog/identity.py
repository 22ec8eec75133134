"""Which model a name means: one key for the names that sources give to the same model.

Open models get their id on the hub (`meta-llama/Llama-3.3-70B-Instruct`), others a stable key of
their maker (`openai/gpt-5`). A wrong join is worse than none: only names that are the same up to
case, separators, and how the model is served are joined; what is not known keeps a key of its own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from elige.catalog.naming import Naming, spelt

# Bedrock's names: a region, the maker, the name, an edition: us.meta.llama3-1-8b-instruct-v1:0.
_BEDROCK = re.compile(
    r"(?:(?:us|eu|apac|au|jp|ca|global|regional|us-gov)[.])?"
    r"(anthropic|meta|amazon|mistral|cohere|ai21|deepseek|openai|qwen|nvidia|minimax|moonshot|"
    r"moonshotai|zai|google|writer)[.]([a-z].*?)(?:-v\d+)?(?::\d+)?",
    re.IGNORECASE,
)
_FIREWORKS = re.compile(r"(?<=\d)p(?=\d)")  # glm-5p2 is GLM 5.2 there
_LONGEST = 300
_SPACES = re.compile(r"[\s()\[\],]+")
_SIZE = re.compile(r"[\d.]+[bmt]", re.IGNORECASE)


@cache
def _naming() -> Naming:
    return Naming.shipped()


def identify_model(name: str, provider: str = "") -> str:
    """The key of the model that `provider` (or a maker, a leaderboard) calls `name`.

    The hub's id where the model is known or its maker stands in the name, else `maker/name`, else
    `provider/name`; never more than a guess of spelling. '' for an empty name. Pure: the same
    answer at every time.
    """
    return _identified(name, provider)


def maker_of(name: str) -> str:
    """What the maker or first host `name` is called on the hub; '' for one that is not known."""
    return _naming().maker(name)


@lru_cache(maxsize=2**16)
def _identified(name: str, provider: str) -> str:
    naming = _naming()
    text = unicodedata.normalize("NFKC", name).strip().lstrip("~")
    maker, leaf = _parted(text)
    if provider.startswith("fireworks") or text.startswith("accounts/"):
        leaf = _FIREWORKS.sub(".", leaf)
    if not leaf:
        return ""
    if len(text) > _LONGEST:  # no name, and costly to look at
        return f"{provider.strip()}/{text}" if provider.strip() else text
    leaf, by_prefix = _without_prefix(leaf, naming)
    maker = maker or by_prefix
    asked = naming.maker(maker)
    if not naming.moves(leaf):
        for form in _forms(leaf, naming):
            found = naming.known(form, asked)
            if found and (asked or not _is_doubtful(found, provider, naming)):
                return found
            if found:
                return f"{provider.strip()}/{leaf}"
    return _own_key(leaf, maker, provider, naming)


def _parted(name: str) -> tuple[str, str]:
    """What stands for the maker in `name`, '' where nothing does, and the rest of it."""
    naming = _naming()
    parts = [part.removeprefix("hf:") for part in name.split("/") if part]
    if not parts:
        return "", ""
    *before, leaf = parts
    if before[:1] == ["accounts"]:
        return "", leaf
    bedrock = _BEDROCK.fullmatch(leaf)
    if bedrock:
        return bedrock[1], bedrock[2]
    leaf = _SPACES.sub("-", leaf).strip("-")
    makers = [part for part in before if not naming.serves(part)]
    told = [part for part in makers if naming.maker(part)]
    return next(iter(told[-1:] or makers[-1:]), ""), leaf


def _without_prefix(leaf: str, naming: Naming) -> tuple[str, str]:
    """`anthropic-claude-4.5-haiku`, `groq-llama-4-scout`: the name without who serves it."""
    head, dash, rest = leaf.partition("-")
    rest = rest.lstrip("-")
    maker = naming.maker(head)
    family = naming.family(rest) if dash else ""
    if family and (maker == family or naming.serves(head) or head.casefold() == "databricks"):
        return rest, maker if maker == family else ""
    return leaf, ""


def _forms(leaf: str, naming: Naming) -> Iterator[str]:
    """The name as it is, then with less and less of how it is served."""
    yield leaf.replace(":", "-")
    name, _, tag = leaf.partition(":")
    if tag and not (naming.serving(tag) or _SIZE.fullmatch(tag) or tag.startswith("thinking")):
        return
    for ends in (naming.served_ends, naming.bit_ends):
        name = ends.sub("", name)
        yield name
    yield from naming.without_speed(name)


def _is_doubtful(found: str, host: str, naming: Naming) -> bool:
    """Whether a host that says `llama-3.1-8b` may as well mean the instructed model."""
    if not host.strip() or naming.maker(host) == naming.maker(found.partition("/")[0]):
        return False
    return naming.has_twin(found)


def _own_key(leaf: str, maker: str, provider: str, naming: Naming) -> str:
    """A key for a model that is not known here."""
    name, _, tag = leaf.partition(":")
    name = naming.served_ends.sub("", name)
    if tag and not naming.serving(tag):
        name = f"{name}:{tag}"
    told = naming.maker(maker)
    if maker and not told:
        return f"{maker}/{name}"
    who = told or naming.family(name) or naming.maker(provider)
    if not who:
        return f"{provider.strip()}/{name}" if provider.strip() else name
    if told and name != name.lower():  # spelt as on the hub
        return f"{who}/{naming.bit_ends.sub('', name)}"
    return f"{who}/{naming.undated(spelt(naming.bit_ends.sub('', name)))}"
